"""Invented card faces for the tests of this room."""

from dataclasses import replace
from functools import cache

from shebaoka.paper.face import CardFace
from shebaoka.paper.media import Media
from shebaoka.paper.photo import face_photo
from shebaoka.paper.portrait import draw_portrait


@cache
def ordinary() -> CardFace:
    return CardFace(
        name="欧阳云岚",
        sex="2",
        social_security_number="980101199003070021",
        card_number="A00000126",
        issue_date="20120305",
        issuing_unit="沧岚省人力资源和社会保障厅",
        city_code="980100",
        photo=face_photo(draw_portrait(3, "2", 34)),
        expiry="20220304",
        seal_text="沧岚省雾江市人力资源和社会保障局",
        bank="沧岚银行",
        media=Media.COMPOSITE,
    )


def long_named() -> CardFace:
    return replace(
        ordinary(),
        name="阿卜杜热合曼·买买提依明江·吾拉木丁",
        sex="1",
        social_security_number="990101196503070018",
        card_number="B00000123",
        expiry="",
        media=Media.CONTACT,
    )
