"""Why a number or a value is wrong, in the language of the page; never the number or value itself."""

from datetime import date

from shebaoka.domain.citizen_id import CitizenIdError, check_digit
from shebaoka.office.base.catalogue import Words
from shebaoka.paper.photo import Flaw
from shebaoka.personalization.report import Kind

_NUMBERS = {
    "foreign": Words(
        "外国人号码为三位大写字母国别代码加字母数字，不超过18位",
        "a foreigner's number is a country in three capital letters, then letters and digits, 18 at most",
        "el número de un extranjero es un país en tres mayúsculas y después letras y cifras, 18 como máximo",
    ),
    "century": Words(
        "15位号码的顺序码996至999属于百岁老人，须人工核定世纪",
        "sequences 996 to 999 of 15 digits are of people born before 1900: the century is checked by hand",
        "las secuencias 996 a 999 de 15 cifras son de nacidos antes de 1900: el siglo se comprueba a mano",
    ),
    "length": Words(
        "应为18位（或旧15位）",
        "it has 18 characters (or the old 15)",
        "tiene 18 caracteres (o los 15 antiguos)",
    ),
    "digits": Words(
        "前17位应为数字", "the first 17 characters are digits", "los 17 primeros caracteres son cifras"
    ),
    "birth": Words(
        "其中的出生日期不成立", "the date of birth in it is impossible", "la fecha de nacimiento es imposible"
    ),
    "check": Words("校验码不符", "the check character is wrong", "el carácter de control no es correcto"),
}
_VALUES = {
    Kind.CODE: Words("不在代码表中", "not in the code table", "no está en la tabla de códigos"),
    Kind.DATE: Words("不是有效日期", "no real date", "no es una fecha real"),
    Kind.TOO_LONG: Words("过长", "too long", "demasiado largo"),
    Kind.CHARACTER: Words("含不能使用的字符", "a character that cannot be used", "un carácter no utilizable"),
}
_PHOTOS = {
    Flaw.MISSING: Words("文件无法读取", "the file cannot be read", "no se puede leer el archivo"),
    Flaw.BYTES: Words("文件过大", "the file is too large", "el archivo es demasiado grande"),
    Flaw.MANY_PIXELS: Words("像素过多", "too many pixels", "demasiados píxeles"),
    Flaw.FEW_PIXELS: Words("像素过少", "too few pixels", "muy pocos píxeles"),
    Flaw.FORMAT: Words(
        "不是JPEG、PNG或BMP图片", "no JPEG, PNG or BMP picture", "no es una imagen JPEG, PNG ni BMP"
    ),
    Flaw.DAMAGED: Words("图片已损坏", "the picture is damaged", "la imagen está dañada"),
    Flaw.LIMIT: Words(
        "压缩后仍超过芯片容量", "it does not fit into the chip", "no cabe en el chip ni comprimida"
    ),
}
_FORM = Words("格式不符", "another form is needed", "se necesita otra forma")


def of_number(text: str) -> Words:
    """Why a number that was refused is wrong; ``text`` in capitals, without spaces around it."""
    if text[:1].isascii() and text[:1].isalpha():
        return _NUMBERS["foreign"]
    if len(text) == 15 and text.isascii() and text.isdigit():
        return _NUMBERS["century" if text[12:] in ("996", "997", "998", "999") else "birth"]
    if len(text) != 18:
        return _NUMBERS["length"]
    if not (text[:17].isascii() and text[:17].isdigit()):
        return _NUMBERS["digits"]
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
        return _NUMBERS["birth" if check_digit(text[:17]) == text[17] else "check"]
    except (CitizenIdError, ValueError):
        return _NUMBERS["birth"]


def of_value(kind: Kind | None) -> Words:
    """Why the card would not take a value."""
    return _VALUES.get(kind, _FORM) if kind is not None else _FORM


def photo_flaw(flaw: Flaw) -> Words:
    """Why a photo cannot be used."""
    return _PHOTOS[flaw]
