"""Commands per second of the card in process, access checks and store at work, beside a bare call.

Prints JSON lines and keeps them in bench/results/chip_speed.jsonl. The card is the 2.0 fixture, once in
memory, once in a file, once in a file that is synced at every write. READ BINARY reads 16 bytes of a file
that needs a key (photo, RKSSSE), SELECT goes to and fro between two DFs. The yardstick is a Python function
that takes bytes and returns bytes. The best of several runs counts.
"""

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cryptography

from shebaoka.card.card import open_card
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import FileStore
from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.crypto.factors import card_factor, city_factor, province_factor
from shebaoka.crypto.formulas import authentication_data, diversify, session_key
from shebaoka.personalization.fixtures import build_fixture
from shebaoka.spec.algorithm import Algorithm

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "chip_speed.jsonl"
FIXTURES = HERE.parent / "examples" / "fixtures"
TARGETS = {"READ BINARY": 60_000, "SELECT": 40_000}
ROUNDS = 5
SECONDS = 0.3
SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF00"
DF01, DF04 = "00A4040006D1560000050000", "00A4040006D1560000050300"
ORIGINAL = bytes(8)


def card_key(name: str, chip: Chip, algorithm: Algorithm) -> BlockCipher:
    """TEST_ONLY key of the fixture: root = name filled with A5, diversified in three steps."""
    cipher: BlockCipher = SoftwareCipher(algorithm, name.encode().ljust(16, b"\xa5"))
    for factor in (province_factor("650100"), city_factor("650100"), card_factor(chip.historical)):
        cipher = diversify(cipher, factor)
    return cipher


def send(chip: Chip, *commands: str | bytes) -> bytes:
    """Transmit; every command must succeed."""
    answer = b""
    for command in commands:
        raw = bytes.fromhex(command) if isinstance(command, str) else command
        answer = chip.transmit(raw)
        assert answer[-2:] == b"\x90\x00", answer.hex()
    return answer[:-2]


def authentication(cipher: BlockCipher, identifier: int, challenge: bytes) -> bytes:
    """EXTERNAL AUTHENTICATION for a challenge."""
    auth = authentication_data(session_key(cipher, challenge), ORIGINAL)
    return bytes((0, 0x82, 0, identifier, 0x10)) + auth + ORIGINAL


def rate(commands: list[bytes], transmit: Callable[[bytes], bytes]) -> float:
    """Commands per second, best round."""
    best = 0.0
    for _ in range(ROUNDS):
        count, start = 0, time.perf_counter()
        while (spent := time.perf_counter() - start) < SECONDS:
            for _ in range(500):
                for command in commands:
                    transmit(command)
            count += 500 * len(commands)
        best = max(best, count / spent)
    return best


def measurements(chip: Chip, algorithm: Algorithm) -> Iterator[tuple[str, float]]:
    """Name and rate of each kind of command."""
    chip.reset()
    send(chip, SSSE)
    read_key = card_key("RKSSSE", chip, algorithm)
    send(chip, authentication(read_key, 0x0A, send(chip, "0084000008")), "00B0880010")
    yield "READ BINARY", rate([bytes.fromhex("00B0000010")], chip.transmit)
    yield "READ RECORD", rate([bytes.fromhex("00B2012C12")], chip.transmit)
    yield "SELECT", rate([bytes.fromhex(DF01), bytes.fromhex(DF04)], chip.transmit)
    send(chip, DF01)
    chip.random = bytes
    update_key = card_key("UK2DF01", chip, algorithm)
    proof = authentication(update_key, 0x84, bytes(8))
    yield (
        "GET CHALLENGE and EXTERNAL AUTHENTICATION",
        rate([bytes.fromhex("0084000008"), proof], chip.transmit) / 2,
    )
    yield "UPDATE RECORD", rate([bytes.fromhex("00DC013C03290131")], chip.transmit)
    assert chip.transmit(bytes.fromhex("00DC013C03290131")) == b"\x90\x00"


def about() -> dict[str, object]:
    """The machine and the libraries."""
    return {
        "bench": "chip_speed",
        "time": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "python": platform.python_version(),
        "cryptography": cryptography.__version__,
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
    }


def main() -> int:
    """Measure, print, keep; 1 when a target is missed."""
    lines: list[dict[str, object]] = [about()]
    bare = rate([bytes(5)], lambda command: command[:2] + b"\x90\x00")
    lines.append({"command": "bare call", "per_second": round(bare)})
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        for algorithm, file in ((Algorithm.TDES, "card-2.0-3des.toml"), (Algorithm.SM4, "card-2.0-sm4.toml")):
            chip = build_fixture(FIXTURES / file)
            stores: dict[str, Chip] = {"memory": chip}
            for name, durable in (("file", False), ("file, synced", True)):
                path = Path(folder) / f"{algorithm.label} {name}"
                chip.store.save(path)  # type: ignore[attr-defined]
                stores[name] = open_card(FileStore(path, durable))
            for store, opened in stores.items():
                for command, per_second in measurements(opened, algorithm):
                    line: dict[str, object] = {
                        "algorithm": algorithm.label,
                        "store": store,
                        "command": command,
                        "per_second": round(per_second),
                        "microseconds": round(1e6 / per_second, 2),
                    }
                    if command in TARGETS:
                        line["target"] = TARGETS[command]
                        missed = missed or per_second < TARGETS[command]
                    lines.append(line)
    RESULTS.parent.mkdir(exist_ok=True)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    RESULTS.write_text(text, encoding="utf-8")
    print(text, end="")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
