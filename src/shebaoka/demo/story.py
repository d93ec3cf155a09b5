"""The steps of the demonstration before and after the proofs, and the page they end in."""

import shlex
from datetime import date
from importlib.resources import files
from pathlib import Path

from shebaoka.chip.store import MemoryStore
from shebaoka.demo.content import content_table
from shebaoka.demo.hierarchy import create_world, hand_down_keys, make_roots
from shebaoka.demo.production import MadeCard
from shebaoka.demo.psams import PsamIssuer
from shebaoka.demo.report import Figure, Figures, Group, Numbers, Proofs, Prose, Section, Table, render
from shebaoka.demo.stage import Psams, Stage
from shebaoka.paper.face import CardFace
from shebaoka.paper.fonts import Family, FontPaths, subset
from shebaoka.paper.marks import PREVIEW, SHOWN, Side
from shebaoka.paper.pdf import faces_pdf
from shebaoka.paper.png import face_png
from shebaoka.personalization.faces import batch_faces

EXTENSIONS = {"98": "980100-resident.toml", "99": "990100-city-services.toml"}
_PRINTED_ROWS = range(2, 8)  # of each list; row 1 has the column names
_REPORT_DPI = 220


def set_up_keys(stage: Stage) -> str:
    """Vaults of the ministry, two provinces, two cities; roots; sub-keys handed down."""
    extensions = {code: [_extension(name)] for code, name in EXTENSIONS.items()}
    stage.world = create_world(stage.folder / "vaults", extensions)
    make_roots(stage.world)
    hand_down_keys(stage.world)
    count = sum(len(vault.handles()) for vault in stage.world.vaults())
    stage.numbers.append(("Keys at three levels", f"{count:,}"))
    names = ", ".join(f"{r.data.name} with {r.data.city.name}" for r in stage.world.regions)
    return f"{len(stage.world.vaults())} vaults with {count:,} keys: ministry, {names}"


def issue_psams(stage: Stage) -> str:
    """Two PSAMs for each city, saved as images."""
    place = stage.folder / "psam"
    place.mkdir()
    for region in stage.the_world().regions:
        issuer = PsamIssuer(stage.the_world(), region)
        psams = Psams(issuer.full(1), issuer.local(2))
        stage.psams[region.data.code] = psams
        for name, chip in (("full", psams.full), ("local", psams.local)):
            assert isinstance(chip.store, MemoryStore)  # noqa: S101 - as the issuer makes them
            chip.store.save(place / f"{region.data.city.code}-{name}.psam")
    stage.numbers.append(("PSAMs", str(2 * len(stage.psams))))
    return "for each city one with national, provincial and city keys, one with city keys only"


def print_faces(stage: Stage) -> str:
    """The first faces of every batch, checked, then printed as one PDF."""
    batches = [batch_faces(batch.directory, rows=_PRINTED_ROWS) for batch in stage.batches]
    ready = [face for faces in batches for face in faces.ready]
    held = sum(len(faces.held) for faces in batches)
    (stage.folder / "faces.pdf").write_bytes(faces_pdf(ready))
    shown = [faces.ready[0] for faces in batches if faces.ready]
    longest = max(ready, key=lambda face: len(face.name))
    stage.figures = figures(list(dict.fromkeys([*shown, longest])))
    queued = f"{held} queued for manual work" if held else "none queued"
    return f"{len(ready)} cards on {2 * len(ready)} pages of 85.60 x 53.98 mm, {queued}"


def figures(faces: list[CardFace]) -> list[Figure]:
    """Pictures for the report: a front with the preview's lines, the backs of ``faces``."""
    front = face_png(faces[0], Side.FRONT, dpi=_REPORT_DPI, layers=PREVIEW)
    caption = "Front. Dashed: hidden stripe and trim, shown in previews and never printed"
    found = [Figure(front, "Front of a social security card: emblem place, country, card name", caption)]
    for face in faces:
        picture = face_png(face, Side.BACK, dpi=_REPORT_DPI, layers=SHOWN)
        text = f"Back of the card of {face.name}, {face.sex_label}, card number {face.card_number}"
        found.append(
            Figure(picture, text, f"Back. {face.issuing_unit}, {face.media} card {face.card_number}")
        )
    return found


def page(stage: Stage) -> str:
    """The report as HTML."""
    seconds = sum(time for _, time in stage.timings)
    sections: list[Section] = [
        Numbers((*stage.numbers, ("Seconds in all", f"{seconds:.1f}"))),
        Proofs("What the terminal proved", tuple(stage.proofs)),
        Figures(
            "Card faces",
            tuple(stage.figures),
            "Drawn from the table of places that prints faces.pdf, with the values that the chips gave back.",
        ),
    ]
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
        f"From a list of people to cards that work: keys, PSAMs, {len(stage.cards):,} cards, and what a "
        f"terminal showed with them on {date.today():%Y-%m-%d}.",
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
    return [
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


def _extension(name: str) -> Path:
    return Path(str(files("shebaoka.demo").joinpath("data", "extensions", name)))
