"""Extension files: the shipped examples, and every rule broken once."""

import copy
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shebaoka.spec.codes import label
from shebaoka.spec.errors import SpecError
from shebaoka.spec.extension_rules import ExtensionError, Rule, advice
from shebaoka.spec.extensions import check_extension_file, extended, extension_from, load_extension
from shebaoka.spec.keys import key_catalogue, key_entry
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.loading import Source
from shebaoka.spec.model import Scope

EXAMPLES = Path(__file__).parents[2] / "examples" / "extensions"
SERVICES = EXAMPLES / "990100-city-services.toml"
RESIDENT = EXAMPLES / "980100-resident.toml"


def test_an_application_of_the_city() -> None:
    layout = card_layout("2.0", [SERVICES])
    directory = layout.directory("DF0A")
    assert bytes.fromhex(directory.aid).decode("gbk") == directory.label
    assert [file.id for file in directory.files] == ["EF0C", "EF0D", "EF0E"]
    assert layout.directory("DF01").file(0xEF0C) is not None
    assert (layout.id, layout.extensions) == ("2.0", ("990100-city-services",))
    assert "DF0A" not in {directory.id for directory in card_layout("2.0").directories}


def test_its_keys() -> None:
    own = key_catalogue("3.0", [SERVICES])[55:]
    assert [key.name for key in own] == ["STKDF0A", "RK1DF0A", "UK1DF0A", "UK2DF0A", "UKCDF01"]
    assert {key.scope for key in own} == {Scope.CITY}
    assert key_entry("RK1DF0A", "2.0", [SERVICES]).controls == ("DF0A/EF0C", "DF0A/EF0E")
    assert key_entry("UKCDF01", "2.0", [SERVICES]).use.en == "Update: residence permit"
    assert len(key_catalogue("2.0")) == 55


def test_its_code_tables_are_known_after_loading() -> None:
    load_extension(SERVICES)
    found = label("990100-concession", "20")
    assert found is not None
    assert found.en == "Elderly, free"


def test_an_item_and_more_records() -> None:
    layout = card_layout("3.0", [RESIDENT])
    residence, record = layout.directory("DF01").file(0xEF06), layout.directory("DF02").file(0xEF07)
    assert residence is not None
    assert record is not None
    assert [item.tag for item in residence.items] == [0x23, 0x24, 0x28, 0x2C, 0x2D, 0x2F]
    assert record.records == 8


def test_extensions_of_two_regions_together() -> None:
    layout = card_layout("2.0", [RESIDENT, SERVICES], annex=True)
    assert layout.extensions == ("980100-resident", "990100-city-services")
    assert {"DF05", "DF06", "DF0A"} <= {directory.id for directory in layout.directories}


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_examples_keep_the_rules(path: Path) -> None:
    extension = check_extension_file(path, annex=True)
    assert path.stem.startswith(extension.region)
    assert advice(extension) == ()


HEAD = """
id = "990100-test"
zh = "测试"
en = "Test"
region = "990100"
generations = ["2.0"]
"""
ITEM = '{ tag = 0x01, type = "an", length = 2, zh = "项", en = "Item" }'
FIELD = '{ type = "b", length = 2, zh = "项", en = "Item" }'


def _file(fid: str = "0xEF0C", **changes: str) -> str:
    fields = {
        "fid": fid,
        "zh": '"文件"',
        "en": '"File"',
        "structure": '"variable"',
        "read": '"PIN"',
        "write": '"UKCDF01"',
        "items": f"[{ITEM}]",
    }
    return "\n".join(f"{key} = {value}" for key, value in (fields | changes).items()) + "\n"


def _key(**changes: str) -> str:
    fields = {
        "name": '"UKCDF01"',
        "directory": '"DF01"',
        "role": '"update"',
        "identifier": "0x8F",
        "scope": '"city"',
    }
    return "keys = [{ " + ", ".join(f"{key} = {value}" for key, value in (fields | changes).items()) + " }]\n"


def _in_df01(text: str) -> str:
    return '[[files]]\ndirectory = "DF01"\n' + text


def _df(id_: str, text: str) -> str:
    head = f'[[directories]]\nid = "{id_}"\nzh = "本地"\nen = "Local"\nlabel = "本地信息区"\n'
    return head + ("[[directories.files]]\n" + text if text else "")


def _item(directory: str, file: str, tag: str = "0x2F") -> str:
    fields = f'tag = {tag}\ntype = "an"\nlength = 2\nzh = "项"\nen = "Item"\n'
    return f'[[items]]\ndirectory = "{directory}"\nfile = {file}\n{fields}'


def _records(directory: str, file: str, records: int) -> str:
    return f'[[records]]\ndirectory = "{directory}"\nfile = {file}\nrecords = {records}\n'


