"""A list read by a process of its own, while this one writes: two cores are at work."""

from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection

from shebaoka.office.base.errors import Refusal
from shebaoka.office.people.importing.chunks import Chunk, Wanted
from shebaoka.office.people.importing.reading import run
from shebaoka.personalization.errors import PersonalizationError


def chunks_beside(wanted: Wanted) -> Iterator[Chunk]:
    """As :func:`~shebaoka.office.people.importing.chunks.chunks`. The reader waits when it is far ahead: a
    pipe holds less than a portion."""
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    words = (there, wanted.path, wanted.delimiter, wanted.today, wanted.young)
    process = context.Process(target=run, args=words, daemon=True)
    process.start()
    there.close()
    try:
        while (got := _received(here)) is not None:
            yield got
    finally:
        here.close()
        process.terminate()
        process.join()


def _received(here: Connection) -> Chunk | None:
    try:
        got: Chunk | tuple[str, dict[str, object]] | str | None = here.recv()
    except EOFError:
        raise PersonalizationError("the process that read the list died") from None
    if isinstance(got, tuple):
        raise Refusal(got[0], **got[1])
    if isinstance(got, str):
        raise PersonalizationError(got)
    return got
