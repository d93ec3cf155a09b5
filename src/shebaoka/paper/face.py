"""What goes on the face of one card, and the check before printing.

A face that cannot be printed well (a character without a glyph, a name that does not fit, no usable photo) is
queued for manual work with its reasons; the others go on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from shebaoka.paper.compose import ComposeError, compose
from shebaoka.paper.fonts import FontPaths
from shebaoka.paper.marks import PRINTED, Side, Text
from shebaoka.paper.media import Media
from shebaoka.paper.photo import PhotoError, open_photo
from shebaoka.paper.placement import Placement, standard_placement

SEX_LABELS = {"1": "男", "2": "女", "9": "未说明"}  # V2 table 13


@dataclass(frozen=True)
class CardFace:
    """Everything printed on one card.

    ``sex`` is the code of V2 table 13 or its label; dates are ``YYYYMMDD`` (``expiry`` empty: 长期);
    ``photo`` a JPEG, PNG or BMP; ``bank`` the name of the cooperating bank or empty.
    """

    name: str
    sex: str
    social_security_number: str
    card_number: str
    issue_date: str
    issuing_unit: str
    city_code: str
    photo: bytes | None = field(default=None, repr=False)
    expiry: str = ""
    seal_text: str = ""
    bank: str = ""
    phone: str = "12333"
    media: Media = Media.CONTACT

    @property
    def sex_label(self) -> str:
        """男, 女 or 未说明."""
        return SEX_LABELS.get(self.sex, self.sex)

    @property
    def issue_date_label(self) -> str:
        """``2012年03月05日``."""
        return date_label(self.issue_date)

    @property
    def expiry_label(self) -> str:
        """The date, or 长期 when none is stated."""
        return date_label(self.expiry) if self.expiry else "长期"


def date_label(date: str) -> str:
    """``20120305`` -> ``2012年03月05日``. Raises ValueError for another form."""
    if len(date) != 8 or not date.isascii() or not date.isdigit():
        raise ValueError(f"date {date!r} is not YYYYMMDD")
    return f"{date[:4]}年{date[4:6]}月{date[6:]}日"


@dataclass(frozen=True)
class Held:
    """A face that must not be printed yet, with every reason; ``missing``: the characters without glyph."""

    face: CardFace
    reasons: tuple[str, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class FaceQueue:
    """The result of the check: faces to print, faces that wait for a person."""

    ready: tuple[CardFace, ...]
    held: tuple[Held, ...]


def check_faces(
    faces: Iterable[CardFace], fonts: FontPaths | None = None, placement: Placement | None = None
) -> FaceQueue:
    """Sort faces into printable ones and those to be queued. Never raises for a single face."""
    fonts, placement = fonts or FontPaths(), placement or standard_placement()
    ready, held = [], []
    for face in faces:
        missing, reasons = face_problems(face, fonts, placement)
        if reasons:
            held.append(Held(face, tuple(reasons), tuple(missing)))
        else:
            ready.append(face)
    return FaceQueue(tuple(ready), tuple(held))


def face_problems(face: CardFace, fonts: FontPaths, placement: Placement) -> tuple[list[str], list[str]]:
    """Characters without a glyph, and all reasons why the face cannot be printed, as sentences."""
    reasons: list[str] = []
    missing: list[str] = []
    try:
        if face.photo is not None:
            open_photo(face.photo)
    except PhotoError as error:
        reasons.append(str(error))
        face = replace(face, photo=None)
    try:
        for side in Side:
            for placed in compose(face, side, placement, fonts, PRINTED):
                if not isinstance(placed.mark, Text):
                    continue
                font = fonts.font(placed.mark.family)
                for character in font.missing(placed.mark.text):
                    missing.append(character)
                    reasons.append(
                        f"{placed.element}: {character!r} (U+{ord(character):04X}) is not in {font.path.name}"
                    )
    except (ComposeError, ValueError) as error:
        reasons.append(str(error))
    return list(dict.fromkeys(missing)), list(dict.fromkeys(reasons))
