"""APDUs per second through pcscd and vpcd: the card, and beside it a bare responder with fixed answers.

Prints JSON lines and keeps them in bench/results/pcsc_speed.jsonl. A private pcscd with two slots: in one a
personalized 2.0 card in a process of its own (files, access rules and store at work), in the other a socket
loop of 20 lines, also a process. The same client measures both in turn through PC/SC; the best run of each
counts.
"""

import json
import os
import platform
import socket
import subprocess
import sys
import time
from pathlib import Path

from shebaoka.personalization.fixtures import build_fixture
from shebaoka.reader.base import Reader, ReaderError, ReaderNotFoundError
from shebaoka.reader.pcsc import PcscReader, list_readers
from shebaoka.reader.pcscd import PrivatePcscd
from shebaoka.reader.vpcd import serve

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "pcsc_speed.jsonl"
FIXTURE = ROOT / "examples" / "fixtures" / "card-2.0-3des.toml"
ROUNDS = 12
COMMANDS_PER_ROUND = 2000
TARGET_RATE, TARGET_RATIO = 5_000, 0.6

SELECT_SSSE = bytes.fromhex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF00")
SELECT_DF01 = bytes.fromhex("00A4040006D1560000050000")
VERIFY = bytes.fromhex("0020000003123456")
# name, command, bytes of data in its answer; both the file and its access rule are looked up each time
COMMANDS = (
    ("READ BINARY 16 bytes by SFI", bytes.fromhex("00B0960010"), 16),
    ("READ BINARY 256 bytes by SFI", bytes.fromhex("00B0960000"), 256),
    ("READ RECORD by SFI, needs the PIN", bytes.fromhex("00B2012C04"), 4),
    ("GET CHALLENGE 8", bytes.fromhex("0084000008"), 8),
)


def card_process(port: int) -> None:
    """Serve the card until killed."""
    serve({port: build_fixture(FIXTURE)}).wait()


def bare_process(port: int) -> None:
    """Answer every command with zeros of the right length and 9000, straight from the socket."""
    lengths = {command: length for _, command, length in COMMANDS}
    with socket.create_connection(("127.0.0.1", port)) as driver:
        driver.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received = b""
        while True:
            while len(received) < 2 or len(received) < 2 + int.from_bytes(received[:2]):
                driver.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
                more = driver.recv(65537)
                if not more:
                    return
                received += more
            end = 2 + int.from_bytes(received[:2])
            body, received = received[2:end], received[end:]
            if body == b"\x04":
                driver.sendall(bytes.fromhex("0011 3B6D0000 00810102031234650100000001"))
            elif len(body) > 1:
                answer = bytes(lengths.get(body, 0)) + b"\x90\x00"
                driver.sendall(len(answer).to_bytes(2) + answer)


def open_reader(number: int) -> PcscReader:
    """The reader of a slot once pcscd has noticed its card."""
    deadline = time.monotonic() + 15
    while True:
        try:
            return PcscReader(list_readers()[number])
        except ReaderError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def seconds(reader: Reader, command: bytes, length: int) -> float:
    transmit = reader.transmit
    start = time.perf_counter()
    for _ in range(COMMANDS_PER_ROUND):
        answer = transmit(command)
    elapsed = time.perf_counter() - start
    assert len(answer) == length + 2, answer.hex()
    assert answer[-2:] == b"\x90\x00", answer.hex()
    return elapsed


def measure(card: Reader, bare: Reader, name: str, command: bytes, length: int) -> dict[str, object]:
    by_card, by_bare = [], []
    for _ in range(ROUNDS):
        by_card.append(seconds(card, command, length))
        by_bare.append(seconds(bare, command, length))
    rate, yardstick = COMMANDS_PER_ROUND / min(by_card), COMMANDS_PER_ROUND / min(by_bare)
    return {
        "bench": "pcsc_speed",
        "command": name,
        "apdu_per_second": round(rate),
        "bare_apdu_per_second": round(yardstick),
        "ratio_to_bare": round(rate / yardstick, 3),
        "seconds": [round(value, 4) for value in by_card],
        "bare_seconds": [round(value, 4) for value in by_bare],
        "target_apdu_per_second": TARGET_RATE,
        "target_ratio": TARGET_RATIO,
    }


def main() -> int:
    """Measure, print, keep. Exit status 1 when a target is missed."""
    rows: list[dict[str, object]] = [
        {
            "bench": "pcsc_speed",
            "python": platform.python_version(),
            "machine": platform.machine(),
            "cores": os.cpu_count(),
            "protocol": "T=0",
            "commands_per_round": COMMANDS_PER_ROUND,
        }
    ]
    missed = False
    with PrivatePcscd() as daemon:
        os.environ.update(daemon.environment)
        children = [
            subprocess.Popen([sys.executable, __file__, role, str(port)])
            for role, port in zip(("card", "bare"), daemon.endpoints.ports, strict=True)
        ]
        try:
            card, bare = open_reader(0), open_reader(1)
            for reader in (card, bare):
                reader.reset()
                for command in (SELECT_SSSE, VERIFY, SELECT_DF01):
                    reader.transmit(command)
            for name, command, length in COMMANDS:
                row = measure(card, bare, name, command, length)
                missed |= float(str(row["apdu_per_second"])) < TARGET_RATE
                missed |= float(str(row["ratio_to_bare"])) < TARGET_RATIO
                rows.append(row)
            card.close()
            bare.close()
        finally:
            for child in children:
                child.kill()
                child.wait()
    lines = [json.dumps(row) for row in rows]
    print("\n".join(lines))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join(lines) + "\n")
    return 1 if missed else 0


if __name__ == "__main__":
    if sys.argv[1:]:
        {"card": card_process, "bare": bare_process}[sys.argv[1]](int(sys.argv[2]))
    else:
        try:
            sys.exit(main())
        except ReaderNotFoundError as error:
            sys.exit(f"pcsc_speed: not measured: {error}")
