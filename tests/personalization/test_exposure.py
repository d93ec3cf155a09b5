"""Lose a carrier: its subtree and, from the return files, its cards; against the keys found on the chips."""

import csv
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from carriers.support import PINS, SERIALS, blank, transport
from personalization.support import ISSUED, clock, people_csv, product
from shebaoka.carriers.export import export_keys
from shebaoka.carriers.identity import Identity
from shebaoka.carriers.issue import issue_carrier
from shebaoka.carriers.keys import set_up_carriers
from shebaoka.codec.reset import parse_atr
from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.crypto.factors import card_factor
from shebaoka.crypto.formulas import diversify
from shebaoka.personalization.batch import Order, prepare_batch
from shebaoka.personalization.batch_keys import KEYS, keys_of_batch
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.exposure import CARD_COLUMNS, AffectedCard, affected_cards, write_affected
from shebaoka.personalization.making import make_cards
from shebaoka.personalization.mapping import MappingFile
from shebaoka.personalization.numbering import NumberRegister
from shebaoka.personalization.psam_contents import loaded_keys, made_keys, wiped
from shebaoka.personalization.returns import COLUMNS
from shebaoka.psam.carrier.state import MOTHER, TRANSMISSION
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.vault.card_records import CardRecords, read_card_records
from shebaoka.vault.catalogue import SUITES
from shebaoka.vault.contents import Act, Contents, KeyFact, fact_of, held
from shebaoka.vault.exposure import Exposure, Hold, Loss, exposure, lost_cards, lost_hsm, lost_key
from shebaoka.vault.hierarchy import child_factor, hand_down, set_up_city, set_up_ministry, set_up_province
from shebaoka.vault.model import MINISTRY, Body, KeyHandle, Level
from shebaoka.vault.software import SoftwareVault

PROVINCES = (Body(Level.PROVINCE, "98", "示例甲省"), Body(Level.PROVINCE, "99", "示例乙省"))
CITIES = tuple(Body(Level.CITY, code, code) for code in ("980100", "980200", "990100"))
BODIES = (MINISTRY, *PROVINCES, *CITIES)
BATCHES = (  # city, generation, cipher, cards
    ("980100", "2.0", "3DES", 3),
    ("980100", "3.0", "SM4", 2),
    ("980200", "2.0", "3DES", 2),
    ("980200", "3.0", "SM4", 2),
    ("990100", "3.0", "SM4", 3),
)


@dataclass(frozen=True)
class Country:
    vaults: dict[str, SoftwareVault]
    batches: tuple[Path, ...]

    @property
    def facts(self) -> tuple[KeyFact, ...]:
        return tuple(fact_of(handle) for vault in self.vaults.values() for handle in vault.handles())

    def of(self, *codes: str) -> tuple[Path, ...]:
        """The batches of these cities."""
        return tuple(path for path in self.batches if path.name[:6] in codes)

    def affected(self, found: Exposure) -> list[AffectedCard]:
        return [card for batch in self.batches for card in affected_cards(found, batch)]

    def lose(self, *losses: Loss, contents: Iterable[Contents] = ()) -> Exposure:
        return exposure(losses, self.facts, contents)


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Country:
    folder = tmp_path_factory.mktemp("country")
    vaults = {body.code: SoftwareVault.create(None, "", body) for body in BODIES}
    for suite in SUITES:
        set_up_ministry(vaults[""], key_catalogue(), suite)
        for body in PROVINCES:
            set_up_province(vaults[body.code], key_catalogue(), suite)
        for body in CITIES:
            set_up_city(vaults[body.code], key_catalogue(), suite)
        for vault in vaults.values():
            set_up_carriers(vault, suite)
    for body in BODIES[1:]:
        hand_down(vaults[body.code[:2] if body.level is Level.CITY else ""], vaults[body.code])
    batches = []
    for number, (city, layout, algorithm, count) in enumerate(BATCHES):
        people = people_csv(folder / f"people{number}.csv", 20 * (number + 1))
        lines = people.read_text("utf-8").splitlines(keepends=True)
        people.write_text("".join((lines[0], *lines[-count:])), "utf-8")
        order = Order(people, MappingFile(), product((layout, algorithm)), ISSUED)
        batch = folder / f"{city}-{number}"
        with NumberRegister(folder / f"{city}.numbers") as register:
            prepare_batch(batch, order, vaults[city], register)
        assert make_cards(batch, vaults[city], workers=1, clock=clock).made == count
        batches.append(batch)
    return Country(vaults, tuple(batches))


