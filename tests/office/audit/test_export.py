"""An export is verified from its file and the public key alone: whatever was done to it is named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection

from office.audit.rows import add
from shebaoka.journal.canonical import canonical, parse
from shebaoka.journal.checkpoint import read_checkpoint
from shebaoka.journal.classify import Tampering
from shebaoka.journal.export import Report, heading_key, verify_export
from shebaoka.office.audit.checkpoints import checkpoint_take
from shebaoka.office.audit.exporting import export
from shebaoka.office.audit.inspection import verify_database
from shebaoka.office.audit.signing import key_file, public_key, signed_by

pytestmark = pytest.mark.django_db
Change = Callable[[list[bytes]], None]


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """Two chains, two checkpoints, one row after the last of them."""
    add("980100", 6)
    add("990100", 2)
    checkpoint_take()
    add("980100", 2)
    checkpoint_take()
    add("990100", 1)
    path = tmp_path / "audit.jsonl"
    assert export(path) == 11
    return path


def verified(path: Path, checkpoint: str | None = None) -> Report:
    return verify_export(path, signed_by(public_key(settings.CONFIGURATION)), checkpoint=checkpoint)


def test_an_untouched_export_holds(exported: Path) -> None:
    report = verified(exported)
    assert report.findings == []
    assert (report.rows, report.checkpoints, report.open_rows) == (11, 2, 1)
    assert {chain: head.sequence for chain, head in report.chains.items()} == {"980100": 8, "990100": 3}
    assert verified(exported, report.last_checkpoint).good
    assert heading_key(exported) == public_key(settings.CONFIGURATION)
    assert exported.stat().st_mode & 0o777 == 0o600
    assert key_file(settings.CONFIGURATION).stat().st_mode & 0o777 == 0o600


# lines: 0 heading, 1-2 checkpoints, 3 chain 980100, 4-11 its records, 12 chain 990100, 13-15 its records


def _change(lines: list[bytes]) -> None:
    lines[6] = lines[6].replace("完好".encode(), "破损".encode())


def _remove(lines: list[bytes]) -> None:
    del lines[6]


def _insert(lines: list[bytes]) -> None:
    lines.insert(6, lines[14])


def _reorder(lines: list[bytes]) -> None:
    lines[6], lines[7] = lines[7], lines[6]


def _cut(lines: list[bytes]) -> None:
    del lines[10:12]
    lines[3] = canonical({"chain": "980100", "rows": 6})


def _drop_chain(lines: list[bytes]) -> None:
    del lines[3:12]


def _forge(lines: list[bytes]) -> None:
    value = parse(lines[2])
    value["content"]["heads"]["980100"][0] = 7
    lines[2] = canonical(value)


def _drop_checkpoint(lines: list[bytes]) -> None:
    del lines[1]


@pytest.mark.parametrize(
    ("change", "where", "number", "kind"),
    [
        (_change, "980100", 3, Tampering.CHANGED),
        (_remove, "980100", 3, Tampering.REMOVED),
        (_insert, "980100", 3, Tampering.INSERTED),
        (_reorder, "980100", 4, Tampering.REORDERED),
        (_cut, "980100", 7, Tampering.REMOVED),
        (_drop_chain, "980100", 1, Tampering.REMOVED),
        (_forge, "checkpoint", 2, Tampering.CHANGED),
        (_drop_checkpoint, "checkpoint", 1, Tampering.REMOVED),
    ],
)
def test_what_was_done_is_named(
    exported: Path, change: Change, where: str, number: int, kind: Tampering
) -> None:
    lines = exported.read_bytes().splitlines()
    change(lines)
    exported.write_bytes(b"\n".join(lines) + b"\n")
    found = verified(exported).findings[0]
    assert (found.where, found.number, found.kind) == (where, number, kind), str(found)


def test_a_chain_made_anew_is_named_by_its_checkpoint(exported: Path, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM audit_row WHERE chain_id = '980100'")
        cursor.execute("DELETE FROM audit_chain WHERE code = '980100'")
        cursor.execute("SET session_replication_role = DEFAULT")
    add("980100", 8, note="另一种说法")
    again = tmp_path / "again.jsonl"
    export(again)
    (found,) = verified(again).findings
    assert (found.where, found.number, found.kind) == ("980100", 6, Tampering.CHANGED)
    assert "checkpoint 1" in found.text


def test_checkpoints_of_another_key_are_forged(exported: Path) -> None:
    stranger = Ed25519PrivateKey.generate()
    lines = exported.read_bytes().splitlines()
    for number in (1, 2):
        content = read_checkpoint(canonical(parse(lines[number])["content"])).content()
        lines[number] = canonical({"content": parse(content), "signature": stranger.sign(content).hex()})
    exported.write_bytes(b"\n".join(lines) + b"\n")
    assert [found.number for found in verified(exported).findings] == [1, 2]


def test_cut_off_checkpoints_are_missed_by_the_hash_on_paper(exported: Path) -> None:
    last = verified(exported).last_checkpoint
    lines = exported.read_bytes().splitlines()
    heading = {**parse(lines[0]), "checkpoints": 1}
    exported.write_bytes(b"\n".join([canonical(heading), lines[1], *lines[3:]]) + b"\n")
    assert verified(exported).good
    assert [found.where for found in verified(exported, last).findings] == ["checkpoint"]


def test_a_file_that_ends_in_the_middle_of_a_record_is_named(exported: Path) -> None:
    exported.write_bytes(exported.read_bytes()[:-40])
    (found,) = verified(exported).findings
    assert (found.where, found.number) == ("990100", 3)


def test_the_database_itself_is_verified_with_its_columns() -> None:
    add("980100", 3)
    assert checkpoint_take() is not None
    assert checkpoint_take() is None
    assert verify_database().good
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE audit_row SET actor = 'somebody-else' WHERE sequence = 2")
        cursor.execute("SET session_replication_role = DEFAULT")
    (found,) = verify_database().findings
    assert (found.where, found.number, found.kind) == ("980100", 2, Tampering.CHANGED)
