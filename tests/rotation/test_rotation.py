"""The keys of a country get a next version: from the vault of the ministry to terminals with all cards."""

from pathlib import Path

import pytest

from rotation.regions import PASSPHRASE, SUITE, Regions, regions, terminal, twin
from shebaoka.chip.chip import Chip
from shebaoka.journal.verify import verify_file
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.terminal.errors import CloneError, NotMatchingError
from shebaoka.terminal.keys import KeySource
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.updating import Change, update
from shebaoka.terminal.vault_keys import VaultKeys
from shebaoka.vault.carried import seal_for
from shebaoka.vault.file import open_file
from shebaoka.vault.hierarchy import hand_down
from shebaoka.vault.lifecycle import DONE, live
from shebaoka.vault.lives import StateError
from shebaoka.vault.model import KeyNotFoundError
from shebaoka.vault.software import SoftwareVault
from shebaoka.vault.states import KeyState

CHANGES = [Change("DF01", 0xEF07, 0x29, "1"), Change("DF03", 0xEF07, 0x71, "650100")]


def works(card: Chip, keys: Chip | KeySource) -> bool:
    """Genuine, written under update keys and read again; nothing was counted against it."""
    session = terminal(card, keys)
    assert session.authentic
    update(session, CHANGES)
    return read_file(terminal(card, keys), "DF03", 0xEF07).value(0x71) == "650100"


def content(vault: Path) -> bytes:
    """What lies in the vault's file, unsealed."""
    return open_file(vault.read_bytes(), PASSPHRASE)[1]


def advanced(folder: Path) -> tuple[Regions, Chip, Chip]:
    """Version 2 is made, handed down and active everywhere; a card and a PSAM from before."""
    own = regions(folder)
    old_card, old_psam = own.card(1), own.psam(1)
    for vault in (own.ministry, own.province):
        assert {own_key.version for own_key in own.rotate(vault)} == {2}
    own.carry()
    for vault in own.all:
        assert vault.state(live(vault, "IRK", SUITE)) is KeyState.ACTIVE
        assert live(vault, "IRK", SUITE).version == 1, "handed down, not yet in use"
        own.change(vault, 2, KeyState.ACTIVE)
        assert live(vault, "IRK", SUITE).version == 2
    return own, old_card, old_psam


def test_old_and_new_cards_at_one_terminal(tmp_path: Path) -> None:
    own, old_card, old_psam = advanced(tmp_path)
    psam = own.psam(2, beside=(2,))
    new_card = own.card(2)
    for vault in own.all:
        own.change(vault, 1, KeyState.RETIRED)
    newest_card = own.card(3)
    for card in (old_card, new_card, newest_card):
        assert works(card, psam)
        assert works(card, VaultKeys(own.city))
        assert terminal(card, VaultKeys(own.ministry)).authentic
    assert works(old_card, old_psam)
    with pytest.raises(CloneError):  # the terminals get their PSAMs before the cards come
        terminal(twin(newest_card), old_psam)
    newest_psam = own.psam(3, version=2)
    assert works(newest_card, newest_psam)
    assert works(new_card, newest_psam)


def test_before_activation_nothing_is_made_with_the_next_version(tmp_path: Path) -> None:
    own = regions(tmp_path)
    own.rotate(own.ministry)
    own.carry()
    card = own.card(1)
    assert works(card, own.psam(1))
    key = own.ministry.find("IRK", 2, SUITE)
    with pytest.raises(StateError, match=r"IRK v2 .* is generated"):
        own.ministry.psam_loading(
            key,
            0x67,
            0x08,
            master=own.ministry.cipher(key),
            challenge=bytes(4),
            header=bytes.fromhex("84D40011"),
        )
    with pytest.raises(StateError, match="activate or destroy it first"):
        own.rotate(own.ministry)


