"""What a card is, in a few lines."""

from typing import Any

from rich.table import Table

from shebaoka.cli.output import console
from shebaoka.codec.display import Language
from shebaoka.terminal import pin, reading
from shebaoka.terminal.applications import directories
from shebaoka.terminal.errors import TerminalError
from shebaoka.terminal.session import Session

_HOLDER = 0xEF06


def summary(session: Session, language: Language) -> dict[str, Any]:
    """Facts that can be had without rights: reset, FCI, issuer data, holder when free, PIN state."""
    facts: dict[str, Any] = {
        "answer_to_reset": session.answer.hex().upper(),
        "historical_bytes": session.historical.hex().upper(),
        "generation": session.layout.id,
        "specification_version": session.version,
        "algorithm": session.algorithm.label,
        "identification_code": session.identity.identification_code,
        "card_number": session.identity.card_number,
        "city_code": session.identity.city_code,
        "issuer_data": _items(session, 0xEF05, language),
    }
    try:
        facts["holder"] = _items(session, _HOLDER, language)
    except TerminalError as error:
        facts["holder_not_read"] = error.line(language)
    state = pin.state(session)
    facts["pin"] = {"set": state.set, "tries_left": state.tries, "locked": state.locked}
    facts["applications"] = [
        {"id": d.id, "name": d.name.zh if language == "zh" else d.name.en} for d in directories(session)
    ]
    return facts


def print_summary(facts: dict[str, Any]) -> None:
    """The facts as lines for a person."""
    table = Table(show_header=False, box=None, pad_edge=False)
    for key, value in facts.items():
        name = key.replace("_", " ")
        if isinstance(value, dict):
            for inner, text in value.items():
                table.add_row(f"{name}: {inner}", "–" if text is None else str(text))
        elif isinstance(value, list):
            table.add_row(name, ", ".join(f"{entry['id']} {entry['name']}" for entry in value))
        else:
            table.add_row(name, str(value))
    console().print(table)


def _items(session: Session, fid: int, language: Language) -> dict[str, str]:
    found = reading.read_file(session, "SSSE", fid)
    return {
        (item.item.name.zh if language == "zh" else item.item.name.en): item.shown(language)
        for item in found.items()
    }
