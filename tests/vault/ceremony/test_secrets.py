"""No component, key or passphrase is in anything a ceremony shows, writes, prints or raises."""

import io
import traceback
from dataclasses import asdict
from pathlib import Path

import pypdf
import pytest

from shebaoka.paper.transcript import transcript_pdf
from shebaoka.vault.ceremony.engine import AbortedError
from shebaoka.vault.ceremony.printing import paper_of
from shebaoka.vault.ceremony.prompts import Prompt, Secret
from shebaoka.vault.ceremony.transcript import read_transcript
from vault.ceremony.room import PASSPHRASE, People, Room, script_text

BOTH = (
    '[[keys]]\nsuite = "SM4"\nnames = ["IRK", "KID-01"]\nversions = [1]\n'
    '[[keys]]\nsuite = "3DES"\nnames = ["IRK", "STKDF01"]\nversions = [1]\n'
)


def forms(secret: bytes) -> list[bytes]:
    """How a secret could be written: raw, in hex of both cases, in groups, as decimal text."""
    spellings = [secret.hex(), secret.hex(" "), secret.hex(" ", 2), secret.hex(" ", 4), repr(secret)]
    return [secret, *(form.encode() for text in spellings for form in (text, text.upper()))]


def assert_absent(secrets: list[bytes], haystack: bytes, where: str) -> None:
    assert secrets
    for secret in secrets:
        for form in forms(secret):
            assert form not in haystack, f"a secret is in {where}"


def keys_of(room: Room) -> list[bytes]:
    from shebaoka.vault.software import SoftwareVault

    vault: SoftwareVault = room.vault()
    return [vault._secret(handle).reveal() for handle in vault.handles()]


@pytest.mark.parametrize(
    "text",
    [
        script_text(entry="twice", keys=BOTH),
        script_text(entry="check-value", keys=BOTH),
        script_text("nation", "device", letters=True, keys=BOTH),
    ],
    ids=["twice", "check-value", "letters"],
)
def test_nothing_a_ceremony_leaves_has_a_secret(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    room = Room.of(tmp_path, text)
    people = People()
    held = room.hold(people)
    secrets = [*people.components.values(), *room.printer.secrets, *keys_of(room), PASSPHRASE.encode()]
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert_absent(secrets, path.read_bytes(), str(path))
    shown = repr([asdict(prompt) for prompt in people.asked]) + repr(held) + repr(room.printer.letters)
    assert_absent(secrets, shown.encode(), "what was shown")
    streams = capfd.readouterr()
    assert_absent(secrets, (streams.out + streams.err).encode(), "the streams")


def test_the_printed_transcript_has_check_values_only(tmp_path: Path) -> None:
    room = Room.of(tmp_path, script_text(keys=BOTH))
    people = People()
    room.hold(people)
    pdf = transcript_pdf(paper_of(read_transcript(room.transcript)))
    text = "".join(page.extract_text().replace("\x00", "") for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    secrets = [*people.components.values(), *keys_of(room), PASSPHRASE.encode()]
    assert_absent(secrets, pdf, "the PDF")
    assert_absent(secrets, text.encode(), "the text of the PDF")
    assert all(handle.kcv in text for handle in room.vault().handles())


@pytest.mark.parametrize("error", [None, RuntimeError, KeyboardInterrupt])
def test_an_error_says_nothing_of_a_component(tmp_path: Path, error: type[BaseException] | None) -> None:
    """Also with the local values of the frames of our own code left out, as a traceback prints it."""
    room = Room.of(tmp_path, script_text(entry="twice"))
    wrong = "123456789ABCDEF0" * 2
    people = People(replies={"component.IRK.1.SM4.custodian-b": [wrong, wrong, wrong]})

    def stop(prompt: Prompt) -> None:
        if error is not None and isinstance(prompt, Secret) and prompt.id.endswith("custodian-b.again"):
            raise error

    people.before = stop
    with pytest.raises((AbortedError, RuntimeError, KeyboardInterrupt)) as raised:
        room.hold(people)
    written = "".join(traceback.format_exception(raised.value))
    secrets = [*people.components.values(), bytes.fromhex(wrong), PASSPHRASE.encode()]
    assert_absent(secrets, written.encode(), "the traceback")
    assert_absent(secrets, room.transcript.read_bytes(), "the transcript")