def test_below_the_minimum_a_card_is_refused_with_the_reason(tmp_path: Path) -> None:
    own, old_card, _ = advanced(tmp_path)
    new_card = own.card(2)
    for vault in own.all:
        own.change(vault, 1, KeyState.RETIRED)
        own.raise_minimum(vault, 2)
    before = dict(old_card.state)
    sources: list[Chip | KeySource] = [VaultKeys(own.city), VaultKeys(own.ministry), own.psam(3, version=2)]
    for source in sources:
        with pytest.raises(NotMatchingError, match=r"holds none of the key versions 2 .*no longer accepted"):
            terminal(old_card, source)
        assert dict(old_card.state) == before
        assert terminal(new_card, source).authentic
    assert works(new_card, sources[0])
    with pytest.raises(StateError, match="IRK version 1 is below the minimum version 2 for SM4"):
        own.city.cipher(own.city.find("IRK", 1, SUITE))


def test_a_retired_version_makes_no_cards(tmp_path: Path) -> None:
    own = regions(tmp_path)
    files = {path: path.read_bytes() for path in tmp_path.glob("*.vault")}
    own.change(own.city, 1, KeyState.RETIRED)
    with pytest.raises(PersonalizationError, match=r"v1 .* is retired and may not make cards"):
        own.card(1)
    own.change(own.ministry, 1, KeyState.RETIRED)
    key = own.ministry.find("IRK", 1, SUITE)
    with pytest.raises(StateError, match="is retired and may not hand down; use the next version"):
        hand_down(own.ministry, own.province, [key])
    with pytest.raises(StateError, match="is retired and may not hand down"):
        seal_for(own.ministry, [key], own.province.owner, own.ministry.cipher(key), bytes(8))
    assert (tmp_path / "province.vault").read_bytes() == files[tmp_path / "province.vault"]


def test_a_destroyed_version_is_gone_and_cannot_come_back(tmp_path: Path) -> None:
    own, *_ = advanced(tmp_path)
    key = own.city.find("IRK", 1, SUITE)
    secret = own.city._secret(key).reveal()
    upper = own.province.find("IRK", 1, SUITE)
    own.change(own.city, 1, KeyState.RETIRED)
    assert secret in content(tmp_path / "city.vault")
    own.change(own.city, 1, KeyState.DESTROYED)
    again = SoftwareVault.open(tmp_path / "city.vault", PASSPHRASE)
    assert secret not in content(tmp_path / "city.vault")
    with pytest.raises(KeyNotFoundError, match="IRK v1 SM4, destroyed 2026-03-04"):
        again.find("IRK", 1, SUITE)
    assert again.state(key) is KeyState.DESTROYED
    held = again.handles()
    assert own.province.state(upper) is KeyState.ACTIVE
    with pytest.raises(StateError, match="this version never comes back"):
        own.carry()
    assert SoftwareVault.open(tmp_path / "city.vault", PASSPHRASE).handles() == held


def test_every_act_stands_in_the_chain(tmp_path: Path) -> None:
    own, *_ = advanced(tmp_path)
    own.change(own.ministry, 1, KeyState.RETIRED)
    records = verify_file(tmp_path / "nation.jsonl").records
    asked, done = records[::2], records[1::2]
    assert {record.act for record in done} == {DONE}
    assert [record.data["asked"] for record in done] == [record.sequence for record in asked]
    last = asked[-1]
    assert last.persons == {"requester": "陈一", "approver 1": "李二", "approver 2": "王三"}
    irk = own.ministry.find("IRK", 1, SUITE)
    assert {"id": irk.id, "kcv": irk.kcv, "old": "active", "new": "retired"} in last.data["keys"]
    assert last.data["reason"] == "年度轮换"
    secrets = [own.ministry._secret(handle).reveal() for handle in own.ministry.handles()]
    text = (tmp_path / "nation.jsonl").read_bytes().upper()
    assert not [secret for secret in secrets if secret.hex().upper().encode() in text]
