import pytest

from shebaoka.codec.directory import DirectoryError, Entry, encode_entry, parse_record
from shebaoka.codec.fci import Fci, FciError, build_fci, parse_fci
from shebaoka.codec.text import TooLongError
from shebaoka.spec.algorithm import Algorithm

SSSE = bytes.fromhex("7378312E73682EC9E7BBE1B1A3D5CF")
DF01 = bytes.fromhex("D15600000500")


@pytest.mark.parametrize(
    ("algorithm", "code"), [(Algorithm.TDES, 1), (Algorithm.SSF33, 2), (Algorithm.SM4, 3)]
)
def test_b01_b02_environment_with_issuer_data(algorithm: Algorithm, code: int) -> None:
    raw = bytes.fromhex(f"6F1C840F{SSSE.hex()}A50988011E9F0C0386010{code}")
    assert build_fci(SSSE, 0x1E, algorithm) == raw
    assert parse_fci(raw) == Fci(SSSE, 0x1E, code)
    assert parse_fci(raw).algorithm is algorithm


def test_b03_environment_without_issuer_data_means_3des() -> None:
    raw = build_fci(SSSE, 0x1E)
    assert raw == bytes.fromhex(f"6F16840F{SSSE.hex()}A50388011E")
    assert parse_fci(raw) == Fci(SSSE, 0x1E, None)
    assert parse_fci(raw).algorithm is Algorithm.TDES


def test_application_has_its_name_only() -> None:
    raw = bytes.fromhex("6F088406D15600000500")
    assert build_fci(DF01) == raw
    assert parse_fci(raw) == Fci(DF01)


def test_objects_of_other_makers_are_passed_over() -> None:
    raw = bytes.fromhex("6F195002AABB8406D15600000500A50B9F0802010088011EBF0C00")
    assert parse_fci(raw) == Fci(DF01, 0x1E, None)


def test_unknown_algorithm_code_is_reported_not_guessed() -> None:
    fci = parse_fci(bytes.fromhex(f"6F1C840F{SSSE.hex()}A50988011E9F0C03860177"))
    with pytest.raises(ValueError, match="unknown algorithm code 77"):
        _ = fci.algorithm


@pytest.mark.parametrize(
    "raw", ["", "6F", "6F02", "6F028400", "6F0384", "7000", "6F058403D156", "6F0B8406D15600000500A50188"]
)
def test_malformed_fci(raw: str) -> None:
    with pytest.raises(FciError):
        parse_fci(bytes.fromhex(raw))


def test_sizes_of_an_fci() -> None:
    for name in (b"", bytes(17)):
        with pytest.raises(ValueError, match="1 to 16 bytes"):
            build_fci(name)
    with pytest.raises(ValueError, match="SFI is 1 to 30"):
        build_fci(DF01, 31)
    with pytest.raises(ValueError, match="DES has no code"):
        build_fci(DF01, 1, Algorithm.DES)


def test_b17_directory_record() -> None:
    raw = bytes.fromhex("61184F06D15600000500500E") + "公共应用信息区".encode("gbk")
    entry = Entry(DF01, "公共应用信息区")
    assert encode_entry(entry) == raw
    assert parse_record(raw) == [entry]


def test_directory_entry_of_an_environment_has_no_label() -> None:
    raw = encode_entry(Entry(SSSE))
    assert raw == b"\x61\x11\x4f\x0f" + SSSE
    assert parse_record(raw + raw) == [Entry(SSSE), Entry(SSSE)]


def test_label_limit_is_16_bytes() -> None:
    encode_entry(Entry(DF01, "就业与失业信息区"))
    with pytest.raises(TooLongError, match="18 bytes in GBK, 16 fit"):
        encode_entry(Entry(DF01, "社会救助与优待抚恤"))
    with pytest.raises(DirectoryError, match="5 to 16 bytes"):
        encode_entry(Entry(b"1234"))


@pytest.mark.parametrize("raw", ["62024F00", "6103500141", "61", "61064F04D1560000", "61084F05D156000005"])
def test_malformed_directory_record(raw: str) -> None:
    with pytest.raises(DirectoryError):
        parse_record(bytes.fromhex(raw))
