"""The page that the demonstration ends in, and what to try next."""

import shlex
from datetime import date
from pathlib import Path

from shebaoka.demo.content import content_table
from shebaoka.demo.hierarchy import PASSPHRASE
from shebaoka.demo.keys_told import check_value_table, key_tables
from shebaoka.demo.production import MadeCard
from shebaoka.demo.report import Figures, Group, Numbers, Proofs, Prose, Section, Table, render
from shebaoka.demo.stage import Stage
from shebaoka.paper.fonts import Family, FontPaths, subset


def page(stage: Stage) -> str:
    """The report as HTML."""
    seconds = sum(time for _, time in stage.timings)
    sections: list[Section] = [
        Numbers((*stage.numbers, ("Seconds in all", f"{seconds:.1f}"))),
        Proofs("What was proved", tuple(stage.proofs)),
        *key_tables(stage),
        Figures(
            "Card faces",
            tuple(stage.figures),
            "Drawn from the table of places that prints faces.pdf, with the values that the chips gave back.",
        ),
    ]
    sections.append(check_value_table(stage))
    if stage.content is not None:
        sections.append(content_table(stage.content))
    proofs = {proof.what for proof in stage.proofs}
    steps = [(what, time) for what, time in stage.timings if what not in proofs]
    steps.append(("Prove it", seconds - sum(time for _, time in steps)))
    timings = tuple((what, f"{time:.1f}") for what, time in steps)
    sections += [
        Prose(
            "What to try next", (), "\n\n".join(f"# {what}\n{call}" for what, call in next_commands(stage))
        ),
        Table("Time", ("Step", "Seconds"), (Group("", timings),), numeric=frozenset({1})),
    ]
    return render(
        "Social security cards of two invented provinces",
        f"From key ceremonies to cards that work: keys on carriers, PSAMs, {len(stage.cards):,} cards, and "
        f"what a terminal showed with them on {date.today():%Y-%m-%d}.",
        sections,
        "Everybody here is invented: region codes 98xxxx and 99xxxx are not assigned, portraits are drawn. "
        "The keys are for demonstration only.",
        font=lambda text: subset(text, FontPaths().path(Family.SANS)),
    )


def next_commands(stage: Stage) -> list[tuple[str, str]]:
    """What to go on with, and the command for it, for this very folder."""
    card, other = stage.card("98", "2.0"), stage.card("99", "3.0")
    image, slots, others = _short(card.image), _slots(stage, card), _slots(stage, other)
    extension, call = _short(other.batch.region.extensions[0]), stage.program
    ceremony, mother = stage.ceremonies[0], stage.journey("980100").cards.mother
    vault = _short(stage.folder / "vaults" / "980100.vault")
    return [
        (
            "Is the transcript whole?",
            f"{call} keys verify {_short(ceremony.transcript)} --head {ceremony.head}",
        ),
        ("Who used this mother card?", f"{call} carriers show --image {_short(mother.image)}"),
        ("Which keys has the city?", f"SHEBAOKA_PASSPHRASE={PASSPHRASE} {call} vault show {vault}"),
        ("What is this card?", f"{call} card show --chip {image}"),
        ("Read what a PSAM opens", f"{call} card read {slots}"),
        ("Read all, with the holder's PIN", f"SHEBAOKA_PIN={stage.pin(card)} {call} card read --pin {slots}"),
        ("See every exchange explained", f"{call} card read SSSE/EF06 {slots} --trace"),
        ("Read the city's own file", f"{call} card read DF0A/EF0C {others} --extension {extension}"),
        ("Does the card keep to the standard?", f"{call} card check --chip {image}"),
        ("Talk to the card; Tab completes", f"{call} shell {slots}"),
    ]


def _slots(stage: Stage, card: MadeCard) -> str:
    psam = stage.folder / "psam" / f"{card.batch.region.data.city.code}-full.psam"
    return f"--chip {_short(card.image)} --psam {_short(psam)}"


def _short(path: Path) -> str:
    """A path as one would type it here."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))
