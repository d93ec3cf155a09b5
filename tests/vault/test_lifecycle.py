"""Acts on keys: who may approve, what is recorded, what is refused, and what a refusal leaves behind."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shebaoka.journal.file import JournalFile
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault import lifecycle
from shebaoka.vault.file import open_file, sealed_file
from shebaoka.vault.hierarchy import set_up_ministry
from shebaoka.vault.key_blocks import export_block
from shebaoka.vault.lifecycle import ASKED, DONE, NOT_DONE, Approval
from shebaoka.vault.lives import StateError
from shebaoka.vault.model import MINISTRY, VaultError
from shebaoka.vault.software import SoftwareVault
from shebaoka.vault.states import PERMITTED, TRANSITIONS, KeyState
from vault.support import ENTRIES, PROVINCE

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
APPROVAL = Approval("chen", ("li", "wang"), "yearly")
SUITES = (Algorithm.TDES, Algorithm.SM4)


def ministry(folder: Path, suite: Algorithm = Algorithm.SM4) -> SoftwareVault:
    vault = SoftwareVault.create(folder / "vault", "open sesame", MINISTRY, work=4)
    set_up_ministry(vault, ENTRIES, suite)
    vault.save()
    return vault


@pytest.mark.parametrize(
    "persons",
    [
        ("chen", "li", "li"),
        ("chen", "li", " Li "),
        ("chen", "chen", "li"),
        ("chen", "li", "CHEN"),
        ("", "li", "wang"),
        ("chen", " ", "wang"),
    ],
)
def test_two_others_approve(persons: tuple[str, str, str]) -> None:
    with pytest.raises(VaultError, match="R-50"):
        Approval(persons[0], persons[1:], "yearly")
    with pytest.raises(VaultError, match="needs a reason"):
        Approval("chen", ("li", "wang"), " ")


@pytest.mark.parametrize("suite", SUITES)
def test_a_set_gets_one_new_version(tmp_path: Path, suite: Algorithm) -> None:
    vault = ministry(tmp_path, suite)
    made = lifecycle.rotate(vault, suite, APPROVAL, NOON)
    assert {(key.name, key.version) for key in made} == {("STK", 4), ("UK3DF01", 4)}
    for key in made:
        old = vault.find(key.name, 1, suite)
        assert (key.algorithm, key.usage, key.scope, key.reach) == (
            old.algorithm,
            old.usage,
            old.scope,
            old.reach,
        )
        assert vault.state(key) is KeyState.GENERATED
        assert lifecycle.live(vault, key.name, suite) != key


def test_what_is_not_rotated(tmp_path: Path) -> None:
    vault = ministry(tmp_path)
    before = (tmp_path / "vault").read_bytes(), vault.handles()
    for names, reason in (
        (["KID-01"], "is part of each card, PSAM or carrier"),
        (["UK1DF01"], "made no UK1DF01 for SM4"),
    ):
        with pytest.raises(VaultError, match=reason):
            lifecycle.rotate(vault, Algorithm.SM4, APPROVAL, NOON, names=names)
    with pytest.raises(VaultError, match="has no keys of its own for 3DES"):
        lifecycle.rotate(vault, Algorithm.TDES, APPROVAL, NOON)
    assert ((tmp_path / "vault").read_bytes(), vault.handles()) == before


def test_all_keys_or_none(tmp_path: Path) -> None:
    vault = ministry(tmp_path)
    before = (tmp_path / "vault").read_bytes()
    stk, uk = (vault.find(name, 1, Algorithm.SM4) for name in ("STK", "UK3DF01"))
    lifecycle.change_states(vault, [uk], KeyState.RETIRED, APPROVAL, NOON)
    kept = (tmp_path / "vault").read_bytes()
    assert kept != before
    with JournalFile.create(tmp_path / "chain", "chain") as book:
        with pytest.raises(StateError, match=r"UK3DF01 v1 .* is retired"):
            lifecycle.change_states(vault, [stk, uk], KeyState.SUSPENDED, APPROVAL, NOON, book=book)
        with pytest.raises(StateError, match="no active UK3DF01"):
            lifecycle.raise_minimums(vault, ["UK3DF01"], Algorithm.SM4, 9, APPROVAL, NOON, book=book)
        assert book.records == ()
    assert vault.state(stk) is KeyState.ACTIVE
    assert (tmp_path / "vault").read_bytes() == kept


def test_a_vault_that_cannot_be_written(tmp_path: Path) -> None:
    vault = ministry(tmp_path)
    other = SoftwareVault.open(tmp_path / "vault", "open sesame")
    lifecycle.change_states(other, [other.find("STK", 1, Algorithm.SM4)], KeyState.RETIRED, APPROVAL, NOON)
    with JournalFile.create(tmp_path / "chain", "chain") as book:
        with pytest.raises(VaultError, match="changed by another process"):
            lifecycle.rotate(vault, Algorithm.SM4, APPROVAL, NOON, book=book)
        assert [record.act for record in book.records] == [ASKED, NOT_DONE]
    assert {handle.version for handle in vault.handles() if handle.name == "STK"} == {1}


@pytest.mark.parametrize("done", [False, True])
def test_an_interrupted_record_is_settled(tmp_path: Path, done: bool) -> None:
    vault = ministry(tmp_path)
    key = vault.find("STK", 1, Algorithm.SM4)
    change = {"id": key.id, "kcv": key.kcv, "old": "active", "new": "retired"}
    with JournalFile.create(tmp_path / "chain", "chain") as book:
        book.append(ASKED, time=NOON, data={"body": str(vault.owner), "keys": [change]})
        if done:
            vault.change_state(key, KeyState.RETIRED, NOON)
            vault.save()
        settled = lifecycle.settle(vault, book, NOON)
        assert settled is not None
        assert (settled.act, settled.data["asked"]) == (DONE if done else NOT_DONE, 1)
        assert lifecycle.settle(vault, book, NOON) is None


def test_a_retired_key_leaves_in_no_key_block(tmp_path: Path) -> None:
    vault = ministry(tmp_path)
    key, other = (vault.find(name, 1, Algorithm.SM4) for name in ("STK", "UK3DF01"))
    lifecycle.change_states(vault, [key], KeyState.RETIRED, APPROVAL, NOON)
    with pytest.raises(StateError, match="is retired and may not hand down"):
        export_block(vault, key, other)
    with pytest.raises(StateError, match="is retired and may not hand down"):
        export_block(vault, key, other, PROVINCE)


def test_a_file_without_states_opens_with_active_keys(tmp_path: Path) -> None:
    import msgspec

    vault = ministry(tmp_path)
    path = tmp_path / "vault"
    seal, content = open_file(path.read_bytes(), "open sesame")
    old = msgspec.msgpack.decode(content)
    del old["ledger"]
    path.write_bytes(sealed_file(seal, msgspec.msgpack.encode(old)))
    again = SoftwareVault.open(path, "open sesame")
    assert again.handles() == vault.handles()
    assert {again.state(handle) for handle in again.handles()} == {KeyState.ACTIVE}
    assert again.tombstones() == ()


def test_the_data_of_the_states() -> None:
    assert set(TRANSITIONS) == set(PERMITTED) == set(KeyState)
    reached = {KeyState.GENERATED}
    for _ in KeyState:
        reached |= {after for state in reached for after in TRANSITIONS[state]}
    assert reached == set(KeyState)
    for state in KeyState:
        assert (not TRANSITIONS[state]) is (state is KeyState.DESTROYED)
        assert {state.label.zh} <= {"生成", "启用", "停用", "终止", "销毁"}


def test_the_reference_page_is_the_data() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/key-states.md").read_text("utf-8")
    for state in KeyState:
        after = ", ".join(each for each in KeyState if each in TRANSITIONS[state]) or "-"
        uses = ", ".join(use for use in PERMITTED[state]) or "-"
        uses = ", ".join(sorted(uses.split(", "))) if uses != "-" else "-"
        assert f"| {state} | {state.label.zh} | {after} | {uses} |" in page
    for state, following in TRANSITIONS.items():
        for after in following:
            assert f"    {state} --> {after}\n" in page
