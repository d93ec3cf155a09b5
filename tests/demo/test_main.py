"""The main job on a few people: every proof holds, and what is left behind can be used."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
from rich.cells import cell_len
from rich.console import Console

from scan.demonstration import leaks
from shebaoka.demo import main, page
from shebaoka.demo.hierarchy import PASSPHRASE
from shebaoka.demo.proofs import ACTS
from shebaoka.demo.proofs.act import Act, ProofFailedError, check, refused_by
from shebaoka.demo.report import Outcome
from shebaoka.demo.stage import Stage
from shebaoka.paper.face import SEX_LABELS, date_label
from shebaoka.reader.images import open_chip
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.terminal.errors import TerminalError
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.terminal import Terminal
from shebaoka.vault.software import SoftwareVault

SHEBAOKA = Path(sys.executable).with_name("shebaoka")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Stage]:
    folder = tmp_path_factory.mktemp("demo") / "run"
    out = io.StringIO()
    stages: list[Stage] = []
    write = page.page

    def seen(stage: Stage) -> str:
        stages.append(stage)
        return write(stage)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "page", seen)
        failed = main.run(folder, 8, Console(file=out, width=80), str(SHEBAOKA))
    assert failed == 0, out.getvalue()
    return folder, out.getvalue(), stages[0]


def test_every_proof_holds_and_refusals_are_refusals(played: tuple[Path, str, Stage]) -> None:
    _, said, stage = played
    assert [proof.what for proof in stage.proofs] == [act.title for act in ACTS]
    assert [proof.outcome for proof in stage.proofs] == [act.outcome for act in ACTS]
    assert f"All {len(ACTS)} proofs hold." in said


def test_the_printed_faces_say_what_the_chips_say(played: tuple[Path, str, Stage]) -> None:
    folder, _, stage = played
    pages = pypdf.PdfReader(folder / "faces.pdf").pages
    backs = ["".join(page.extract_text().replace("\x00", "").split()) for page in pages[1::2]]
    assert len(backs) == len(stage.cards)
    for card, back in zip(stage.cards, backs, strict=True):
        code = card.batch.region.data.code
        psam = PsamKeys(
            InProcessReader(open_chip(folder / "psam" / f"{card.batch.region.data.city.code}-full.psam"))
        )
        session = Terminal(InProcessReader(open_chip(card.image)), psam, stage.settings(code)).open()
        issuer, holder = read_file(session, "SSSE", 0xEF05), read_file(session, "SSSE", 0xEF06)
        name = str(holder.value(0x09)) + str(holder.value(0x4E) or "")
        assert card.person.name == name
        for value in (
            name,
            SEX_LABELS[str(holder.value(0x0A))],
            str(holder.value(0x08)),
            str(issuer.value(0x07)),
            date_label(str(issuer.value(0x05))),
            date_label(str(issuer.value(0x06))),
            session.identity.city_code,
            card.batch.region.data.office,
        ):
            assert value in back, (value, back)


def test_the_report_tells_it_all(played: tuple[Path, str, Stage]) -> None:
    folder, said, stage = played
    html = (folder / "report.html").read_text("utf-8")
    for proof in stage.proofs:
        assert proof.what.replace("'", "&#x27;") in html
    assert html.count("<img ") == len(stage.figures) >= 5
    assert "DF07 EF07" in html
    assert "医疗交易明细" in html
    for ceremony in stage.ceremonies:
        assert ceremony.head in html
        assert ceremony.head[:8] in said
        assert ceremony.script.witness.name in html
    for journey in stage.journeys:
        for card in journey.cards:
            assert card.identity.serial in html
            assert f">{card.pin}<" not in html
        assert journey.control.kcv in html
        assert journey.control.kcv in said
        for handle in journey.arrived.handles:
            if handle.version == 1 and handle.algorithm is Algorithm.SM4:
                assert f"<td>{handle.kcv}</td>" in html
    values = html[html.index("Check values from the top down") :].split("</section>")[0]
    made = {name for ceremony in stage.ceremonies for name in ceremony.names(Algorithm.SM4)}
    shown = re.findall('<th scope="row">(.*?)</th>', values)
    assert sorted(shown) == sorted(made)


def test_vaults_and_psams_open_again(played: tuple[Path, str, Stage]) -> None:
    folder, _, _ = played
    names = sorted(path.name for path in (folder / "vaults").iterdir())
    assert names == ["98.vault", "980100.vault", "99.vault", "990100.vault", "ministry.vault"]
    city = SoftwareVault.open(folder / "vaults" / "990100.vault", PASSPHRASE)
    assert any(handle.name == "UK1DF0A" for handle in city.handles())
    assert len(list((folder / "psam").glob("*.psam"))) == 4
    assert len(list((folder / "carriers").glob("*.chip"))) == 12
    assert sorted(path.name for path in folder.iterdir()) == [
        main.MARK,
        *("carriers", "ceremonies", "faces.pdf", "lists", "numbers.db", "psam", "report.html", "vaults"),
    ]


def test_commands_to_try_next_work_as_they_are_printed(played: tuple[Path, str, Stage]) -> None:
    _, said, stage = played
    printed = [line.strip() for line in said.split("Try next:")[1].splitlines() if str(SHEBAOKA) in line]
    assert printed == [command for _, command in page.next_commands(stage)]
    outputs = []
    for line in printed:
        done = subprocess.run(
            ["/bin/sh", "-c", line], stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        assert done.returncode == 0, (line, done.stderr)
        outputs.append(done.stdout.decode())
    transcript, carrier, vault, show, by_psam, by_pin, trace, own_file, check, _ = outputs
    assert "none changed, removed, inserted or reordered" in transcript
    assert "is the one signed" in transcript
    assert "2" in next(line for line in carrier.splitlines() if line.startswith("uses left"))
    assert "UKSSSE" in vault
    name = stage.card("98", "2.0").person.name
    assert name in show
    assert "not read" in by_psam
    assert "not read" not in by_pin
    assert name in trace
    assert "990100003218" in own_file
    assert "0 fail" in check


def test_the_screen_shows_every_file_of_a_card_in_a_line(played: tuple[Path, str, Stage]) -> None:
    _, said, stage = played
    assert stage.content is not None
    lines = said.split("What is on card")[1].splitlines()
    shown = {line.split()[0]: line for line in lines if line.strip()}
    for reading in stage.content.readings:
        line = shown[f"{reading.directory}/{reading.file.id}"]
        values = [item.shown("en") for item in reading.items() if item.shown("en")]
        assert values == [] or values[0][:10] in line
    assert max(cell_len(line) for line in said.split("Report:")[0].splitlines()) <= 80


def test_a_demonstration_is_replaced_but_nothing_else(tmp_path: Path) -> None:
    main.empty(tmp_path / "new")
    (tmp_path / "new" / "old-card").touch()
    main.empty(tmp_path / "new")
    assert not (tmp_path / "new" / "old-card").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with pytest.raises(main.DemoError, match="choose another with --folder"):
        main.empty(tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").exists()


def test_a_proof_that_does_not_hold_is_counted_and_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(stage: Stage) -> str:
        check(stage.people < 0, "fewer than no people")
        return ""

    stage, out = Stage(tmp_path, 1), io.StringIO()
    main._prove(Console(file=out, width=200), stage, Act("Count backwards", broken))
    assert stage.proofs[0].outcome is Outcome.FAILED
    assert "ProofFailedError: fewer than no people" in out.getvalue()


def test_a_refusal_that_does_not_come_is_a_failure() -> None:
    with pytest.raises(ProofFailedError, match="must be refused"):
        refused_by(TerminalError, lambda: None)


def test_no_key_stands_in_what_it_leaves(played: tuple[Path, str, Stage]) -> None:
    folder, out, _ = played
    files = [path for path in folder.rglob("*") if path.is_file()]
    outputs = [("console", out.encode()), *((str(path), path.read_bytes()) for path in files)]
    assert leaks(folder, outputs) == []
