"""Passwords of staff: argon2, long, not common; every change stands in the chain."""

from django.contrib.auth.hashers import is_password_usable, make_password, verify_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
    validate_password,
)
from django.core.exceptions import ValidationError

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.limits import limit
from shebaoka.office.organizations.models import Staff
from shebaoka.office.organizations.services.herself import herself
from shebaoka.office.organizations.throttle import attempt, succeeded

_LEAST = 12
_VALIDATORS = (
    MinimumLengthValidator(_LEAST),
    CommonPasswordValidator(),
    UserAttributeSimilarityValidator(("number", "name")),
)


def password_fits(staff: Staff | None, password: str) -> bool:
    """Whether it is her password. For nobody it takes as long as for somebody and says no."""
    if staff is None or not is_password_usable(staff.password):
        make_password(password)
        return False
    right, _ = verify_password(password, staff.password)
    return right


def password_strong(staff: Staff, password: str) -> None:
    """Raises Refusal ``weak-password`` for one that is short, common, or like her number or name."""
    try:
        validate_password(password, staff, _VALIDATORS)
    except ValidationError as weak:
        raise Refusal("organizations.weak-password", why=" ".join(weak.messages)) from None


def password_put(staff: Staff, password: str) -> None:
    """Sets it on the row, to be saved by the caller. Raises Refusal for a weak one."""
    password_strong(staff, password)
    staff.password = make_password(password)


def password_change(actor: Actor, *, present: str, new: str) -> Staff:
    """Her own password, who knows the present one. Every other web session of hers ends by it."""
    if actor.staff is None:
        raise Refusal("organizations.sign-in-failed")
    key = attempt("sign-in", actor.number, limit("failures-free"))
    if not password_fits(actor.staff, present):
        raise Refusal("organizations.sign-in-failed")
    return _change(actor, key=key, new=new)


@service("organizations.password.change")
def _change(act: Act, *, key: str, new: str) -> Staff:
    staff = herself(act)
    succeeded(key)
    password_put(staff, new)
    staff.save(update_fields=["password"])
    act.about(staff)
    return staff
