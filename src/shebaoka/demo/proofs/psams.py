"""The end of a PSAM."""

from shebaoka.demo.proofs.act import HOME, check, refused_by
from shebaoka.demo.psams import PsamIssuer
from shebaoka.demo.stage import Stage
from shebaoka.personalization.errors import LoadError
from shebaoka.personalization.psam_levels import load_level, wipe_psam
from shebaoka.reader.in_process import InProcessReader
from shebaoka.terminal.errors import KeyMissingError
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.vault.catalogue import SUITES

_NUMBER = 3  # of a PSAM of the city, beside the two of its terminals


def wiped_psam(stage: Stage) -> str:
    """A PSAM serves a terminal, is wiped, serves nothing, and can never be keyed again."""
    region, card = stage.region(HOME), stage.card(HOME, "2.0")
    code = region.city.owner.code
    reader = InProcessReader(PsamIssuer(stage.the_world(), region).local(_NUMBER).chip)
    check(stage.terminal(HOME, card, PsamKeys(reader)).open().authentic, "it serves at first")
    reader.reset()
    wipe_psam(reader, region.city, SUITES[0], code)
    closed = refused_by(KeyMissingError, stage.terminal(HOME, card, PsamKeys(reader)).open)
    check("IRK" in closed.text(), "the key that proves a card is gone")
    refusal = refused_by(
        LoadError, lambda: load_level(reader, region.city, region.catalogue(), SUITES[0], code)
    )
    return f"it served a terminal; wiped, it has no key for one, and takes none: {refusal}"
