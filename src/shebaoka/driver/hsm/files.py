"""iReadCard_HSM_Step1/2 and iWriteCard_HSM_Step1/2: one key of the HSM opens the files of one call."""

from collections.abc import Callable, Iterable, Sequence

from shebaoka.driver import files, strings
from shebaoka.driver.errors import INPUT, NO_HSM_NEEDED, DriverError
from shebaoka.driver.hsm import proofs
from shebaoka.driver.hsm.pending import Files
from shebaoka.driver.strings import FileItems
from shebaoka.driver.work import Equipment, for_steps
from shebaoka.spec.conditions import Condition, Free, KeyProof, Never, Pin
from shebaoka.spec.model import FileLayout
from shebaoka.terminal import pin
from shebaoka.terminal.rights import Route, chosen
from shebaoka.terminal.session import Session, find_file, select
from shebaoka.terminal.updating import update


def first_read(equipment: Equipment, card_type: int, card: str, address: str) -> tuple[str, Files]:
    """``algorithm|key address|process factor|original|`` for the key that reads the files. -2204 when none
    is needed."""
    return _first(equipment, card_type, card, address, lambda file: file.read_condition)


def second_read(equipment: Equipment, pending: Files, answer: str) -> str:
    """The HSM's proof (32 digits) in, the values out as in iReadCard."""
    proofs.show(pending, proofs.proof(answer, pending.original))
    values = {
        place: files.read_items(pending.session, file) for place, file in _keyed_first(pending.files, pending)
    }
    return "".join(values[place] for place in sorted(values))


def first_write(equipment: Equipment, card_type: int, card: str, address: str) -> tuple[str, Files]:
    """The same for the key that writes the files."""
    return _first(equipment, card_type, card, address, lambda file: file.write_condition)


def second_write(equipment: Equipment, pending: Files, answer: str, data: str) -> str:
    """The proof and pWriteData in; an empty string. Values are checked before the card is shown anything."""
    values = strings.written_values(data, pending.files)
    order = [place for place, _ in _keyed_first(pending.files, pending)]
    wanted = [pending.files[place] for place in order]
    changes = files.changes(pending.session, wanted, [values[place] for place in order])
    proofs.show(pending, proofs.proof(answer, pending.original))
    update(pending.session, changes)
    return ""


def _first(
    equipment: Equipment,
    card_type: int,
    card: str,
    address: str,
    condition: Callable[[FileLayout], Condition],
) -> tuple[str, Files]:
    wanted = strings.files(address)
    session = for_steps(equipment, card_type, strings.card_info(card))
    try:
        layouts = [find_file(session.layout, file.directory, file.fid) for file in wanted]
        key, with_pin = _key([condition(layout) for layout in layouts])
        select(session, session.key(key).directory)
        if with_pin and (code := equipment.code(session, Pin(), Route.PIN)) is not None:
            pin.verify(session, code)
        original = session.settings.random(8)
        return proofs.question(equipment, session, key, original), Files(session, key, original, wanted)
    except BaseException:
        session.reader.close()
        raise


def _key(conditions: Sequence[Condition]) -> tuple[str, bool]:
    """The one key that, alone or beside the PIN, fulfils all conditions. Raises DriverError: -2204 when no
    key is needed, -23 when one is not enough."""
    choices = [list(_needs(condition)) for condition in conditions]
    names = sorted({name for choice in choices for keys, _ in choice for name in keys})
    if not names or all((frozenset(), False) in choice for choice in choices):
        raise DriverError(NO_HSM_NEEDED)
    for with_pin in (False, True):
        for name in names:
            if all(_serves(choice, name, with_pin) for choice in choices):
                return name, with_pin
    raise DriverError(INPUT, "(pFileAddr)")


def _needs(condition: Condition) -> Iterable[tuple[frozenset[str], bool]]:
    """For each way to fulfil a condition by keys, if there is one, these and whether it needs the PIN too."""
    for way in chosen(condition, Route.KEY):
        if any(isinstance(part, Never) for part in way):
            continue
        keys = frozenset(part.name for part in way if isinstance(part, KeyProof))
        yield keys, any(isinstance(part, Pin) for part in way if not isinstance(part, Free))


def _serves(choice: Iterable[tuple[frozenset[str], bool]], name: str, with_pin: bool) -> bool:
    return any(keys <= {name} and (with_pin or not needs_pin) for keys, needs_pin in choice)


def _keyed_first(wanted: Sequence[FileItems], pending: Files) -> list[tuple[int, FileItems]]:
    """The files of the key's directory first: its right ends when another directory is selected."""
    own = _directory(pending.session, pending.key)
    return sorted(enumerate(wanted), key=lambda found: (found[1].directory != own, found[0]))


def _directory(session: Session, key: str) -> str:
    return session.key(key).directory
