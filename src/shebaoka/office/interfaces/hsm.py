"""The office as an HSM (加密机): steps of the reader service answered by the keys of the card's issuer."""

from collections.abc import Callable

from django.db.models import Q
from django.utils.translation import get_language

from shebaoka.driver import strings
from shebaoka.driver.answers import STEPS, CardOnDesk, KeyAnswers
from shebaoka.driver.errors import IDENTIFICATION_CODE, INPUT, OTHER_CARD, DriverError, code_of_word
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.production.keys import vault_of
from shebaoka.office.interfaces.models import Series
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.terminal.vault_keys import VaultKeys

_BASIC, _DEBIT = "iReadCardBas_HSM_Step1", "iDoDebit_HSM_Step1"
_READING = (_BASIC, "iReadCard_HSM_Step1")
_OVER, _NORMAL = ("6", "9"), "1"
_NOT_NOW = 0x6985  # conditions of use not satisfied


@service("interfaces.hsm.answer")
def hsm_answer(act: Act, *, step: str, out: str, card: CardOnDesk | None = None) -> str:
    """What goes into the next step as ``pKey``; see :class:`shebaoka.driver.answers.HsmAnswers`. Cards of
    the asking organization's own issuing bodies alone; one that is over is only read, one that is not in use
    pays nothing. What is asked and answered is kept by nobody.

    Raises Refusal ``cards.no-vault``, ``interfaces.hsm-refused`` with a return code of the terminal
    interface."""
    try:
        found = _card(act, step, out, card)
        keys = VaultKeys(vault_of(found.organization), sequence=_sequence(found.organization))
        answer = KeyAnswers(keys).answer(step, out, card)
    except DriverError as error:
        raise refused(error) from error
    act.about(found, step=step)
    return answer


def refused(error: DriverError) -> Refusal:
    """A refusal with a return code, its text in the language of the question."""
    language = (get_language() or "en")[:2]
    text = error.text(language if language in ("zh", "es") else "en")
    return Refusal("interfaces.hsm-refused", return_code=error.code, text=text)


def _card(act: Act, step: str, out: str, card: CardOnDesk | None) -> Card:
    """The card of the register that the step is about."""
    if step not in STEPS or (card is None and step != _BASIC):
        raise DriverError(INPUT, f"({step})")
    if card is None or step == _BASIC:
        reset, code = strings.split(out, least=8, most=9, what="pOutInfo")[1:4:2]
    else:
        reset, code = card.reset, card.identification_code
    own = act.actor.organization
    area = Q(organization__path__startswith=own.path) | Q(organization__code__in=own.path.split("/"))
    found = Card.objects.select_related("organization").filter(area, code=code.upper()).first()
    if found is None:
        raise DriverError(IDENTIFICATION_CODE)
    if found.historical.upper() != reset.upper():
        raise DriverError(OTHER_CARD)
    if (step not in _READING and found.social in _OVER) or (step == _DEBIT and found.social != _NORMAL):
        raise DriverError(code_of_word(_NOT_NOW))
    act.on(found.organization if own.contains(found.organization) else own)
    return found


def _sequence(body: Organization) -> Callable[[], int]:
    """Numbers of purchases, never given twice; kept with the act or not at all."""

    def following() -> int:
        Series.objects.get_or_create(organization=body)
        series = Series.objects.select_for_update(no_key=True).get(organization=body)
        series.last += 1
        series.save(update_fields=["last"])
        return series.last

    return following
