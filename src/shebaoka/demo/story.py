"""The steps of the demonstration before and after the proofs."""

from importlib.resources import files
from pathlib import Path

from shebaoka.chip.store import MemoryStore
from shebaoka.demo.carriage import USES
from shebaoka.demo.ceremonies import print_sheets
from shebaoka.demo.hierarchy import carry_keys, create_world, hold_ceremonies
from shebaoka.demo.psams import PsamIssuer
from shebaoka.demo.report import Figure
from shebaoka.demo.stage import Psams, Stage
from shebaoka.paper.face import CardFace
from shebaoka.paper.marks import PREVIEW, SHOWN, Side
from shebaoka.paper.pdf import faces_pdf
from shebaoka.paper.png import face_png
from shebaoka.personalization.faces import batch_faces
from shebaoka.vault.model import Body

EXTENSIONS = {"98": "980100-resident.toml", "99": "990100-city-services.toml"}
_PRINTED_ROWS = range(2, 8)  # of each list; row 1 has the column names
_REPORT_DPI = 220


def hold_key_ceremonies(stage: Stage) -> str:
    """A vault for every body, and the ceremony in which it makes its own keys."""
    extensions = {code: [extension(name)] for code, name in EXTENSIONS.items()}
    stage.world = create_world(stage.folder / "vaults", extensions)
    stage.ceremonies = hold_ceremonies(stage.world, stage.folder / "ceremonies")
    print_sheets(stage.ceremonies)
    lines = []
    for ceremony in stage.ceremonies:
        names = ", ".join(ceremony.of_components)
        parts = f" ({names} from components)" if names else ""
        lines.append(f"{_short(ceremony.body)}: {ceremony.keys} keys{parts}, head {ceremony.head[:8]}…")
    return "\n".join(lines)


def carry_all_keys(stage: Stage) -> str:
    """Sub-keys travel on master control, mother and transmission cards, one level at a time."""
    stage.journeys = carry_keys(stage.the_world(), stage.folder / "carriers")
    lines = []
    for journey in stage.journeys:
        left = min(card.status().uses_left for card in journey.cards)
        lines.append(
            f"{_short(journey.sender)} → {journey.receiver}: {len(journey.arrived.handles)} keys; "
            f"control key {journey.control.kcv}; {left} of {USES} uses left"
        )
    cards = 3 * len(stage.journeys)
    count = sum(len(vault.handles()) for vault in stage.the_world().vaults())
    stage.numbers += [("Keys at three levels", f"{count:,}"), ("Key carriers", str(cards))]
    lines.append(f"{cards} carriers; every check value is the one the sender told")
    return "\n".join(lines)


def issue_psams(stage: Stage) -> str:
    """Two PSAMs for each city, saved as images."""
    place = stage.folder / "psam"
    place.mkdir()
    for region in stage.the_world().regions:
        issuer = PsamIssuer(stage.the_world(), region)
        psams = Psams(issuer.full(1), issuer.local(2))
        stage.psams[region.data.code] = psams
        for name, psam in (("full", psams.full), ("local", psams.local)):
            assert isinstance(psam.chip.store, MemoryStore)  # noqa: S101 - as the issuer makes them
            psam.chip.store.save(place / f"{region.data.city.code}-{name}.psam")
    stage.numbers.append(("PSAMs", str(2 * len(stage.psams))))
    lines = ["every level loads its own keys, under its own loading key:"]
    for psams in stage.psams.values():
        for psam, kind in ((psams.full, ""), (psams.local, ", all at city level")):
            loaded = ", ".join(f"{_short(one.body)} {one.keys} ({one.loading_key})" for one in psam.loadings)
            lines.append(f"{psam.terminal}: {loaded}{kind}")
    return "\n".join(lines)


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


def extension(name: str) -> Path:
    """An extension file of the demonstration."""
    return Path(str(files("shebaoka.demo").joinpath("data", "extensions", name)))


def _short(body: Body) -> str:
    return body.name if body.code else "ministry"
