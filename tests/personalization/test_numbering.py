import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shebaoka.domain import card_number, identification_code
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.numbering import LAST, NumberRegister, card_numbers


def numbers_of(serial: int) -> tuple[str, bytes, bytes]:
    found = card_numbers(serial, "980100", "0081010203", "1234")
    return found.card_number, found.issue_code, found.historical


def test_a_serial_names_a_card_three_times() -> None:
    number, code, historical = numbers_of(12_345_678)
    assert number[:8] == "B2345678"
    assert card_number.check(number)
    parsed = identification_code.parse(code + bytes(4))
    assert (parsed.city_code, parsed.serial) == ("980100", "12345678")
    assert historical.hex().upper() == "008101020312349801" + "12345678"
    assert numbers_of(1)[0][:8] == "A0000001"
    assert numbers_of(LAST)[0][:8] == "J9999999"


@pytest.mark.parametrize("serial", [0, LAST + 1, -1])
def test_serials_end(serial: int) -> None:
    with pytest.raises(PersonalizationError, match="region 9801"):
        numbers_of(serial)


def test_m25_reservations_never_overlap_and_come_back_the_same(tmp_path: Path) -> None:
    register = NumberRegister(tmp_path / "numbers.db")
    given = [register.reserve(batch, chunk, "9801", 10) for batch in ("a", "b") for chunk in range(3)]
    serials = [serial for part in given for serial in part]
    assert serials == list(range(1, 61))
    register.close()
    again = NumberRegister(tmp_path / "numbers.db")
    assert again.reserve("a", 1, "9801", 10) == range(11, 21)
    assert again.reserve("a", 1, "9801", 7) == range(11, 18)
    assert again.reserve("a", 1, "9801", 11) == range(61, 72)
    assert again.reserve("c", 0, "9802", 5) == range(1, 6)
    again.close()
    assert (tmp_path / "numbers.db").stat().st_mode & 0o777 == 0o600


def test_two_processes_share_a_register(tmp_path: Path) -> None:
    path = tmp_path / "numbers.db"
    NumberRegister(path).close()
    found: list[range] = []

    def reserve(batch: str) -> None:
        register = NumberRegister(path)
        found.extend(register.reserve(batch, chunk, "9801", 3) for chunk in range(20))
        register.close()

    threads = [threading.Thread(target=reserve, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    serials = sorted(serial for part in found for serial in part)
    assert serials == list(range(1, 121))


@pytest.fixture
def register(tmp_path: Path) -> Iterator[NumberRegister]:
    with NumberRegister(tmp_path / "numbers.db") as opened:
        yield opened


def test_a_region_that_is_used_up_refuses_and_changes_nothing(register: NumberRegister) -> None:
    register.reserve("a", 0, "9801", LAST - 5)
    with pytest.raises(PersonalizationError, match="no 6 serials left"):
        register.reserve("b", 0, "9801", 6)
    assert register.reserve("b", 0, "9801", 5) == range(LAST - 4, LAST + 1)


def test_persons_with_a_card(register: NumberRegister) -> None:
    register.issue(range(1000), "a")
    assert register.issued_before(range(990, 1010), "b") == set(range(990, 1000))
    assert register.issued_before(range(2000), "b") == set(range(1000))
    assert register.issued_before(range(2000), "a") == set()
    register.issue([5], "b")
    assert register.issued_before([4, 5, 6], "b") == {4, 6}
    register.withdraw("a")
    assert register.issued_before(range(1000), "c") == {5}


def test_a_file_that_is_no_register_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "numbers.db"
    path.write_bytes(b"no database" * 100)
    with pytest.raises(PersonalizationError, match=r"numbers\.db: not a number register"):
        NumberRegister(path)
    assert path.read_bytes() == b"no database" * 100
    with pytest.raises(PersonalizationError, match=r"numbers\.db: cannot be opened: No such file"):
        NumberRegister(tmp_path / "absent" / "numbers.db")
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE region (x)")
    other.close()
    with NumberRegister(tmp_path / "other.db") as wrong, pytest.raises(PersonalizationError):
        wrong.reserve("a", 0, "9801", 1)