def export(
    country: Country, to: Body, path: Path, suite: Algorithm, handles: list[KeyHandle] | None = None
) -> dict[str, Contents]:
    """A real export for ``to``; what its journal says afterwards, the cards being gone."""
    above = country.vaults[to.code[:2] if to.level is Level.CITY else ""]
    readers = {}
    with CardRecords(path, above.owner) as records:
        for kind in (MOTHER, TRANSMISSION):
            readers[kind] = InProcessReader(blank(kind, suite))
            own = Identity(kind, SERIALS[kind], above.owner, to, suite, ISSUED)
            issue_carrier(readers[kind], above, own, PINS[kind], 3, transport(suite), note=records.note)
        export_keys(above, readers[MOTHER], readers[TRANSMISSION], to, handles, note=records.note)
    return held(read_card_records(path))


def cards_of(batches: Iterable[Path]) -> set[str]:
    found = set()
    for batch in batches:
        with (batch / "return.csv").open(encoding="utf-8-sig", newline="") as file:
            found |= {line["card_number"] for line in csv.DictReader(file) if line["status"] == "made"}
    return found


def cards_by_derivation(country: Country, lost: Iterable[tuple[KeyHandle, Body]]) -> set[str]:
    """The cards on whose chips lies a key that can be computed from the lost ones: every image of every
    batch is searched for every key, whatever any list says. ``lost``: sub-keys of handles for bodies."""
    roots = []
    for handle, body in lost:
        vault = country.vaults[handle.owner.code]
        roots.append(vault.cipher(handle, child_factor(body)))
        if body.level is Level.PROVINCE:
            cities = [city for city in CITIES if city.code.startswith(body.code)]
            roots += [vault.cipher(handle, child_factor(body), child_factor(city)) for city in cities]
    found = set()
    for batch in country.batches:
        with (batch / "return.csv").open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
        for line in lines:
            image = (batch / "cards" / f"{line['identification_code'][16:24]}.card").read_bytes()
            factor = card_factor(parse_atr(bytes.fromhex(line["atr"])).historical)
            if any(_card_key(root, factor) in image for root in roots):
                found.add(line["card_number"])
    return found


def _card_key(root: BlockCipher, factor: bytes) -> bytes:
    """The 16 bytes of a card's key as its chip stores them, K ‖ K for a key of 8: what the city's key makes
    of the factor is the card's key."""
    if root.algorithm is Algorithm.DES:
        return root.encrypt(factor) * 2
    return root.encrypt(factor + bytes(byte ^ 0xFF for byte in factor))


def test_the_oracle_derives_as_the_standard_does() -> None:
    for algorithm in (Algorithm.TDES, Algorithm.SM4):
        root = SoftwareCipher(algorithm, bytes(range(16)))
        key = _card_key(root, b"12345678")
        expected = diversify(root, b"12345678").encrypt(bytes(16))
        assert SoftwareCipher(algorithm, key).encrypt(bytes(16)) == expected


@pytest.mark.parametrize("suite", SUITES)
def test_a_city_mother_card_lists_its_subtree_and_its_cards(
    country: Country, tmp_path: Path, suite: Algorithm
) -> None:
    to = CITIES[0]
    contents = export(country, to, tmp_path / "98.carried", suite)
    found = country.lose(*lost_cards(contents, [SERIALS[MOTHER]]), contents=contents.values())
    assert {exposed.key.owner for exposed in found.keys} == {"980100"}
    affected = country.affected(found)
    algorithms = ("3DES", "SM4") if suite is Algorithm.SM4 else ("3DES",)  # an SM4 card carries both
    wanted = [
        batch
        for batch, (city, _, cipher, _) in zip(country.batches, BATCHES, strict=True)
        if city == "980100" and cipher in algorithms
    ]
    assert {card.card_number for card in affected} == cards_of(wanted)
    assert {card.city for card in affected} == {"980100"}
    assert {card.hold for card in affected} == {Hold.SEALED}
    carried = {(key.name, key.version, key.algorithm) for key in contents[SERIALS[MOTHER]].keys}
    lost = [
        (handle, to)
        for handle in country.vaults["98"].handles()
        if (handle.name, handle.version, handle.algorithm.label) in carried
    ]
    assert {card.card_number for card in affected} == cards_by_derivation(country, lost)


def test_a_province_mother_card_lists_all_its_cities(country: Country, tmp_path: Path) -> None:
    to = PROVINCES[0]
    contents = export(country, to, tmp_path / "nation.carried", Algorithm.SM4)
    both = lost_cards(contents, [SERIALS[MOTHER], SERIALS[TRANSMISSION]])
    found = country.lose(*both, contents=contents.values())
    assert {exposed.key.owner for exposed in found.keys} == {"98", "980100", "980200"}
    affected = country.affected(found)
    assert {card.card_number for card in affected} == cards_of(country.of("980100", "980200"))
    assert {card.hold for card in affected} == {Hold.KNOWN}
    carried = {key.parent for key in contents[SERIALS[MOTHER]].keys}
    lost = [(handle, to) for handle in country.vaults[""].handles() if handle.id in carried]
    assert {card.card_number for card in affected} == cards_by_derivation(country, lost)


