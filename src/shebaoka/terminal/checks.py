"""The five validity checks of the pre-processing (Part 7 §5.4)."""

from shebaoka.domain import card_number
from shebaoka.domain.validity import Validity, validity
from shebaoka.terminal.blacklist import Verdict
from shebaoka.terminal.errors import BlacklistedError, CardRefusedError, NotMatchingError
from shebaoka.terminal.session import Session

_CLASS, _VERSION, _INSTITUTION, _ISSUED, _EXPIRY = 0x02, 0x03, 0x04, 0x05, 0x06


def check_card(session: Session) -> None:
    """Blacklist, institution, class, version, validity, in this order. Raises CardRefusedError naming the
    check that failed; a stale blacklist that may still be used and a card number with a wrong check
    character leave a notice in the session."""
    check_number(session)
    check_blacklist(session)
    check_institution(session)
    check_class(session)
    check_version(session)
    check_validity(session)


def check_number(session: Session) -> None:
    """Flag a card number whose check character is wrong: such cards are in use (decision K85)."""
    if not card_number.check(session.identity.card_number):
        session.notices.append("card-number-check")


def check_blacklist(session: Session) -> None:
    """Not on the blacklist by identification code and card number, nor in a range (Part 8 §7.2)."""
    settings = session.settings
    if settings.blacklist is None:
        session.notices.append("no-blacklist")
        return
    if settings.stale_rule.judge(settings.blacklist, settings.clock()) is Verdict.WARN:
        session.notices.append("blacklist-stale")
    if settings.blacklist.holds(session.identity.identification_code, session.identity.card_number):
        raise BlacklistedError("blacklisted")


def check_institution(session: Session) -> None:
    """The institution number (初始化机构编号) is one this terminal serves."""
    number = session.issuer.get(_INSTITUTION, "").upper()
    if not number.startswith(tuple(prefix.upper() for prefix in session.settings.institutions)):
        raise CardRefusedError("institution-unsupported", institution=number)


def check_class(session: Session) -> None:
    """The card class (卡的类别) is supported."""
    code = session.issuer.get(_CLASS, "")
    if code not in session.settings.card_classes:
        raise CardRefusedError("class-unsupported", code=code)


def check_version(session: Session) -> None:
    """The specification version (规范版本) is supported."""
    if session.settings.generation(session.version) is None:
        raise NotMatchingError("version-unsupported", version=session.version)


def check_validity(session: Session) -> None:
    """Today lies between the date of issue and the end of validity (卡有效期), both included; a card
    without an end is valid. Malformed dates count as expired."""
    issued, expiry = session.issuer.get(_ISSUED, ""), session.issuer.get(_EXPIRY, "")
    try:
        state = validity(issued, expiry, session.settings.clock().date())
    except ValueError:
        raise CardRefusedError("card-expired", date=expiry or "?") from None
    if state is Validity.EXPIRED:
        raise CardRefusedError("card-expired", date=expiry)
    if state is Validity.NOT_YET:
        raise CardRefusedError("card-not-yet-valid", date=issued)
