"""What is special about a PSAM: its tree, and the keys it works with by usage and identifier."""

from functools import cache
from pathlib import Path

from shebaoka.reader.trace.model import Detail
from shebaoka.reader.trace.view import View
from shebaoka.spec.extensions import for_generation
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import GENERATIONS, psam_layout
from shebaoka.spec.model import CardLayout, DirectoryLayout, Text

_PURCHASE_TYPE = 0x02
_STEPS_BITS, _TYPE_BITS = 5, 0x1F


def psam_as_card_layout() -> CardLayout:
    """The tree of a PSAM in the form the decoder reads: its environments and their application."""
    psam = psam_layout()
    environments = [
        DirectoryLayout(id=e.id, name=e.name, aid=e.aid, files=e.files, source=e.source)
        for e in psam.environments
    ]
    application = psam.environments[0].application
    return CardLayout("psam", psam.name, "", (), (*environments, application), psam.dir_sfi)


def delivered_key(view: View, extensions: tuple[Path, ...] = ()) -> Detail:
    """The key that DELIVERY SESSION KEY asks for: ``27/24 UK3DF01, 1 step left`` (Part 9 §6.1, §9.7)."""
    steps, kind = view.p1 >> _STEPS_BITS, view.p1 & _TYPE_BITS
    name = "DPK" if kind == _PURCHASE_TYPE else _names(extensions).get(view.p2, "")
    text = f"{view.p1:02X}/{view.p2:02X} {name}".rstrip()
    left = "one diversification step" if steps == 1 else f"{steps} diversification steps"
    return Detail(Text("密钥", "Key"), f"{text}, {left} left")


@cache
def _names(extensions: tuple[Path, ...]) -> dict[int, str]:
    """PSAM identifier -> name of the card key. A later generation wins where one was reused."""
    return {
        key.psam_id: key.name
        for generation in GENERATIONS
        for key in key_catalogue(generation, for_generation(extensions, generation), annex=True)
        if key.psam_id
    }
