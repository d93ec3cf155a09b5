"""What is printed on a card, taken from the card itself: the face and the chip cannot disagree."""

from shebaoka.demo.regions import Province
from shebaoka.paper.face import CardFace, Media
from shebaoka.terminal.content import FileReading
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.session import Session

ISSUER_DATA, HOLDER, PHOTO = ("SSSE", 0xEF05), ("SSSE", 0xEF06), ("SSSE", 0xEF08)


def read_face(session: Session, province: Province, *, bank: bool = True, media: str = "contact") -> CardFace:
    """Read issuer data, holder and photo of the card in the session and lay them out as its face.

    ``province``: whose office and seal the card carries. Raises what reading raises.
    """
    issuer = read_file(session, *ISSUER_DATA)
    holder = read_file(session, *HOLDER)
    photo = read_file(session, *PHOTO)
    return CardFace(
        name=_text(holder, 0x09) + _text(holder, 0x4E),
        sex=_text(holder, 0x0A),
        social_security_number=_text(holder, 0x08),
        card_number=_text(issuer, 0x07),
        issue_date=_text(issuer, 0x05),
        expiry=_text(issuer, 0x06),
        issuing_unit=province.office,
        seal_text=province.city.office,
        city_code=session.identity.city_code,
        bank=province.bank if bank else "",
        photo=picture(photo.data),
        media=Media(media),
    )


def picture(data: bytes) -> bytes | None:
    """The picture in a photo file, without the fill behind it; None for an empty file."""
    return data.rstrip(b"\x00") or None


def _text(reading: FileReading, tag: int) -> str:
    return str(reading.value(tag) or "")
