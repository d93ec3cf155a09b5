"""Whatever is done to a chain is found and named: which record, and what happened to it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.chains import chain, forged, lines
from shebaoka.journal.canonical import JournalError
from shebaoka.journal.classify import TamperedError, Tampering
from shebaoka.journal.record import Record, next_record, read_record
from shebaoka.journal.verify import verify, verify_file

Records = list[Record]


def found(tampered: Sequence[bytes], head: str | None = None) -> tuple[Tampering, int]:
    with pytest.raises(TamperedError) as error:
        verify(tampered, head)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(f"record {error.value.sequence} was ")
    return error.value.kind, error.value.sequence


def test_an_untouched_chain_holds() -> None:
    verified = verify(lines(chain(6)))
    assert (verified.chain, len(verified.records), verified.head) == ("RS-2026-001", 6, chain(6)[-1].hash)
    assert verify(lines(chain(6)), verified.head.upper()).records == tuple(chain(6))


def _changed(records: Records) -> None:
    records[2] = replace(records[2], data={"number": 9})


def _hash_changed(records: Records) -> None:
    records[2] = replace(records[2], hash="0" * 64)


def _rehashed(records: Records) -> None:
    records[2] = forged(records[2], data={"number": 9})


def _first_rehashed_upon_another(records: Records) -> None:
    records[0] = forged(records[0], previous="1" * 64)


def _rehashed_upon_another(records: Records) -> None:
    records[3] = forged(records[3], previous="1" * 64)


def _last_but_one_rehashed(records: Records) -> None:
    records[4] = forged(records[4], act="other")


def _removed(records: Records) -> None:
    del records[2]


def _several_removed(records: Records) -> None:
    del records[1:4]


def _first_removed(records: Records) -> None:
    del records[0]


def _copied(records: Records) -> None:
    records.insert(4, records[1])


def _copied_forward(records: Records) -> None:
    records.insert(1, records[4])


def _forged_in_between(records: Records) -> None:
    records.insert(3, forged(records[3], act="other"))


def _forged_before_the_first(records: Records) -> None:
    records.insert(0, forged(records[0], act="other", chain="XX"))


def _of_another_chain(records: Records) -> None:
    records.insert(3, chain(4, "RS-2026-002")[3])


def _unhashed_in_between(records: Records) -> None:
    records.insert(3, replace(records[3], act="other", hash="a" * 64))


def _swapped(records: Records) -> None:
    records[2], records[3] = records[3], records[2]


def _first_to_the_end(records: Records) -> None:
    records.append(records.pop(0))


def _last_to_the_front(records: Records) -> None:
    records.insert(1, records.pop())


@pytest.mark.parametrize(
    ("tamper", "kind", "sequence"),
    [
        (_changed, Tampering.CHANGED, 3),
        (_hash_changed, Tampering.CHANGED, 3),
        (_rehashed, Tampering.CHANGED, 3),
        (_first_rehashed_upon_another, Tampering.CHANGED, 1),
        (_rehashed_upon_another, Tampering.CHANGED, 4),
        (_last_but_one_rehashed, Tampering.CHANGED, 5),
        (_removed, Tampering.REMOVED, 3),
        (_several_removed, Tampering.REMOVED, 2),
        (_first_removed, Tampering.REMOVED, 1),
        (_copied, Tampering.INSERTED, 5),
        (_copied_forward, Tampering.INSERTED, 2),
        (_forged_in_between, Tampering.INSERTED, 4),
        (_forged_before_the_first, Tampering.INSERTED, 1),
        (_of_another_chain, Tampering.INSERTED, 4),
        (_unhashed_in_between, Tampering.INSERTED, 4),
        (_swapped, Tampering.REORDERED, 4),
        (_first_to_the_end, Tampering.REORDERED, 2),
        (_last_to_the_front, Tampering.REORDERED, 6),
    ],
)
def test_each_kind_of_tampering_is_named(
    tamper: Callable[[Records], None], kind: Tampering, sequence: int
) -> None:
    records = chain(6)
    tamper(records)
    assert found(lines(records)) == (kind, sequence)


def test_a_line_that_is_no_record_is_named_as_what_it_is() -> None:
    whole = lines(chain(5))
    assert found([*whole[:2], b"not a record", *whole[3:]]) == (Tampering.CHANGED, 3)
    assert found([*whole[:2], b"not a record", *whole[2:]]) == (Tampering.INSERTED, 3)
    assert found([*whole[:2], whole[2].replace(b":", b": ", 1), *whole[3:]]) == (Tampering.CHANGED, 3)


def test_the_signed_head_shows_what_the_file_alone_cannot() -> None:
    records = chain(6)
    head = records[-1].hash
    assert verify(lines(records[:4])).head != head
    assert found(lines(records[:4]), head) == (Tampering.REMOVED, 5)
    longer = [*records, next_record(records[-1], "RS-2026-001", "more", time=records[-1].at)]
    assert found(lines(longer), head) == (Tampering.INSERTED, 7)
    anew = chain(6)
    anew[3] = forged(anew[3], act="other")
    for number in (4, 5):
        anew[number] = forged(anew[number], previous=anew[number - 1].hash)
    assert verify(lines(anew)).head != head
    assert found(lines(anew), head)[0] is Tampering.REMOVED


def test_a_file_is_named_and_its_torn_end_too(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    content = b"".join(line + b"\n" for line in lines(chain(3)))
    path.write_bytes(content[:-9])
    with pytest.raises(TamperedError, match=r"t\.jsonl: record 3 was not finished") as error:
        verify_file(path)
    assert error.value.kind is Tampering.UNFINISHED
    for empty in (b"", b"\n"):
        path.write_bytes(empty)
        with pytest.raises(JournalError, match=r"t\.jsonl: "):
            verify_file(path)
    with pytest.raises(JournalError, match="cannot be read"):
        verify_file(tmp_path / "absent")


def test_another_version_is_not_guessed_at() -> None:
    line = chain(1)[0].line().replace(b'"version":1', b'"version":2')
    with pytest.raises(JournalError, match="version 2"):
        read_record(line)


@settings(deadline=None)
@given(st.data())
def test_any_change_of_any_byte_is_found_in_its_record(data: st.DataObject) -> None:
    whole = lines(chain(5))
    number = data.draw(st.integers(0, 4))
    place = data.draw(st.integers(0, len(whole[number]) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value not in (whole[number][place], 10)))
    whole[number] = whole[number][:place] + bytes([byte]) + whole[number][place + 1 :]
    assert found(whole) == (Tampering.CHANGED, number + 1)


@settings(deadline=None)
@given(st.integers(3, 8), st.data())
def test_any_removal_but_of_the_end_is_found(length: int, data: st.DataObject) -> None:
    records = chain(length)
    first = data.draw(st.integers(0, length - 2))
    last = data.draw(st.integers(first + 1, length - 1))
    assert found(lines(records[:first] + records[last:])) == (Tampering.REMOVED, first + 1)


@settings(deadline=None)
@given(st.permutations(range(6)).filter(lambda order: list(order) != list(range(6))))
def test_any_other_order_is_found_at_its_first_record(order: list[int]) -> None:
    records = chain(6)
    first = next(place for place in range(6) if order[place] != place)
    assert found(lines([records[place] for place in order])) == (Tampering.REORDERED, order[first] + 1)


@settings(deadline=None)
@given(st.integers(0, 5), st.integers(0, 6))
def test_any_copy_is_found(which: int, where: int) -> None:
    records = chain(6)
    records.insert(where, records[which])
    kind, _ = found(lines(records))
    assert kind is Tampering.INSERTED
