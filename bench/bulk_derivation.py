"""Bulk derivation of the 55 version-1 keys of a 2.0 card, beside one large OpenSSL call for the same blocks.

Prints JSON lines and keeps them in bench/results/bulk_derivation.jsonl. The yardstick encrypts, with the same
library and number of threads, one buffer of as many bytes as all keys together need, under one key of 3DES or
SM4; runs alternate, and the best of each counts.
"""

import json
import os
import platform
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cryptography
import numpy as np
from cryptography.hazmat.backends.openssl import backend

from shebaoka.crypto.bulk import card_keys
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue

RESULTS = Path(__file__).parent / "results" / "bulk_derivation.jsonl"
ROUNDS = 5
CARDS = {Algorithm.TDES: 20_000, Algorithm.SM4: 80_000}
TARGETS = {Algorithm.TDES: 20_000, Algorithm.SM4: 60_000}


def roots(algorithm: Algorithm) -> list[SoftwareCipher]:
    """TEST_ONLY roots of the catalogue; keys of 8 bytes are single DES under the 8-byte cipher."""
    made = []
    for entry in key_catalogue("2.0"):
        own = Algorithm.DES if algorithm is Algorithm.TDES and entry.length == 8 else algorithm
        made.append(SoftwareCipher(own, entry.name.encode().ljust(16, b"\xa5")[: own.key_size]))
    return made


def seconds_of_one_call(cipher: SoftwareCipher, size: int, threads: int) -> float:
    """One call over ``size`` bytes, or one over its share in each thread at the same time."""
    block = cipher.algorithm.block_size
    share = size // threads // block * block
    jobs = [(bytes(share), np.empty(share + block, np.uint8)) for _ in range(threads)]
    for _, target in jobs:
        target.fill(0)  # pages are in memory before the clock runs

    def run(job: tuple[bytes, np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]) -> None:
        cipher.encrypt_into(memoryview(job[0]), job[1].data)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, [(bytes(block), np.empty(2 * block, np.uint8))] * threads))
        start = time.perf_counter()
        list(pool.map(run, jobs))
        return time.perf_counter() - start


def seconds_of_card_keys(
    parents: list[SoftwareCipher], factors: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], threads: int
) -> float:
    start = time.perf_counter()
    card_keys(parents, factors, threads)
    return time.perf_counter() - start


def measure(algorithm: Algorithm, threads: int) -> dict[str, object]:
    cards, parents = CARDS[algorithm], roots(algorithm)
    factors = np.random.default_rng(1).integers(0, 256, (cards, 8), dtype=np.uint8)
    size = cards * sum(root.algorithm.key_size for root in parents)
    yardstick = SoftwareCipher(algorithm, bytes(range(16)))
    card_keys(parents, factors[:2048], threads)
    derived, called = [], []
    for _ in range(ROUNDS):
        derived.append(seconds_of_card_keys(parents, factors, threads))
        called.append(seconds_of_one_call(yardstick, size, threads))
    rate = cards / min(derived)
    return {
        "bench": "bulk_derivation",
        "algorithm": algorithm.label,
        "threads": threads,
        "cards": cards,
        "keys_per_card": len(parents),
        "bytes": size,
        "card_key_sets_per_second": round(rate),
        "seconds": [round(value, 4) for value in derived],
        "one_call_seconds": [round(value, 4) for value in called],
        "ratio_to_one_call": round(min(called) / min(derived), 3),
        "target_sets_per_second": TARGETS[algorithm] if threads == 2 else None,
        "target_ratio": 0.5,
    }


def main() -> int:
    """Measure both algorithms with one and two threads. Exit code 1 when a target is missed."""
    environment = {
        "bench": "bulk_derivation",
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "cryptography": cryptography.__version__,
        "openssl": backend.openssl_version_text(),
        "numpy": np.__version__,
    }
    results = [measure(algorithm, threads) for algorithm in CARDS for threads in (1, 2)]
    lines = [json.dumps(line) for line in (environment, *results)]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))
    missed = [
        line
        for line in results
        if float(str(line["ratio_to_one_call"])) < 0.5
        or int(str(line["card_key_sets_per_second"])) < int(str(line["target_sets_per_second"] or 0))
    ]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
