import pytest

from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.factors import city_factor, province_factor
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.catalogue import card_definitions
from shebaoka.vault.hierarchy import hand_down, set_up_city, set_up_ministry
from shebaoka.vault.model import (
    MINISTRY,
    Body,
    HierarchyError,
    KeyDefinition,
    KeyNotFoundError,
    Kind,
    Level,
    VaultError,
)
from shebaoka.vault.software import SoftwareVault
from vault.support import CITY, ENTRIES, OTHER_PROVINCE, PROVINCE, entry, hierarchy, root_of

CITY_ROOT_UK1DF01 = {
    Algorithm.TDES: "4F84CE7AF0295DC0EAB822852CF109E9",
    Algorithm.SM4: "5A0F27A1E7D9D135498A75189CEE9B0B",
}
CARD_UK1DF01 = {
    Algorithm.TDES: "7E80F84B96CD6F598E7AED915D2E5E0A",
    Algorithm.SM4: "2E6EBD84DA167ADA8AE091305C804304",
}
CARD_STK = {Algorithm.TDES: "C8663E507390BCC2" * 2, Algorithm.SM4: "168CE9E79CB7F958C91E14BDEB39BD9E"}
CARD_FACTOR = bytes.fromhex("1234650100000001")
MASTER = SoftwareCipher(Algorithm.TDES, bytes(range(16)))


def memory(body: Body) -> SoftwareVault:
    return SoftwareVault.create(None, "", body)


@pytest.mark.parametrize("suite", [Algorithm.TDES, Algorithm.SM4])
def test_three_steps_give_the_known_keys(suite: Algorithm) -> None:
    bodies = (MINISTRY, Body(Level.PROVINCE, "65", ""), Body(Level.CITY, "650100", ""))
    ministry, province, city = map(memory, bodies)
    for definition in card_definitions([*ENTRIES, entry("UK1DF01", Scope.NATION)], suite, Scope.NATION):
        if definition.version == 1:
            ministry.import_test_key(definition, root_of(definition.name, definition.algorithm.key_size))
    hand_down(ministry, province)
    hand_down(province, city)
    handle = city.find("UK1DF01", 1, suite)

    def plain(name: str, *factors: bytes) -> str:
        return MASTER.decrypt(city.wrap_for_chip(city.find(name, 1, suite), factors, MASTER)).hex().upper()

    assert plain("UK1DF01") == CITY_ROOT_UK1DF01[suite]
    assert plain("UK1DF01", CARD_FACTOR) == CARD_UK1DF01[suite]
    assert plain("STK", CARD_FACTOR) == CARD_STK[suite]
    assert handle.parent == province.find("UK1DF01", 1, suite).id
    assert bytes.fromhex(handle.factor) == city_factor("650100")
    assert handle.kind is Kind.SUB_KEY
    assert handle.test_only
    steps = [province_factor("650100"), city_factor("650100")]
    national = ministry.wrap_for_chip(ministry.find("UK1DF01", 1, suite), steps, MASTER)
    assert national == city.wrap_for_chip(handle, [], MASTER)


def test_each_body_makes_only_its_own_kind() -> None:
    def definition(scope: Scope) -> KeyDefinition:
        return KeyDefinition("UKX", "update", Algorithm.SM4, scope=scope)

    for body, own in ((MINISTRY, Scope.NATION), (PROVINCE, Scope.PROVINCE), (CITY, Scope.CITY)):
        vault = memory(body)
        for scope in Scope:
            if scope is own:
                continue
            with pytest.raises(HierarchyError, match=rf"UKX is a key of scope {scope}.*R-24"):
                vault.generate(definition(scope))
            assert vault.handles() == ()
        assert vault.generate(definition(own)).kind is Kind.ROOT


