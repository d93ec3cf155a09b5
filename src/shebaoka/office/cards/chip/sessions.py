"""Whose card lies in the reader, and a session with it under the keys of its issuer."""

from collections.abc import Iterator
from contextlib import contextmanager

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.production.keys import vault_of
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.terminal import authentication, pin
from shebaoka.terminal.errors import CardChangedError, TerminalError
from shebaoka.terminal.factors import CardIdentity
from shebaoka.terminal.keys import KeySource
from shebaoka.terminal.preprocess import identify
from shebaoka.terminal.session import Session, close
from shebaoka.terminal.settings import Settings
from shebaoka.terminal.vault_keys import VaultKeys


@contextmanager
def session_with(card: Card, reader: Reader, keys: KeySource | None = None) -> Iterator[Session]:
    """The card in the reader, proved genuine. ``keys``: a PSAM's, by default those of the issuer's vault.
    An expired card is served too. Raises Refusal ``cards.other-card``, ``cards.chip``, ``cards.no-vault``."""
    source = keys or VaultKeys(vault_of(card.organization))
    session = None
    try:
        session = identify(reader, source, Settings(), expected=CardIdentity(card.code, card.number))
        authentication.prove_card(session)
        session.pin = pin.state(session)
        yield session
    except CardChangedError as error:
        raise Refusal("cards.other-card", number=card.number) from error
    except (TerminalError, ReaderError) as error:
        raise Refusal("cards.chip", why=str(error)) from error
    finally:
        if session is not None:
            close(session)


def card_in(reader: Reader) -> Card:
    """The card of the register that lies in the reader, by its identification code; nothing is proved. Raises
    Refusal ``cards.chip``, ``base.not-found``."""
    try:
        session = identify(reader, None, Settings())
    except (TerminalError, ReaderError) as error:
        raise Refusal("cards.chip", why=str(error)) from error
    found = Card.objects.filter(code=session.identity.identification_code).first()
    close(session)
    if found is None:
        raise Refusal("base.not-found", what="card")
    return found