def test_the_cards_of_a_city_without_a_list_are_found_through_its_province(
    country: Country, tmp_path: Path
) -> None:
    contents = export(country, PROVINCES[0], tmp_path / "nation.carried", Algorithm.SM4)
    found = exposure(lost_cards(contents, [SERIALS[MOTHER]]), (), contents.values())
    assert {exposed.key.owner for exposed in found.keys} == {"98"}
    cards = {card.card_number for card in country.affected(found)}
    assert cards == cards_of(country.of("980100", "980200"))


@pytest.mark.parametrize("version", [1, 2])
def test_one_version_on_the_card_exposes_one_version(country: Country, tmp_path: Path, version: int) -> None:
    to, above = CITIES[1], country.vaults["98"]
    handles = [h for h in above.handles() if (h.name, h.version) == ("IRK", version)]
    contents = export(country, to, tmp_path / "98.carried", Algorithm.SM4, handles)
    found = country.lose(*lost_cards(contents, [SERIALS[MOTHER]]), contents=contents.values())
    assert {(e.key.owner, e.key.name, e.key.version) for e in found.keys} == {("980200", "IRK", version)}
    affected = {card.card_number for card in country.affected(found)}
    assert affected == cards_of(country.of("980200"))
    assert affected == cards_by_derivation(country, [(handle, to) for handle in handles])


def test_cards_made_with_one_version_only_are_told_apart(country: Country, tmp_path: Path) -> None:
    """Two batches of one city: after a rotation the second has version 2 only, as its key list says."""
    first, second = country.of("980100")
    for name, kept in ((first, 1), (second, 2)):
        copy = tmp_path / name.name
        copy.mkdir()
        facts = msgspec.json.decode((name / KEYS).read_bytes(), type=list[KeyFact])
        facts = [fact for fact in facts if fact.version == kept]
        (copy / KEYS).write_bytes(msgspec.json.encode(facts))
        (copy / "return.csv").write_bytes((name / "return.csv").read_bytes())
    both = [tmp_path / first.name, tmp_path / second.name]
    for algorithm, wanted in (("3DES", both[0]), ("SM4", None)):
        found = country.lose(lost_key(country.facts, f"980100:IRK:1:{algorithm}"))
        tallies = write_affected(found, both, None)
        assert [t.file.parent for t in tallies if t.affected] == ([wanted] if wanted else [])
    found = country.lose(lost_key(country.facts, "980100:IRK:2:SM4"))
    assert [t.affected for t in write_affected(found, both, None)] == [0, 2]


def test_carriers_without_application_keys_affect_no_card(country: Country, tmp_path: Path) -> None:
    contents = export(country, CITIES[0], tmp_path / "98.carried", Algorithm.SM4)
    found = country.lose(*lost_cards(contents, [SERIALS[TRANSMISSION]]), contents=contents.values())
    assert (found.keys, country.affected(found)) == ((), [])
    control = country.lose(lost_key(country.facts, "98:MCK:1:SM4"))
    assert {exposed.key.name for exposed in control.keys} == {"MCK"}
    assert country.affected(control) == []


def test_a_psam_lists_its_keys_by_level_and_the_cards_they_open(country: Country, tmp_path: Path) -> None:
    number, now = "980100000001", clock()
    records = [(Act.FILLED, made_keys(country.vaults[""], SUITES, number, now))]
    scopes = {"": "nation", "98": "province", "980100": "city"}
    for code, scope in scopes.items():
        own = [(e, Algorithm.SM4) for e in key_catalogue("3.0") if e.scope == scope]
        records.append((Act.FILLED, loaded_keys(country.vaults[code], own, number, now)))
    contents = held(records)
    by_level = {level: {key.name for key in contents[number].keys if key.level is level} for level in Level}
    assert {"DPK", "IRK", "KID-01"} <= by_level[Level.NATION]
    assert {"BK", "KID-02"} <= by_level[Level.PROVINCE]
    assert by_level[Level.CITY] == {"KID-03", "ADF-MK", "DDF-MK"}
    known = {fact.id: fact for fact in country.facts}
    assert all(known[key.id] == key for key in contents[number].keys if key.id in known)
    assert {key.id for key in contents[number].keys} <= set(known) | {"980100:DDF-MK:1:SM4"}
    found = country.lose(*lost_cards(contents, [number]), contents=contents.values())
    assert {exposed.hold for exposed in found.keys} == {Hold.USABLE}
    sm4 = {card.card_number for card in country.affected(found)}
    assert sm4 == cards_of(
        b for b, (_, _, cipher, _) in zip(country.batches, BATCHES, strict=True) if cipher == "SM4"
    )
    gone = held([*records, (Act.EMPTIED, wiped(country.vaults["98"].owner, number, now))])
    assert country.lose(*lost_cards(gone, [number]), contents=gone.values()).keys == ()