GOOD = HEAD + _key() + _in_df01(_file())

PSAM = '"city", psam_type = 8, psam_id = 0x'
BROKEN = [
    (Rule.DIRECTORY, "DF09: ", HEAD + _df("DF09", _file(write='"UKSSSE"'))),
    (Rule.TAKEN, "DF07: ", HEAD + _df("DF07", _file(write='"UKSSSE"'))),
    (Rule.FORM, "DF0B: has no files", HEAD + _df("DF0B", "")),
    (Rule.FILE, "DF01 EF0B: ", HEAD + _key() + _in_df01(_file("0xEF0B"))),
    (Rule.FILE, "DF01 EF1E: ", HEAD + _key() + _in_df01(_file("0xEF1E"))),
    (Rule.FILE, "DF0B EF05: ", HEAD + _df("DF0B", _file("0xEF05", write='"UKSSSE"'))),
    (Rule.TAKEN, "DF01 EF15: ", HEAD + _key() + _in_df01(_file("0xEF15"))),
    (Rule.TAKEN, "DF01 EF0C: ", HEAD + _key() + _in_df01(_file()) + _in_df01(_file())),
    (Rule.PLACE, "DF0B EF0C: ", HEAD + _in_df01(_file(write='"UKSSSE"')).replace("DF01", "DF0B")),
    (Rule.SSSE, "SSSE EF06 2F: ", HEAD + _item("SSSE", "0xEF06")),
    (Rule.TAKEN, "DF01 EF06 28: ", HEAD + _item("DF01", "0xEF06", "0x28")),
    (Rule.CYCLIC, "DF02 EF07 2F: ", HEAD + _item("DF02", "0xEF07")),
    (Rule.PLACE, "DF01 EF16 2F: ", HEAD + _item("DF01", "0xEF16")),
    (Rule.PLACE, "DF01 EF0B 2F: ", HEAD + _item("DF01", "0xEF0B")),
    (Rule.FORM, "DF01 EF06 FF: tag must be 01 to FE", HEAD + _item("DF01", "0xEF06", "0xFF")),
    (Rule.CYCLIC, "DF02 EF07: 3 records", HEAD + _records("DF02", "0xEF07", 3)),
    (Rule.CYCLIC, "DF02 EF06: is no cyclic file", HEAD + _records("DF02", "0xEF06", 9)),
    (Rule.KEY, "key UKCDF01: its scope is nation", GOOD.replace('"city"', '"nation"')),
    (Rule.KEY, "key UKCDF01: its role is tac", GOOD.replace('"update"', '"tac"')),
    (Rule.TAKEN, "key UK6DF01: the name is taken", GOOD.replace("UKCDF01", "UK6DF01")),
    (Rule.FORM, "keys: identifier DF01 89 is there 2 times", GOOD.replace("0x8F", "0x89")),
    (Rule.FORM, "UKCDF01: identifier must be", GOOD.replace("0x8F", "0x0F")),
    *(
        (Rule.TAKEN, f"key UKCDF01: PSAM identifier {i} belongs to {n}", GOOD.replace('"city"', PSAM + i))
        for i, n in (("2F", "UK6DF01"), ("4B", "RK3DF03"), ("B4", "UK1DF05"))
    ),
    (Rule.FORM, "UKCDF01: controls no file", HEAD + _key()),
    (Rule.FORM, "key UKCDF02: the name does not end in DF01", GOOD.replace("UKCDF01", "UKCDF02")),
    (
        Rule.FORM,
        "DF01 EF0C: its write condition names UKCDF02, which is no key",
        GOOD.replace('write = "UKCDF01"', 'write = "UKCDF02"'),
    ),
    (
        Rule.FORM,
        "DF01 EF0C: its read condition names RK1DF02, a key of DF02",
        GOOD.replace('"PIN"', '"RK1DF02"'),
    ),
    (
        Rule.FORM,
        "DF01 EF0C 01: there is no code table 99",
        GOOD.replace("length = 2", 'length = 2, codes = "99"'),
    ),
    (Rule.FORM, "DF01 EF0C 01: length 254 does not fit", GOOD.replace("length = 2", "length = 254")),
    (Rule.FORM, "DF01 EF0C 01: a date is cn 4", GOOD.replace("length = 2", 'length = 2, meaning = "date"')),
    (Rule.FORM, "DF01 EF0C: tag 01 is there 2 times", GOOD.replace(f"[{ITEM}]", f"[{ITEM}, {ITEM}]")),
    (
        Rule.FORM,
        "DF01 EF0C: a cyclic file has 1 to 254",
        GOOD.replace('"variable"', '"cyclic"').replace("tag = 0x01, ", ""),
    ),
    (
        Rule.FORM,
        "DF01 EF0C: size 0 is not the sum",
        GOOD.replace('"variable"', '"transparent"').replace(ITEM, FIELD),
    ),
    (Rule.REGION, "id: ", GOOD.replace("990100-test", "test")),
    (Rule.REGION, "region: ", GOOD.replace('region = "990100"', 'region = "99010"')),
    (
        Rule.REGION,
        "table 13: ",
        GOOD + '[tables.13]\nzh = "表"\nen = "T"\nsource = ""\ncodes = { 1 = ["一", "One"] }\n',
    ),
]


