"""The writers of hosts that ask about PSAMs (R-59), and what a host asks."""

import secrets
from uuid import UUID

import msgspec

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import system
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.psams.choices import Source
from shebaoka.office.psams.models import Host, Psam, Use
from shebaoka.office.psams.services.common import own_body, signers, words
from shebaoka.office.psams.services.using import Counters, use_log
from shebaoka.office.psams.tokens import digest_of


class NewHost(msgspec.Struct, frozen=True):
    """A host of a body's area."""

    organization: str
    name: str


@two_persons("psams.host.add", NewHost, rehearsed=True)
def host_add(act: Act, new: NewHost) -> Host:
    """Another host; it can ask nothing before it has a token. Raises Refusal ``psams.host-known``."""
    body = own_body(act, new.organization)
    name = words(new.name)[:60]
    if Host.objects.filter(organization=body, name=name).exists():
        raise Refusal("psams.host-known", name=name)
    maker, checker = signers(act)
    made = Host.objects.create(
        organization=body, name=name, added_at=act.time, added_by=maker, checked_by=checker
    )
    act.about(made, name=name)
    return made


@service("psams.host.token")
def host_token(act: Act, *, host: UUID) -> str:
    """A new token for a host, given this once; the one it had counts no more. The office keeps its digest."""
    found = _host(act, host)
    token = secrets.token_urlsafe(32)
    found.token, found.token_at = digest_of(token), act.time
    found.save(update_fields=["token", "token_at"])
    act.about(found, name=found.name)
    return token


@service("psams.host.end")
def host_end(act: Act, *, host: UUID, why: str) -> Host:
    """It may ask no more; its token is forgotten."""
    found = _host(act, host)
    found.ended_at, found.token = act.time, ""
    found.save(update_fields=["ended_at", "token"])
    act.about(found, name=found.name, why=words(why))
    return found


def host_check(host: Host, *, serial: str, counters: Counters, reference: UUID) -> Use | None:
    """A question in an online transaction: do PSAM, terminal, unit and place fit, does the counter go on.
    What does not fit is logged, freezes the PSAM and opens an incident, as :func:`use_log` says. None for a
    PSAM that is none of the host's area. Raises Refusal as :func:`use_log`."""
    psam = Psam.objects.select_related("owner").filter(serial=serial).first()
    if psam is None or not host.organization.contains(psam.owner):
        return None
    by = system(psam.owner, Channel.API)
    return use_log(by, serial=serial, counters=counters, source=Source.HOST, host=host, reference=reference)


def _host(act: Act, pk: UUID) -> Host:
    found = Host.objects.select_for_update(of=("self",)).select_related("organization")
    host = found.filter(pk=pk, organization=act.actor.organization, ended_at=None).first()
    if host is None:
        raise Refusal("base.not-found", what="host")
    own_body(act, host.organization.code)
    return host
