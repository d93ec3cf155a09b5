"""Runs as a program of its own: holds a ceremony again and again, in a forked process that is killed (-9) at
the n-th prompt or at the n-th write, flush or renaming, before it, in the middle of it or after it.

Prints a JSON list of what was found on the disk each time: where it was killed, whether the vault file is as
before, its keys, how the transcript ended and how it was closed."""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shebaoka.journal.canonical import JournalError
from shebaoka.vault.ceremony.prompts import Prompt
from shebaoka.vault.ceremony.transcript import close_interrupted, read_transcript
from vault.ceremony.room import People, Room, script_text, ticking


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def at_prompt(number: int) -> Callable[[Prompt], None]:
    count = 0

    def see(prompt: Prompt) -> None:
        nonlocal count
        count += 1
        if count > number:
            killed()

    return see


def at_write(number: int, phase: str) -> None:
    """Arms the calls that change the disk."""
    count = 0

    def guard(call: Callable[..., Any], torn: Callable[..., Any] | None) -> Callable[..., Any]:
        def guarded(*arguments: Any) -> Any:
            nonlocal count
            if phase == "during" and torn is None:  # only writes have a middle
                return call(*arguments)
            count += 1
            if count <= number:
                return call(*arguments)
            if phase == "during" and torn:
                torn(*arguments)
            elif phase == "after":
                call(*arguments)
            return killed()

        return guarded

    write = os.write
    os.write = guard(write, lambda descriptor, data: write(descriptor, data[: len(data) // 2]))
    os.fsync = guard(os.fsync, None)
    Path.replace = guard(Path.replace, None)  # type: ignore[method-assign]


def trial(folder: Path, start: Callable[[], People]) -> dict[str, Any] | None:
    """One ceremony in a process of its own; None when it came to its end without being killed."""
    shutil.copytree(folder / "clean", folder / "trial")
    room = Room(folder / "trial", SCRIPT)
    before = room.vault_path.read_bytes()
    child = os.fork()
    if child == 0:
        room.hold(start())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0
        shutil.rmtree(folder / "trial")
        return None
    assert os.WTERMSIG(status) == signal.SIGKILL
    content = room.transcript.read_bytes() if room.transcript.exists() else b""
    found = {
        "unchanged": room.vault_path.read_bytes() == before,
        "keys": len(room.vault().handles()),
        "end": read_transcript(room.transcript).end if content.endswith(b"\n") else "torn",
    }
    if found["end"] in ("open", "torn"):
        found["closed"] = closed(room)
        assert content[: content.rfind(b"\n") + 1] == room.transcript.read_bytes()[: content.rfind(b"\n") + 1]
    shutil.rmtree(folder / "trial")
    return found


def closed(room: Room) -> str:
    try:
        end = close_interrupted(room.transcript, room.vault().handles(), ticking()).end
    except JournalError:
        return "nothing was recorded"
    return end


def main(folder: Path) -> None:
    found = []
    for number in range(1000):
        result = trial(folder, lambda n=number: People(before=at_prompt(n)))  # type: ignore[misc]
        if result is None:
            break
        found.append({"at": f"prompt {number}"} | result)
    for phase in ("before", "during", "after"):
        for number in range(1000):

            def start(number: int = number, phase: str = phase) -> People:
                at_write(number, phase)
                return People()

            result = trial(folder, start)
            if result is None:
                break
            found.append({"at": f"{phase} write {number}"} | result)
    print(json.dumps(found))


if __name__ == "__main__":
    place = Path(sys.argv[1])
    (place / "clean").mkdir()
    SCRIPT = Room.of(place / "clean", script_text()).script
    main(place)