def test_the_good_file_is_good(tmp_path: Path) -> None:
    assert check_extension_file(_written(tmp_path, GOOD)).id == "990100-test"


@pytest.mark.parametrize(("rule", "start", "text"), BROKEN, ids=[f"{r.name}-{s}" for r, s, _ in BROKEN])
def test_broken_rules(tmp_path: Path, rule: Rule, start: str, text: str) -> None:
    path = _written(tmp_path, text)
    with pytest.raises(ExtensionError) as error:
        check_extension_file(path)
    assert error.value.rule is rule
    line = str(error.value)
    assert line.startswith(f"{path}: {start}")
    assert line.endswith(f"(rule: {rule.value})")
    assert "\n" not in line


def test_a_generation_that_is_not_named(tmp_path: Path) -> None:
    path = _written(tmp_path, GOOD)
    with pytest.raises(ExtensionError, match=r"generations: the card is a 3\.0, the extension is for 2\.0"):
        card_layout("3.0", [path])
    with pytest.raises(ExtensionError, match="is there twice"):
        card_layout("2.0", [_written(tmp_path, HEAD), path])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.replace('["2.0"]', '["2.0", "4.0"]'), "generations: '4.0' is none of 1.0, 2.0, 3.0"),
        (GOOD.replace('["2.0"]', "[]"), "generations: an empty list is none of"),
        (GOOD.replace('region = "990100"', ""), "Object missing required field region"),
        (
            GOOD.replace('scope = "city"', 'scope = "village"'),
            "key UKCDF01: Invalid enum value 'village' at scope",
        ),
        (GOOD + "[[item]]\n", "unknown field 'item'"),
        (HEAD + '[[items]]\ndirectory = "DF01"\n', "items: each needs a directory and a file"),
        (HEAD + '[[records]]\ndirectory = "DF01"\n', "records: Object missing required field file"),
        (HEAD + _df("DF0Z", _file()), "DF0Z: a directory is SSSE or DF01 to DFFF"),
        ("[", "malformed TOML"),
    ],
)
def test_malformed_files(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SpecError) as error:
        check_extension_file(_written(tmp_path, text))
    assert message in str(error.value)
    assert "extension.toml: " in str(error.value)


def test_tables_of_another_region_do_not_count(tmp_path: Path) -> None:
    load_extension(SERVICES)
    text = GOOD.replace("length = 2", 'length = 2, codes = "990100-reader"')
    with pytest.raises(ExtensionError, match="there is no code table 990100-reader"):
        check_extension_file(_written(tmp_path, text))


_JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(
        ["DF01", "EF05", "PIN and", "2.0/DF01", "990100-x", [], {}, [[]], [{}], {"1": 2}, ["a", "b"]]
    ),
)


@given(data=st.data())
def test_any_change_to_a_file_is_accepted_or_refused_clearly(data: st.DataObject) -> None:
    raw = tomllib.loads(SERVICES.read_text("utf-8"))
    for _ in range(data.draw(st.integers(1, 2))):
        parent, key = data.draw(st.sampled_from(list(_places(raw))))
        parent[key] = copy.deepcopy(data.draw(_JUNK))
    message = ""
    try:
        extension = extension_from(Source("city.toml"), raw)
        for generation in extension.generations:
            extended(card_layout(generation), [extension])
    except SpecError as error:
        message = str(error)
    assert message == "" or message.startswith("city.toml: ")
    assert message.isprintable()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) of parsed TOML."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inside:
        yield value, key
        yield from _places(child)


def test_advice_on_psam_identifiers(tmp_path: Path) -> None:
    text = GOOD.replace('scope = "city"', 'scope = "city", psam_type = 8, psam_id = 0x55')
    extension = check_extension_file(_written(tmp_path, text))
    assert advice(extension) == ("key UKCDF01: PSAM identifier 55 is outside 80 to BF",)


def _written(folder: Path, text: str) -> Path:
    name = "extension.toml" if text != HEAD else "first.toml"
    path = folder / name
    path.write_text(text, "utf-8")
    return path
