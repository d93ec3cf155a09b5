"""Steps over the HSM: the office answers for it (docs/reference/reader-service.md)."""

from typing import Literal

from ninja import Field, Router

from shebaoka.driver.answers import CardOnDesk
from shebaoka.office.api.callers import DESK, TOKEN, Asked
from shebaoka.office.api.shapes import Answer, Question, problems
from shebaoka.office.interfaces.hsm import hsm_answer

router = Router(auth=[TOKEN, DESK], tags=["HSM"])


class CardRead(Question):
    """What the keys follow from; items of iReadCardBas."""

    identification_code: str = Field(pattern=r"^[0-9A-Fa-f]{32}$")
    reset: str = Field(pattern=r"^[0-9A-Fa-f]{26}$", description="Reset information.")
    generation: Literal["1.0", "2.0", "3.0"] = "2.0"


class StepAsked(Question):
    """A step."""

    step: Literal[
        "iReadCardBas_HSM_Step1",
        "iReadCard_HSM_Step1",
        "iWriteCard_HSM_Step1",
        "iReloadPIN_HSM_Step1",
        "iUnblockPIN_HSM_Step1",
        "iReloadPIN_HSM_Step2",
        "iUnblockPIN_HSM_Step2",
        "iDoDebit_HSM_Step1",
    ] = Field(description="The function whose pOutInfo `out` is.")
    out: str = Field(pattern=r"^[ -~]{1,8192}$", description="That string, unchanged.")
    card: CardRead | None = Field(None, description="Of every step but that of iReadCardBas.")


class StepAnswered(Answer):
    """What goes into the next step."""

    answer: str = Field(description="pKey of the next step.")


@router.post("/answer", response={200: StepAnswered, **problems(403, 413, 422, 429, 500, 503)})
def answer(request: Asked, question: StepAsked) -> StepAnswered:
    """The answer of the card's issuer to a step. 422 holds the `return_code` of the terminal interface. Scope
    `hsm.answer`, or staff at the desk whose role it is."""
    request.auth.demand("hsm.answer")
    card = None if question.card is None else CardOnDesk(**question.card.dict())
    told = hsm_answer(request.auth.actor, step=question.step, out=question.out, card=card)
    return StepAnswered(answer=told)
