"""PIN mailers (密码函) of a batch: a letter with the initial PIN for each holder of a card that is made.

The PIN is opened inside the vault from the wrapped block of the prepared card, and written nowhere but into
the letter; a card without a PIN, or one that is not made, has no letter."""

from collections.abc import Iterator
from pathlib import Path

from shebaoka.codec.digits import decode_cn
from shebaoka.codec.items import decode_record
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.padding import unpad_data
from shebaoka.paper.letters import PinMailer
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.mapping import FULL_NAME, NAME_REST
from shebaoka.personalization.prepare import PreparedCard
from shebaoka.personalization.state import Settings, prepared_cards, progress, read_settings
from shebaoka.personalization.supply import transport_cipher
from shebaoka.vault.model import Vault

RESIDENCE = "DF01.EF06.23"
"""Address of usual residence (常住所在地地址); cards without it get letters with a name only."""
LINE = 22  # characters of an address that stand on a line of the letter


def pin_mailers(directory: Path, vault: Vault, rows: range | None = None) -> Iterator[PinMailer]:
    """The letters in the order of the list. ``vault``: of the issuing city; ``rows``: only these lines.

    Raises PersonalizationError when the directory is no batch, is another city's, or was prepared under
    another transport key; no message repeats a PIN."""
    settings = read_settings(directory)
    if vault.owner.code != settings.city_code:
        raise PersonalizationError(
            f"{directory}: the batch is {settings.city_name}'s, the vault {vault.owner}'s"
        )
    transport = transport_cipher(vault, settings.product.suite, settings.transport)
    return _letters(directory, settings, transport, rows)


def _letters(
    directory: Path, settings: Settings, transport: BlockCipher, rows: range | None
) -> Iterator[PinMailer]:
    ended, plan = progress(directory), settings.record_plan(settings.layout())
    issuer = settings.product.face.issuing_unit or f"{settings.city_name}人力资源和社会保障局"

    def text(card: PreparedCard, place: str) -> str:
        position = plan.index.get(place)
        raw = b"" if position is None else card.records[position]
        return str(decode_record(plan.places[position].file, raw)[1]) if raw and position is not None else ""

    for card in prepared_cards(directory):
        entry = ended.get(card.serial)
        if entry is None or entry.status != "made" or (rows is not None and card.row not in rows):
            continue
        pin = _pin(directory, card, transport)
        if pin:
            name = text(card, FULL_NAME) + text(card, NAME_REST)
            home = text(card, RESIDENCE)
            lines = tuple(home[start : start + LINE] for start in range(0, len(home), LINE))
            yield PinMailer(name, lines, issuer, f"{settings.id[:8]}-{card.row:06}", card.card_number, pin)


def _pin(directory: Path, card: PreparedCard, transport: BlockCipher) -> str:
    try:
        return decode_cn(unpad_data(transport.decrypt(card.pin)))
    except ValueError:
        raise PersonalizationError(
            f"{directory}: row {card.row}: the PIN does not open with this vault's transport key"
        ) from None