def test_sub_keys_reach_the_levels_below() -> None:
    tree = hierarchy()
    assert {handle.name for handle in tree.city.handles()} == {
        *("STK", "UK3DF01", "UK1DF01", "UKLOCAL", "MF-MK", "SSSE-MK", "ISSUER-MAC"),
        *("ADF-MK", "DDF-MK", "KID-03"),
    }
    assert {h.version for h in tree.city.handles() if h.name == "UK3DF01"} == {1, 2, 3}
    assert "KID-02" in {handle.name for handle in tree.province.handles()}
    assert "KID-01" not in {handle.name for handle in tree.province.handles()}
    assert tree.city.find("STK").algorithm is Algorithm.DES
    assert all(handle.level is Level.CITY for handle in tree.city.handles())


def test_both_sets_coexist_and_set_up_again_changes_nothing() -> None:
    tree = hierarchy()
    before = tree.ministry.handles()
    set_up_ministry(tree.ministry, ENTRIES, Algorithm.TDES)
    assert tree.ministry.handles() == before
    set_up_ministry(tree.ministry, ENTRIES, Algorithm.SM4)
    assert len(tree.ministry.handles()) == 2 * len(before)
    sets = {tree.ministry.find("STK", 1, suite).algorithm for suite in (Algorithm.TDES, Algorithm.SM4)}
    assert sets == {Algorithm.DES, Algorithm.SM4}


def test_hand_down_again_is_harmless_and_a_changed_root_is_refused() -> None:
    tree = hierarchy()
    before = tree.city.handles()
    hand_down(tree.province, tree.city)
    assert tree.city.handles() == before
    impostor = memory(PROVINCE)
    impostor.generate(KeyDefinition("UK1DF01", "update", Algorithm.TDES, scope=Scope.PROVINCE))
    with pytest.raises(VaultError, match="here already with another value"):
        hand_down(impostor, tree.city)
    assert tree.city.handles() == before


def test_no_step_is_skipped_and_no_region_crossed() -> None:
    tree = hierarchy()
    foreign = memory(OTHER_PROVINCE)
    for parent, child in ((tree.ministry, memory(CITY)), (tree.city, memory(CITY))):
        with pytest.raises(VaultError):
            hand_down(parent, child)
        assert child.handles() == ()
    with pytest.raises(HierarchyError, match="not a body just below"):
        hand_down(tree.province, foreign, [tree.province.find("UK1DF01")])
    city_of_other = memory(Body(Level.CITY, "990100", "示例乙市"))
    with pytest.raises(HierarchyError, match="not a body just below"):
        hand_down(tree.province, city_of_other, [tree.province.find("UK1DF01")])
    assert city_of_other.handles() == foreign.handles() == ()


def test_a_package_serves_one_receiver_once() -> None:
    tree = hierarchy()
    handle = tree.province.find("UK1DF01")
    fresh = memory(CITY)
    package = tree.province.hand_over([handle], CITY, city_factor("980100"), fresh.reception())
    with pytest.raises(VaultError, match="damaged or was sealed to another reception"):
        fresh.take_over(package[:-1] + bytes((package[-1] ^ 1,)))
    with pytest.raises(VaultError, match="no reception open"):
        memory(CITY).take_over(package)
    assert fresh.handles() == ()
    assert [h.name for h in fresh.take_over(package)] == ["UK1DF01"]
    with pytest.raises(VaultError, match="no reception open"):
        fresh.take_over(package)


def test_a_key_that_does_not_reach_is_not_handed_over() -> None:
    tree = hierarchy()
    with pytest.raises(HierarchyError, match="at most"):
        hand_down(tree.province, tree.city, [tree.province.find("KID-02")])


def test_the_wrong_set_up_is_refused() -> None:
    vault = memory(PROVINCE)
    with pytest.raises(HierarchyError, match="R-24"):
        set_up_city(vault, ENTRIES, Algorithm.TDES)
    assert vault.handles() == ()


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(KeyNotFoundError, match="no UK9DF01 version 2 for SM4"):
        memory(CITY).find("UK9DF01", 2, Algorithm.SM4)


@pytest.mark.parametrize(
    ("level", "code"),
    [(Level.PROVINCE, "9"), (Level.CITY, "98010x"), (Level.NATION, "98"), (Level.CARD, "")],
)
def test_body_codes(level: Level, code: str) -> None:
    with pytest.raises(VaultError, match=r"code of a|a body is"):
        Body(level, code, "x")