def test_a_lost_hsm_of_a_city_exposes_the_master_keys_of_its_cards(country: Country) -> None:
    found = country.lose(lost_hsm(country.facts, "990100"))
    assert {exposed.key.owner for exposed in found.keys} == {"990100"}
    assert {"MF-MK", "ISSUER-MAC", "IRK"} <= {exposed.key.name for exposed in found.keys}
    assert {card.card_number for card in country.affected(found)} == cards_of(country.of("990100"))
    code = country.lose(lost_key(country.facts, "980200:ISSUER-MAC:1:SM4"))
    assert {card.file.parent for card in country.affected(code)} == {country.batches[3]}


def test_the_ministry_root_reaches_every_card_with_it(country: Country) -> None:
    found = country.lose(*(lost_key(country.facts, f"nation:IRK:1:{cipher}") for cipher in ("3DES", "SM4")))
    assert {card.card_number for card in country.affected(found)} == cards_of(country.batches)


def test_a_batch_notes_its_keys_and_an_older_one_is_judged_by_its_product(
    country: Country, tmp_path: Path
) -> None:
    for batch in country.batches:
        noted = keys_of_batch(batch)
        old = tmp_path / batch.name
        old.mkdir()
        (old / "batch.json").write_bytes((batch / "batch.json").read_bytes())
        assert keys_of_batch(old) == noted
        assert (batch / KEYS).stat().st_mode & 0o777 == 0o600
    assert keys_of_batch(tmp_path) is None
    (tmp_path / KEYS).write_text("{", "utf-8")
    with pytest.raises(PersonalizationError, match="cannot be read"):
        keys_of_batch(tmp_path)


def test_a_return_file_that_was_moved_counts_what_is_possible(country: Country, tmp_path: Path) -> None:
    moved = tmp_path / "returned-2026.csv"
    moved.write_bytes((country.batches[0] / "return.csv").read_bytes())
    found = country.lose(lost_key(country.facts, "980100:IRK:1:3DES"))
    (tally,) = write_affected(found, [moved], None)
    assert (tally.made, tally.affected, tally.exact) == (3, 3, False)
    control = country.lose(lost_key(country.facts, "98:MCK:1:3DES"), lost_hsm(country.facts, "99"))
    assert write_affected(control, [moved], None)[0].affected == 0


def test_the_list_of_cards_is_written_whole_or_not(country: Country, tmp_path: Path) -> None:
    output = tmp_path / "affected.csv"
    found = country.lose(lost_hsm(country.facts, "980100"))
    tallies = write_affected(found, country.batches, output)
    assert [tally.affected for tally in tallies] == [3, 2, 0, 0, 0]
    with output.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == CARD_COLUMNS
    assert {row["card_number"] for row in rows} == cards_of(country.of("980100"))
    assert output.stat().st_mode & 0o777 == 0o600
    before = output.read_bytes()
    with pytest.raises(PersonalizationError, match="is no return file"):
        write_affected(found, [*country.batches, country.batches[0] / KEYS], output)
    assert output.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no return file"),
        (b"a,b\n", "is no return file"),
        (",".join(COLUMNS).encode() + b"\n2,,\n", "line 2 is cut off"),
        (b"\xff\xfe\xff", "cannot be read"),
    ],
)
def test_other_files_are_refused(country: Country, tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "return.csv"
    path.write_bytes(content)
    found = country.lose(lost_hsm(country.facts, "980100"))
    with pytest.raises(PersonalizationError, match=message):
        write_affected(found, [path], None)


def test_a_hundred_thousand_cards_are_sorted_in_seconds(country: Country, tmp_path: Path) -> None:
    with (country.batches[0] / "return.csv").open(encoding="utf-8-sig", newline="") as file:
        line = list(csv.reader(file))[1]
    path = tmp_path / "return.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(100_000):
            code = ("980100", "980200", "990100")[number % 3] + line[3][6:]
            writer.writerow((number, *line[1:3], code, *line[4:]))
    (tmp_path / KEYS).write_bytes((country.batches[0] / KEYS).read_bytes())
    found = country.lose(lost_hsm(country.facts, "98"))
    begun = time.perf_counter()
    (tally,) = write_affected(found, [tmp_path], tmp_path / "affected.csv")
    assert time.perf_counter() - begun < 15
    assert (tally.made, tally.affected, tally.exact) == (100_000, 66_667, True)
