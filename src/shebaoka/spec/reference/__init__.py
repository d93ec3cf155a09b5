"""The generated reference of the card as Markdown pages (``docs/reference/card-*.md``)."""

from pathlib import Path

from shebaoka.spec.layouts import GENERATIONS
from shebaoka.spec.reference.facts import facts_page
from shebaoka.spec.reference.files import annex_page, card_page, psam_page
from shebaoka.spec.reference.keys import keys_page
from shebaoka.spec.reference.words import codes_page, commands_page

__all__ = ["reference_pages", "write_reference"]


def reference_pages() -> dict[str, str]:
    """File name and content of every page."""
    return {f"card-files-{generation}.md": card_page(generation) for generation in GENERATIONS} | {
        "card-files-annex.md": annex_page(),
        "card-files-psam.md": psam_page(),
        "card-keys.md": keys_page(),
        "card-codes.md": codes_page(),
        "card-commands.md": commands_page(),
        "card-facts.md": facts_page(),
    }


def write_reference(folder: Path) -> list[Path]:
    """Write the pages into ``folder`` (made when missing); returns their paths. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in reference_pages().items():
        path = folder / name
        path.write_text(content, "utf-8")
        written.append(path)
    return written
