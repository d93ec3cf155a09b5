"""Letters with a secret: key components and PINs, one A4 page each, folded in a Z and sealed.

The upper third is the outside with the addressee; the middle third holds the secret; the lower third is
printed full of figures. Folded as a Z, address outwards, the figures of the lower third lie on the secret and
those of the upper third in front of it: held against a lamp nothing can be read. Use paper for sealed mailers
(安全信封纸) of at least 90 g/m², and a printer without a memory of its jobs."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from shebaoka.paper.fonts import FontPaths
from shebaoka.paper.sheet import GRAY, HEIGHT, INK, PALE, SERIF, WIDTH, Sheet

_MARGIN = 20.0
_THIRD = HEIGHT / 3
_BLOCK_TOP, _BLOCK = 12.0, 46.0  # of the secret, from the fold above it, and its height
_FIGURES = "0123456789ABCDEF8B3E"


@dataclass(frozen=True)
class ComponentLetter:
    """A key component (密钥分量) for its custodian. ``component`` in hex; ``kcv``: its own check value;
    ``number`` of ``count`` components of ``key``; ``serial`` of the letter."""

    addressee: str
    role: str
    ceremony: str
    serial: str
    key: str
    number: int
    count: int
    component: str = field(repr=False)
    kcv: str


@dataclass(frozen=True)
class PinMailer:
    """A card PIN (个人密码) for the holder. ``card``: card number, of which only the last four are printed;
    ``lines``: postal address."""

    addressee: str
    lines: tuple[str, ...]
    issuer: str
    serial: str
    card: str = field(repr=False)
    pin: str = field(repr=False)


@dataclass(frozen=True)
class ActivationLetter:
    """A code of one use for the portal (激活码), printed sealed at a counter. ``code`` in groups divided by
    dashes; ``hours``: how long it is valid, 0 until it is used."""

    addressee: str
    issuer: str
    serial: str
    code: str = field(repr=False)
    hours: int = 0


@dataclass(frozen=True)
class _Page:
    sender: str
    kind: str
    addressee: tuple[str, ...]
    serial: str
    title: str
    groups: tuple[str, ...] = field(repr=False)
    facts: tuple[tuple[str, str], ...]
    advice: tuple[str, ...]


def component_letters_pdf(letters: Iterable[ComponentLetter], fonts: FontPaths | None = None) -> bytes:
    """A page for each component; to be printed and forgotten, or written with mode 0600. Raises ValueError
    for a component that is not in hex, FontError; neither repeats the component."""
    return _pdf("密钥分量函件", [_component_page(letter) for letter in letters], fonts)


def pin_mailers_pdf(mailers: Iterable[PinMailer], fonts: FontPaths | None = None) -> bytes:
    """A page for each PIN, as :func:`component_letters_pdf`. Raises ValueError for a PIN of other
    than 4 to 16 digits."""
    return _pdf("个人密码函", [_pin_page(mailer) for mailer in mailers], fonts)


def activation_letters_pdf(letters: Iterable[ActivationLetter], fonts: FontPaths | None = None) -> bytes:
    """A page for each code, as :func:`component_letters_pdf`."""
    return _pdf("激活码函", [_activation_page(letter) for letter in letters], fonts)


def first_letters_pdf(letters: Iterable[ActivationLetter], fonts: FontPaths | None = None) -> bytes:
    """A page for each code of the letter that goes out with a card, as :func:`component_letters_pdf`."""
    return _pdf("领卡信函", [_first_page(letter) for letter in letters], fonts)


def _first_page(letter: ActivationLetter) -> _Page:
    return _Page(
        sender=letter.issuer,
        kind="社会保障卡领卡信函　仅限收件人本人拆启",
        addressee=(letter.addressee,),
        serial=letter.serial,
        title="首次登录核验码",
        groups=tuple(letter.code.split("-")),
        facts=(("函件编号", letter.serial),),
        advice=(
            "只能使用一次。封口破损时请勿使用，并告知参保地经办机构。",
            "首次登录门户：输入社会保障号码和初始查询密码，选择“领卡信函上的核验码”并输入本码，再设置自己的密码。",
        ),
    )


def _component_page(letter: ComponentLetter) -> _Page:
    digits = letter.component.upper()
    if not digits or len(digits) % 4 or set(digits) - set("0123456789ABCDEF"):
        raise ValueError(f"letter {letter.serial}: the component is not in hex digits")
    return _Page(
        sender=f"密钥仪式 {letter.ceremony}",
        kind="密钥分量　仅限收件人本人拆启",
        addressee=(letter.addressee, letter.role),
        serial=letter.serial,
        title=f"{letter.key}　第 {letter.number} 分量（共 {letter.count} 个）",
        groups=tuple(digits[start : start + 4] for start in range(0, len(digits), 4)),
        facts=(("分量校验值 KCV", letter.kcv), ("函件编号", letter.serial)),
        advice=(
            "封口破损或背面可读时不得使用，立即报告安全员。",
            "不得抄录、复印或告知他人；与其他分量分开存放，每次取用登记。",
        ),
    )


def _pin_page(mailer: PinMailer) -> _Page:
    pin = mailer.pin
    if not (4 <= len(pin) <= 16 and pin.isascii() and pin.isdecimal()):
        raise ValueError(f"mailer {mailer.serial}: a PIN has 4 to 16 digits")
    return _Page(
        sender=mailer.issuer,
        kind="社会保障卡个人密码　仅限收件人本人拆启",
        addressee=(mailer.addressee, *mailer.lines),
        serial=mailer.serial,
        title="您的社会保障卡个人密码",
        groups=tuple(pin),
        facts=(("卡号末四位", mailer.card[-4:]), ("函件编号", mailer.serial)),
        advice=(
            "封口破损时请勿使用，并致电 12333 更换密码。",
            "请记住密码后销毁本函；工作人员不会向您索要密码。首次使用后请自行修改。",
        ),
    )


def _activation_page(letter: ActivationLetter) -> _Page:
    life = f"{letter.hours} 小时内有效，" if letter.hours else ""
    return _Page(
        sender=letter.issuer,
        kind="社会保障查询激活码　仅限收件人本人拆启",
        addressee=(letter.addressee,),
        serial=letter.serial,
        title="您的激活码",
        groups=tuple(letter.code.split("-")),
        facts=(("函件编号", letter.serial),),
        advice=(
            f"{life}只能使用一次。封口破损时请勿使用，并告知参保地经办机构。",
            "在门户“无法登录”处输入本码，设置自己的查询密码；工作人员不会向您索要密码。",
        ),
    )


def _pdf(title: str, pages: list[_Page], fonts: FontPaths | None) -> bytes:
    with Sheet(title, _MARGIN, fonts) as sheet:
        sheet.set_auto_page_break(False)
        for page in pages:
            sheet.add_page()
            _outside(sheet, page)
            _inside(sheet, page)
            _figures(sheet, f"{page.serial} below", 2 * _THIRD + 7, HEIGHT - 7)
            _folds(sheet)
        return bytes(sheet.output())


def _outside(sheet: Sheet, page: _Page) -> None:
    sheet.style(9, GRAY)
    sheet.at(_MARGIN, 15, page.sender)
    sheet.at(WIDTH - _MARGIN, 15, f"编号 {page.serial}", right=True)
    sheet.style(10, INK, bold=True)
    sheet.at(_MARGIN, 22, page.kind)
    for number, line in enumerate(page.addressee[:4]):
        sheet.style(13 if number == 0 else 10, bold=number == 0)
        sheet.at(WIDTH * 0.55, 22 + 5.5 * number, line)
    _figures(sheet, f"{page.serial} above", _THIRD - _BLOCK_TOP - _BLOCK, _THIRD - 7)


def _inside(sheet: Sheet, page: _Page) -> None:
    top = _THIRD + _BLOCK_TOP
    sheet.stroke(INK, 0.4)
    sheet.rect(_MARGIN, top, WIDTH - 2 * _MARGIN, _BLOCK)
    sheet.style(12, INK, SERIF, bold=True)
    sheet.at(_MARGIN + 6, top + 8.5, page.title)
    _cells(sheet, page.groups, top + 13)
    for number, (label, value) in enumerate(page.facts):
        x = _MARGIN + 6 + number * 75
        sheet.style(8.5, GRAY)
        sheet.at(x, top + _BLOCK - 4, label)
        sheet.style(10, bold=True)
        sheet.at(x + 26, top + _BLOCK - 4, value)
    sheet.style(8.5, GRAY)
    for number, line in enumerate(page.advice):
        sheet.at(_MARGIN, top + _BLOCK + 9 + 5.5 * number, line)


def _cells(sheet: Sheet, groups: tuple[str, ...], top: float) -> None:
    """The secret in cells, up to four groups of four digits or eight single digits a row."""
    per_row = 4 if len(groups[0]) > 1 else 8
    wide = 37.0 if per_row == 4 else 16.0
    gap = (WIDTH - 2 * _MARGIN - 12 - per_row * wide) / (per_row - 1)
    for number, group in enumerate(groups):
        x = _MARGIN + 6 + (number % per_row) * (wide + gap)
        y = top + (number // per_row) * 11.5
        sheet.set_fill_color(PALE)
        sheet.rect(x, y, wide, 9.5, style="F")
        sheet.style(17, bold=True)
        sheet.at(x + wide / 2 - sheet.get_string_width(group) / 2, y + 7, group)


def _figures(sheet: Sheet, seed: str, top: float, bottom: float) -> None:
    """Rows of figures over each other, as dense as the secret's own; they depend on the serial only."""
    draw = random.Random(seed)
    sheet.style(15)
    with sheet.rect_clip(_MARGIN, top, WIDTH - 2 * _MARGIN, bottom - top):
        for shift, color in ((0.0, "#555555"), (2.1, "#808080")):
            sheet.set_text_color(color)
            y = top + shift
            while y <= bottom + 5:
                sheet.text(_MARGIN - draw.uniform(0, 3), y, "".join(draw.choices(_FIGURES, k=62)))
                y += 4.1


def _folds(sheet: Sheet) -> None:
    sheet.stroke(GRAY, 0.2)
    for number in (1, 2):
        for x in (5.0, WIDTH - 10):
            sheet.line(x, number * _THIRD, x + 5, number * _THIRD)
