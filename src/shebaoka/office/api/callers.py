"""Who asks: a program with its token, a host of PSAMs with its own, or staff at the desk."""

from dataclasses import dataclass

from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from shebaoka.office.base.errors import Refusal
from shebaoka.office.interfaces.allowance import count
from shebaoka.office.interfaces.models import Token
from shebaoka.office.interfaces.scopes import scopes
from shebaoka.office.interfaces.tokens import actor_with, token_with
from shebaoka.office.organizations.actor import Actor, actor_of
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.models import Staff
from shebaoka.office.psams.hosts import host_with
from shebaoka.office.psams.models import Host


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks; ``token`` None: staff."""

    actor: Actor
    token: Token | None

    def demand(self, scope: str) -> str:
        """The purpose that what is read under ``scope`` is noted with. Raises Refusal
        ``interfaces.no-scope``."""
        entry = scopes()[scope]
        if self.token is not None and scope not in self.token.scopes:
            raise Refusal("interfaces.no-scope", scope=entry.name)
        return entry.purpose


class Asked(HttpRequest):
    """A question of somebody known."""

    auth: Caller


class HostAsked(HttpRequest):
    """A question of a host of PSAMs."""

    auth: Host


class ApiToken(HttpBearer):
    """A token registered at the desk; each question counts against its allowance."""

    openapi_description = "Token of a program, registered at the desk (页面“接口令牌”)."

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """Who asks with it, None when it does not count. Raises Refusal ``interfaces.too-many``."""
        found = token_with(token.strip())
        if found is None:
            return None
        count(found)
        return Caller(actor_with(found), found)


class HostToken(HttpBearer):
    """The token of a host that asks about PSAMs (R-59)."""

    openapi_description = "Token of a host of PSAMs, registered at the desk (页面“前置机”)."

    def authenticate(self, request: HttpRequest, token: str) -> Host | None:
        """The host."""
        return host_with(token.strip())


class DeskSession(AuthBase):
    """Staff who are signed in at the desk, from its own pages: they send the header X-CSRFToken."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = "sessionid"

    def __call__(self, request: HttpRequest) -> Caller | None:
        """Who is signed in. Raises Refusal ``interfaces.forbidden`` for a page of another site."""
        staff = request.user
        if not isinstance(staff, Staff) or not staff.is_active:
            return None
        if check_csrf(request) is not None:
            raise Refusal("interfaces.forbidden")
        return Caller(actor_of(staff, Channel.DESK), None)


TOKEN, HOST, DESK = ApiToken(), HostToken(), DeskSession()
