"""Random commands: nonsense, and near misses of real ones."""

from hypothesis import strategies as st

from shebaoka.chip.command import Case, Entry


def near_misses(entries: tuple[Entry, ...]) -> st.SearchStrategy[bytes]:
    """A real header with any data, a real length with any data, Le or not."""

    def build(entry: Entry, p1: int, p2: int, data: bytes, le: int | None, exact: bool) -> bytes:
        if exact and entry.parameters is not None:
            allowed = [value for value in range(0x10000) if value in entry.parameters][: 256 * (p1 & 1) + 1]
            p1, p2 = divmod(allowed[(p1 * 256 + p2) % len(allowed)], 256)
        if exact:
            sizes = [size for size in range(256) if size in entry.lengths]
            data = data.ljust(255, b"\x5a")[: sizes[len(data) % len(sizes)]]
        head = bytes((entry.cla, entry.ins, p1, p2))
        if entry.case is Case.OUT:
            return head + bytes((le or 0,))
        tail = bytes((le,)) if le is not None and entry.case is Case.INOUT else b""
        return head + bytes((len(data),)) + data + tail

    byte = st.integers(0, 255)
    return st.builds(
        build,
        st.sampled_from(entries),
        byte,
        byte,
        st.binary(max_size=60),
        st.none() | byte,
        st.booleans(),
    )


def anything() -> st.SearchStrategy[bytes]:
    """Any short byte string."""
    return st.binary(max_size=24) | st.binary(max_size=300)
