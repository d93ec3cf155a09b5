"""How a card is read, which also decides what its body carries."""

from enum import StrEnum


class Media(StrEnum):
    """Contacts only (接触式), contacts and antenna (双界面), or a composite card (复合卡) with contacts and a
    hidden magnetic stripe (隐蔽磁条)."""

    CONTACT = "contact"
    DUAL = "dual"
    COMPOSITE = "composite"
