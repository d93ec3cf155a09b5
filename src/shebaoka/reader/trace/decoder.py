"""Decodes the exchanges of one chip one after the other, with the state they have led to in mind."""

from collections.abc import Sequence
from pathlib import Path

from shebaoka.reader.secrets import SecretFilter
from shebaoka.reader.trace.content import (
    addressed_record,
    binary_details,
    directory_details,
    fci_details,
    record_details,
    show_name,
)
from shebaoka.reader.trace.explain import access_condition, explain
from shebaoka.reader.trace.fields import answer_fields, command_fields
from shebaoka.reader.trace.issuer import creation_details
from shebaoka.reader.trace.model import Detail, Exchange, Place, Status
from shebaoka.reader.trace.psam import delivered_key
from shebaoka.reader.trace.state import CardState
from shebaoka.reader.trace.view import View
from shebaoka.spec.commands import Kind, command_of
from shebaoka.spec.model import CardLayout, Text
from shebaoka.spec.status_words import describe

_UNKNOWN = Text("未知命令", "unknown command")
_DIR = Text("目录文件", "Directory file")
_RESET = Text("复位", "Reset")
_GET_RESPONSE = 0xC0
_VERSION_TAG = 0x03


class Decoder:
    """Knows what a chip has been told so far. ``layouts``: what the card may be, most likely first; the
    decoder takes another one when the card says so (item 03, or SM4 in the FCI). ``kind``: card or psam.
    ``extensions``: files of a city, for the names of its keys."""

    def __init__(
        self, layouts: Sequence[CardLayout], kind: Kind = "card", extensions: Sequence[Path] = ()
    ) -> None:
        if not layouts:
            raise ValueError("a trace needs at least one card layout")
        self._layouts = tuple(layouts)
        self._kind = kind
        self._filter = SecretFilter()
        self._asked: View | None = None
        self._parts = bytearray()
        self._count = 0
        self.state = CardState(self._layouts[0], kind, tuple(extensions))

    def reset(self, atr: bytes) -> Exchange:
        """A reset with its ATR."""
        self._count += 1
        self._asked = None
        self.state.reset()
        detail = Detail(Text("复位应答", "ATR"), atr.hex().upper())
        return Exchange(self._count, self._kind, "", atr.hex().upper(), _RESET, details=(detail,))

    def silence(self, apdu: bytes, problem: str) -> Exchange:
        """A command without answer."""
        self._count += 1
        view = View.of(apdu)
        masked = self._filter.mask(apdu, b"")
        name, source = self._name(view)
        directory, file = self._places(view)
        return Exchange(
            self._count,
            self._kind,
            masked.command,
            "",
            name,
            source,
            directory,
            file,
            problem=problem,
            secret=masked.secret,
        )

    def decode(self, apdu: bytes, answer: bytes) -> Exchange:
        """A command with its answer (data ‖ SW1 SW2, two bytes at least)."""
        self._count += 1
        masked = self._filter.mask(apdu, answer)
        view = View.of(apdu)
        data, sw = answer[:-2], int.from_bytes(answer[-2:])
        meant = self._meant(view, data)
        word = describe(sw, view.ins)
        name, source = self._name(view)
        directory, file = self._places(meant)
        condition = access_condition(self.state, meant)
        explanation = explain(self.state, view, sw)
        details = () if masked.secret else self._details(meant, view is not meant, bytes(self._parts))
        if sw >> 8 != 0x61:
            self._asked = None
        self._learn(meant, bytes(self._parts), sw)
        if view is meant:
            self.state.advance(self._count, view, data, sw)
            directory, file = self._places(view) if view.ins == 0xA4 else (directory, file)
        status = Status(f"{sw:04X}", word.meaning, word.source)
        return Exchange(
            self._count,
            self._kind,
            masked.command,
            masked.answer,
            name,
            source,
            directory,
            file,
            details,
            condition,
            status,
            explanation,
            secret=masked.secret,
        )

    def _meant(self, view: View, data: bytes) -> View:
        """The command whose answer ``data`` is: GET RESPONSE brings what an earlier command left."""
        if view.ins == _GET_RESPONSE and self._asked is not None:
            self._parts += data
            return self._asked
        self._asked = view
        self._parts = bytearray(data)
        return view

    def _name(self, view: View) -> tuple[Text, str]:
        entry = command_of(view.cla, view.ins, view.p1, self._kind)
        return (entry.name, entry.source) if entry is not None else (_UNKNOWN, "")

    def _places(self, view: View) -> tuple[Place, Place | None]:
        place = self.state.place()
        shown = self.state.directory
        directory = Place(place.id, place.name) if place else Place(_readable(shown))
        if view.ins not in (0xB0, 0xB2, 0xD6, 0xDC, 0xA4):
            return directory, None
        fid, file = self.state.file(view)
        if fid is None:
            return directory, None
        if file is None and fid & 0xFF == self.state.layout.dir_sfi and self._kind == "card":
            return directory, Place(f"{fid:04X}", _DIR)
        return directory, Place(f"{fid:04X}", file.name if file else None)

    def _details(self, meant: View, continued: bool, answered: bytes) -> tuple[Detail, ...]:
        asked = () if continued else self._asked_details(meant)
        return asked + self._answer_details(meant, answered)

    def _asked_details(self, view: View) -> tuple[Detail, ...]:
        _, file = self.state.file(view)
        match view.ins:
            case 0xB2:
                return (addressed_record(view),)
            case 0xDC:
                return (addressed_record(view), *record_details(file, _without_mac(view)))
            case 0xD6:
                return binary_details(file, _offset(view), _without_mac(view))
            case 0xE0 if view.cla == 0x80:
                return creation_details(view.data)
            case 0xDE if view.cla == 0xBF:
                return (delivered_key(view, self.state.extensions), *command_fields(view))
            case 0x82 if view.cla == 0x00:
                key = Detail(Text("密钥", "Key"), self.state.key_name(view.p2) or f"{view.p2:02X}")
                return (key, *command_fields(view))
        return command_fields(view)

    def _answer_details(self, view: View, data: bytes) -> tuple[Detail, ...]:
        if not data:
            return ()
        fid, file = self.state.file(view)
        match view.ins:
            case 0xA4:
                return fci_details(data)
            case 0xB2 if file is None and fid is not None and fid & 0xFF == self.state.layout.dir_sfi:
                return directory_details(data)
            case 0xB2:
                return record_details(file, data)
            case 0xB0:
                return binary_details(file, _offset(view), data)
        return answer_fields(view, data)

    def _learn(self, view: View, data: bytes, sw: int) -> None:
        """Choose the layout by what the card says of itself."""
        if self._kind != "card" or sw != 0x9000:
            return
        if view.ins == 0xA4 and bytes.fromhex("860103") in data:
            self._take("3")
        _, file = self.state.file(view)
        if view.ins == 0xB2 and file is not None and file.fid == 0xEF05 and self.state.directory == "SSSE":
            mark = data.find(bytes((_VERSION_TAG, 0x04)))
            if mark >= 0:
                self._take(data[mark + 2 : mark + 3].decode("ascii", "replace"))

    def _take(self, generation: str) -> None:
        for layout in self._layouts:
            if layout.version.startswith(generation):
                self.state.layout = layout
                return


def _readable(directory: str) -> str:
    try:
        return show_name(bytes.fromhex(directory))
    except ValueError:
        return directory


def _offset(view: View) -> int:
    return view.p2 if view.p1 & 0x80 else view.p1 << 8 | view.p2


def _without_mac(view: View) -> bytes:
    return view.data[:-4] if view.cla & 0x04 and len(view.data) > 4 else view.data
