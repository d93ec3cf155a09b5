"""Her cards: how each stands, reporting one lost for a time, releasing it when it is found."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shebaoka.office.access.choices import Proof as Shown
from shebaoka.office.access.choices import Scope
from shebaoka.office.access.models import PortalSession
from shebaoka.office.access.services import on_portal, own_read
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards import selectors, services
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.words import state_words
from shebaoka.office.portal.holder import holder_or
from shebaoka.office.portal.me import masked
from shebaoka.office.portal.stepping import proven

PROOFS = {Shown.CARD: Proof.PIN, Shown.COUNTER: Proof.IDENTITY}
"""What the portal's strong proofs are for the register of cards."""
_LOST_FOR_A_TIME = "4"
CARDS = ("cards.number", "cards.states", "cards.bank")


by = on_portal
"""The holder, or who acts for her, acts through the office, in the area of her agency."""


def proof_of(session: PortalSession) -> Proof:
    """How she proved herself, for what only card and PIN or the counter opens. Raises Refusal
    ``access.strong-only``."""
    found = PROOFS.get(Shown(session.proof)) if session.proof else None
    if found is None:
        raise Refusal("access.strong-only")
    return found


@holder_or(Scope.CARDS)
def mine(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """All cards she has or had."""
    own_read(session, "cards", CARDS)
    rows = [
        _Line(each, own=session.represented is None) for each in selectors.cards_of(by(session), session.whom)
    ]
    return render(request, "portal/cards.html", {"session": session, "cards": rows})


@require_POST
@holder_or(Scope.CARDS)
def lose(request: HttpRequest, session: PortalSession, pk: UUID) -> HttpResponse:
    """Lost for a time: from this second nobody pays with it. No second proof: it only protects her."""
    card = hers(session, pk)
    services.loss_temporary(by(session), card=card.pk, proof=Proof.TELEPHONE, why="portal")
    messages.success(request, _("The card is reported lost. Go to a counter for a replacement."))
    return redirect("portal:cards")


@require_POST
@proven
def release(request: HttpRequest, session: PortalSession, pk: UUID) -> HttpResponse:
    """Found again."""
    card = hers(session, pk)
    services.loss_release(by(session), card=card.pk, proof=proof_of(session))
    messages.success(request, _("The loss report is released."))
    return redirect("portal:cards")


def hers(session: PortalSession, pk: UUID) -> Card:
    """A card of hers. Raises Refusal ``base.not-found``."""
    found = selectors.cards_of(by(session), session.whom).filter(pk=pk).first()
    if found is None:
        raise Refusal("base.not-found", what="card")
    return found


class _Line:
    """A card as the page shows it."""

    def __init__(self, card: Card, *, own: bool) -> None:
        self.pk = card.pk
        self.kind = card.get_kind_display()
        self.number = masked(card.number)
        self.issuer = card.organization.name
        self.valid_until = card.valid_until
        self.state = state_words("social", card.social)
        self.bank = state_words("bank", card.bank)
        self.lost_until = card.lost_until
        held = card.plastic in ("held", "gone")
        self.may_lose = held and card.social in ("0", "1")
        self.may_release = card.social == _LOST_FOR_A_TIME and own
