"""iReadCardBas_HSM_Step1 and _Step2."""

from hmac import compare_digest

from shebaoka.codec.apdu import Command
from shebaoka.driver import basic, strings
from shebaoka.driver.errors import LENGTH, DriverError
from shebaoka.driver.hsm import proofs
from shebaoka.driver.hsm.pending import Basic
from shebaoka.driver.work import Equipment, for_steps
from shebaoka.spec.conditions import KeyProof
from shebaoka.terminal.authentication import challenge
from shebaoka.terminal.session import Session, find_file, send

_FACTOR = 8


def first(equipment: Equipment, card_type: int) -> tuple[str, Basic]:
    """``region|reset information|algorithm|card id|factor|original|factor|original|``: the first
    pair for the card's proof, the second for the terminal's, both empty when the card asks for none (before
    3.0). The card gives its proof now, so that its challenge is still fresh in the second step."""
    session = for_steps(equipment, card_type)
    try:
        return _question(equipment, session)
    except BaseException:
        session.reader.close()
        raise


def _question(equipment: Equipment, session: Session) -> tuple[str, Basic]:
    profile, random = equipment.profile, session.settings.random
    shown = random(2 * _FACTOR)
    command = Command(0x00, 0x88, 0x00, 0x00, shown, 8)
    answer = send(session, command, "INTERNAL AUTHENTICATION").data
    condition = find_file(session.layout, basic.SOCIAL, basic.HOLDER).read_condition
    key = condition.name if isinstance(condition, KeyProof) else ""
    original = random(_FACTOR) if key else b""
    factor = challenge(session) if key else b""
    text = strings.join(
        (
            session.identity.city_code,
            profile.reset_text(session.answer, session.historical),
            profile.algorithm_text(session.algorithm),
            session.identity.identification_code,
            shown[:_FACTOR].hex().upper(),
            shown[_FACTOR:].hex().upper(),
            factor.hex().upper(),
            original.hex().upper(),
            *((equipment.device.number,) if profile.ninth else ()),
        )
    )
    return text, Basic(session, key, original, shown, answer)


def second(equipment: Equipment, pending: Basic, answer: str) -> str:
    """``internal|external|`` of the HSM, each its authentication data and the original information; then the
    items of iReadCardBas, the terminal number in zeros. A wrong first half is -25, and the card is shown no
    proof."""
    halves = strings.split(answer, least=1, most=2, what="pKey")
    internal = proofs.proof(halves[0], pending.shown[_FACTOR:])
    external = halves[1] if len(halves) > 1 else ""
    if not compare_digest(internal[:_FACTOR], pending.proof):
        raise DriverError(equipment.profile.proof_differs)
    pending.session.authentic = True
    if pending.key:
        if not external:
            raise DriverError(LENGTH, "(pKey)")
        proofs.show(pending, proofs.proof(external, pending.original))
    return basic.line(equipment, pending.session)
