"""The web session of a member of staff who proved both factors."""

from uuid import UUID

from django.contrib.auth import login, logout
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from shebaoka.office.organizations.actor import Actor, actor_of
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.models import Staff
from shebaoka.office.organizations.services import sign_out


class StaffBackend(BaseBackend):
    """Finds the staff of a web session. It signs nobody in: the services of this part do."""

    def get_user(self, user_id: UUID) -> Staff | None:
        """The member of staff, unless she is suspended or left."""
        return Staff.objects.select_related("organization").filter(pk=user_id, is_active=True).first()


def enter(request: HttpRequest, staff: Staff) -> None:
    """Begins the web session of who was just signed in; the session key is a new one. It ends when her
    password changes."""
    login(request, staff, backend=f"{__name__}.{StaffBackend.__name__}")


def leave(request: HttpRequest) -> None:
    """Signs out: staff session and web session end."""
    actor = actor_of_request(request)
    if actor is not None:
        sign_out(actor)
    logout(request)


def actor_of_request(request: HttpRequest, channel: Channel = Channel.DESK) -> Actor | None:
    """Who acts in this request, None when nobody is signed in."""
    return actor_of(request.user, channel) if isinstance(request.user, Staff) else None
