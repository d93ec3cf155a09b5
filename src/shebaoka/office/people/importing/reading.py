"""What the process does that reads a list: Django is set up in it before anything of the office is known."""

from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path


def run(out: Connection, path: Path, delimiter: str, today: date, young: date) -> None:
    """Sends portions; None at the end; a refusal as code and values; an error of the file as its text."""
    import django

    django.setup()
    from shebaoka.office.base.errors import Refusal
    from shebaoka.office.people.importing.chunks import Wanted, chunks
    from shebaoka.personalization.errors import PersonalizationError

    try:
        for each in chunks(Wanted(path, delimiter, today, young)):
            out.send(each)
        out.send(None)
    except Refusal as refusal:
        out.send((refusal.code, refusal.values))
    except (PersonalizationError, OSError) as error:
        out.send(str(error))
