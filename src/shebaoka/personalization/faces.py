"""Card faces of a batch (卡面, the last step of Part 10 §5.4), from the records that were written to the
chips and read back: face and chip cannot disagree. No key and no passphrase is needed.

Faces that must not be printed yet (a character the font lacks, a text that does not fit, no usable photo) are
queued in ``faces-held.csv`` (UTF-8 with mark): row, card_number, missing (characters), reasons."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shebaoka.codec.items import decode_record
from shebaoka.paper.face import CardFace, face_problems
from shebaoka.paper.fonts import FontPaths
from shebaoka.paper.placement import Placement, standard_placement
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.mapping import FULL_NAME, NAME_REST, PERSON_NUMBER, SEX
from shebaoka.personalization.prepare import PreparedCard
from shebaoka.personalization.returns import replaced
from shebaoka.personalization.state import HELD, Settings, prepared_cards, progress, read_settings
from shebaoka.personalization.targets import RecordPlan

ISSUED, EXPIRY, PHOTO = "SSSE.EF05.05", "SSSE.EF05.06", "SSSE.EF08"
_PICTURES = (".jpg", ".jpeg", ".png", ".bmp")


@dataclass(frozen=True)
class HeldFace:
    """A face that waits for a person: line of the list, card number, characters without a glyph, every
    reason as a sentence."""

    row: int
    card_number: str
    missing: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class BatchFaces:
    """The faces to print, in the order of the list, and those that are queued."""

    ready: tuple[CardFace, ...]
    held: tuple[HeldFace, ...]


def batch_faces(
    directory: Path,
    *,
    photos: Path | None = None,
    rows: range | None = None,
    fonts: FontPaths | None = None,
    placement: Placement | None = None,
) -> BatchFaces:
    """The faces of the cards of a batch that are made, checked; writes ``faces-held.csv``.

    ``photos``: a folder with ``NUMBER.jpg`` (or .png, .bmp; the social security number), which go before the
    small pictures of the chips; every card then needs a photo. ``rows``: only these lines of the list; a
    large batch is printed in pieces. Raises PersonalizationError when the directory is no batch or the
    folder cannot be read, FontError without a font."""
    fonts, placement = fonts or FontPaths(), placement or standard_placement()
    if photos is not None and not photos.is_dir():
        raise PersonalizationError(f"{photos}: no folder of photos")
    ready, held = [], []
    for row, face in _made(directory, photos, rows):
        missing, reasons = face_problems(face, fonts, placement)
        if photos is not None and face.photo is None:
            reasons.append(f"no photo of this number in {photos}")
        if reasons:
            held.append(HeldFace(row, face.card_number, tuple(missing), tuple(reasons)))
        else:
            ready.append(face)
    _write_held(directory, held)
    return BatchFaces(tuple(ready), tuple(held))


def _made(directory: Path, photos: Path | None, rows: range | None) -> Iterator[tuple[int, CardFace]]:
    settings = read_settings(directory)
    ended = progress(directory)
    reader = _FaceReader(settings)
    for card in prepared_cards(directory):
        entry = ended.get(card.serial)
        if entry is not None and entry.status == "made" and (rows is None or card.row in rows):
            yield card.row, reader.face(card, photos)


class _FaceReader:
    """Reads faces out of prepared cards of one batch."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._plan: RecordPlan = settings.record_plan(settings.layout())

    def face(self, card: PreparedCard, photos: Path | None) -> CardFace:
        product, city = self._settings.product, self._settings.city_name
        number = self._text(card, PERSON_NUMBER)
        office = f"{city}人力资源和社会保障局"
        return CardFace(
            name=self._text(card, FULL_NAME) + self._text(card, NAME_REST),
            sex=self._text(card, SEX),
            social_security_number=number,
            card_number=card.card_number,
            issue_date=self._text(card, ISSUED),
            expiry=self._text(card, EXPIRY),
            issuing_unit=product.face.issuing_unit or office,
            seal_text=product.face.seal or office,
            city_code=self._settings.city_code,
            bank=product.face.bank,
            phone=product.face.phone,
            photo=_photo(photos, number) or self._record(card, PHOTO) or None,
            media=product.media,
        )

    def _record(self, card: PreparedCard, place: str) -> bytes:
        position = self._plan.index.get(place)
        return b"" if position is None else card.records[position]

    def _text(self, card: PreparedCard, place: str) -> str:
        raw = self._record(card, place)
        if not raw:
            return ""
        return str(decode_record(self._plan.places[self._plan.index[place]].file, raw)[1])


def _photo(folder: Path | None, number: str) -> bytes:
    if folder is None:
        return b""
    for suffix in _PICTURES:
        path = folder / f"{number}{suffix}"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise PersonalizationError(f"{path}: cannot be read: {error.strerror}") from None
    return b""


def _write_held(directory: Path, held: list[HeldFace]) -> None:
    try:
        with replaced(directory / HELD) as file:
            writer = csv.writer(file)
            writer.writerow(("row", "card_number", "missing", "reasons"))
            for face in held:
                writer.writerow((face.row, face.card_number, "".join(face.missing), "; ".join(face.reasons)))
    except OSError as error:
        raise PersonalizationError(f"{directory / HELD}: cannot be written: {error.strerror}") from None
