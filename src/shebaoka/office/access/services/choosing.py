"""A password of one's own: at the first sign-in, after a strong proof, or changed when signed in."""

from uuid import UUID

from django.contrib.auth.hashers import verify_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shebaoka.domain.guessing import Ladder
from shebaoka.domain.password_rules import Form, Rule, refusals
from shebaoka.domain.password_rules import Person as Known
from shebaoka.office.access.choices import Medium, Occasion, Proof, State
from shebaoka.office.access.hashing import fits, hashed
from shebaoka.office.access.models import Account, EarlierPassword, PortalSession, SignInBegun
from shebaoka.office.access.notice import note
from shebaoka.office.access.services.common import noted
from shebaoka.office.access.services.messages import warn
from shebaoka.office.access.services.proving import masked_for
from shebaoka.office.access.services.sessions import Opened, session_end_all, session_open
from shebaoka.office.access.standing import Standing, standing
from shebaoka.office.access.tallies import forgive, of_person, reserve
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.people.models import Person

WHY = {
    Rule.FORM: _("it has another length or other characters than asked for."),
    Rule.INITIAL: _("it is your initial password."),
    Rule.SHARED: _("it has four or more digits in a row in common with your number or date of birth."),
    Rule.RUN: _("it has four or more digits that are equal, rise or fall in a row."),
    Rule.REPEAT: _("it repeats a pattern."),
    Rule.COMMON: _("many people choose it."),
    Rule.EARLIER: _("you had it before."),
}
CHOOSE, CHANGE = "access.password.choose", "access.password.change"


def password_choose(id: UUID, *, new: str, told: bool, address: str = "", agent: str = "") -> Opened:
    """The new password of a proven sign-in, and the session that follows (Q-7). ``told``: she confirmed the
    notice of responsibilities. Raises Refusal ``over``, ``notice-unread``, ``weak-password``, ``busy``."""
    begun = _proven(id)
    person = begun.person
    if person is None:
        raise Refusal("access.over")
    if not told:
        raise Refusal("access.notice-unread")
    found = standing(person.number)
    kept = _hash_of(found, new)
    with writing(CHOOSE):
        begun = _proven(id, lock=True)
        begun.finished_at = clock.now()
        begun.save(update_fields=["finished_at"])
        account = _put(person, found, new, kept)
        note(person, Occasion.FIRST, Medium.PORTAL, accepted=True)
        noted(CHOOSE, person, account, proof=begun.proven_by)
        session_end_all(person)
        masked = masked_for(begun)
        account.masked_until = clock.now() + masked if masked else None
        account.save(update_fields=["masked_until"])
        opened = session_open(person, Proof(begun.proven_by), address=address, agent=agent, masked=masked)
        warn(person, "password-chosen")
    forgive([of_person(person.number, Ladder.of(found.rules))])
    return opened


def password_change(session: PortalSession, *, present: str, new: str) -> None:
    """Changes it for who is signed in and knows the present one; every other session of hers ends. Raises
    Refusal ``sign-in-failed``, ``weak-password``, ``wait``, ``busy``."""
    person = session.person
    found = standing(person.number)
    counted = [of_person(person.number, Ladder.of(found.rules))]
    reserve(counted)
    if found.account is None or not fits(present, found.account.hash):
        raise Refusal("access.sign-in-failed")
    forgive(counted)
    kept = _hash_of(found, new)
    with writing(CHANGE):
        account = _put(person, found, new, kept)
        note(person, Occasion.CHANGE, Medium.PORTAL)
        noted(CHANGE, person, account)
        session_end_all(person, besides=session)
        warn(person, "password-changed")


def _hash_of(found: Standing, new: str) -> str:
    """Its hash. Raises Refusal ``weak-password`` saying by which rule it is refused."""
    person, rules = found.person, found.rules
    if person is None:
        raise Refusal("access.over")
    known = Known(found.number, person.birth, _first_value(found))
    broken = refusals(
        new,
        known,
        Form(rules.enquiry_digits, rules.enquiry_passphrase),
        common=_common,
        earlier=lambda password: _earlier(found.account, password),
    )
    if broken:
        raise Refusal("access.weak-password", why=" ".join(str(WHY[rule]) for rule in broken))
    return hashed(new)


def _first_value(found: Standing) -> str:
    """The initial value she had, also when she changed it since."""
    fresh = Standing(found.number, found.person, None, found.rules, found.uniform)
    return fresh.initial


def _common(password: str) -> bool:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False


def _earlier(account: Account | None, password: str) -> bool:
    if account is None:
        return False
    kept = [account.hash, *account.earlier.order_by("-until").values_list("hash", flat=True)]
    return any(verify_password(password, each)[0] for each in kept if each)


def _proven(id: UUID, *, lock: bool = False) -> SignInBegun:
    found = SignInBegun.objects.select_related("person__agency")
    if lock:
        found = found.select_for_update(of=("self",))
    begun = found.filter(pk=id, finished_at=None, ends_at__gt=clock.now()).exclude(proven_by="").first()
    if begun is None:
        raise Refusal("access.over")
    return begun


def _put(person: Person, found: Standing, new: str, kept: str) -> Account:
    account, _made = Account.objects.select_for_update().get_or_create(
        person=person, defaults={"region": person.region}
    )
    if account.hash:
        EarlierPassword.objects.create(account=account, hash=account.hash, until=clock.now())
        most = max(0, found.rules.enquiry_history - 1)
        last = account.earlier.order_by("-until").values_list("pk", flat=True)[:most]
        account.earlier.exclude(pk__in=list(last)).delete()
    account.hash, account.state, account.changed_at = kept, State.CHANGED, clock.now()
    account.off, account.passphrase = False, not new.isdigit()
    account.save()
    return account
