"""CREATE FILE: directories and files inside the current directory."""

from shebaoka.chip.access import MASTER_RIGHT
from shebaoka.chip.chip import Chip
from shebaoka.chip.command import Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.parameters import DIRECTORY as DIRECTORY_STRUCTURE
from shebaoka.chip.parameters import INTERNAL, TRANSPARENT, Parameters, parse_parameters
from shebaoka.chip.tree import Directory, File
from shebaoka.chip.values import CONTENT, DIRECTORY, FILE, MASTER, Changes
from shebaoka.spec import sw

_MOST_DIRECTORIES = 255
_MOST_DEPTH = 3


def create_file(chip: Chip, request: Request) -> bytes:
    """``62 {...}``. CardError 6A80 for bad parameters or an identifier or name in use, 6A84 when full."""
    chip.require_right(MASTER_RIGHT)
    try:
        parameters = parse_parameters(request.data)
    except ValueError:
        raise CardError(sw.DATA) from None
    current = chip.session.directory
    if parameters.fid in current.files or any(child.fid == parameters.fid for child in current.children):
        raise CardError(sw.DATA)
    if parameters.structure == DIRECTORY_STRUCTURE:
        _create_directory(chip, current, parameters, request.data)
    else:
        _create_elementary(chip, current, parameters, request.data)
    return b""


def _create_directory(chip: Chip, parent: Directory, parameters: Parameters, template: bytes) -> None:
    """The new directory has a copy of its parent's master key and is selected, with the master right held."""
    siblings = [
        found for found in chip.tree.directories.values() if found.parent is parent or found is found.ddf
    ]
    if parameters.name and any(found.name == parameters.name for found in siblings):
        raise CardError(sw.DATA)
    number = len(chip.tree.directories)
    if number > _MOST_DIRECTORIES or _depth(parent) >= _MOST_DEPTH:
        raise CardError(sw.NO_SPACE)
    chip.extend(
        {
            (DIRECTORY, number, 0, 0): parent.number.to_bytes(2) + template,
            (MASTER, number, 0, 0): chip.octets(parent.master),
        }
    )
    chip.session.enter(chip.tree.directories[number])
    chip.session.grant(MASTER_RIGHT, local=True)


def _create_elementary(chip: Chip, current: Directory, parameters: Parameters, template: bytes) -> None:
    if File(current.number, parameters).sfi in current.by_sfi:
        raise CardError(sw.DATA)  # also for one taken from the FID: which file has it must not depend on age
    changes: Changes = {(FILE, current.number, parameters.fid, 0): template}
    if parameters.structure != INTERNAL:
        empty = bytes(parameters.size) if parameters.structure == TRANSPARENT else ()
        changes[CONTENT, current.number, parameters.fid, 0] = empty
    chip.extend(changes)
    chip.session.set_file(current.files[parameters.fid])


def _depth(directory: Directory) -> int:
    return 0 if directory.parent is None else 1 + _depth(directory.parent)


CREATE = (Entry("CREATE FILE", 0x80, 0xE0, create_file, lengths=range(1, 256), source="issuer dialect 2"),)
