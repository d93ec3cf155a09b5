"""Audit rows: appending in transactions of their own over 20 organizations, and verifying an export.

Prints JSON lines and keeps them in bench/results/audit_speed.jsonl. Yardsticks of the same run: the same
threads inserting the same line into a plain table, and SHA-256 with JSON decoding of the same lines. Needs
the extra ``office``; starts a PostgreSQL of its own in a temporary folder."""

import json
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shebaoka.journal.checkpoint import Head, next_checkpoint
from shebaoka.journal.export import verify_export, write_chain, write_checkpoint, write_heading
from shebaoka.journal.record import NOTHING_BEFORE, frame, read_record
from shebaoka.office.audit.signing import signed_by

RESULTS = Path(__file__).parent / "results" / "audit_speed.jsonl"
ORGANIZATIONS = 20
PROCESSES = 2
THREADS = 4
SECONDS = 6.0
APPENDS_PER_SECOND = 1_000
P99_MILLISECONDS = 50.0
VERIFIED = 200_000
VERIFIED_PER_SECOND = 50_000
_PLAIN = "INSERT INTO audit_yardstick (line) VALUES (%s)"
_LINE = json.dumps({"line": "x" * 480})


def append_one(number: int) -> None:
    from shebaoka.office.audit.services import append
    from shebaoka.office.base.records import writing

    with writing("custody.carrier.receive"):
        append(
            f"98{number % ORGANIZATIONS:02d}00",
            "custody.carrier.receive",
            at=datetime.now(UTC),
            persons={"actor": "980100-key-custodian-1", "maker": "980100-leader-1"},
            subject="custody.carrier:019a2f60-0000-7000-8000-000000000000",
            data={"channel": "desk", "by": "980100", "serial": f"M-{number:08d}"},
        )


def insert_one(number: int) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PLAIN, [_LINE])


def work(seed: int, plain: bool, seconds: float) -> list[float]:
    """One process: threads that append for a while; the time of each in milliseconds."""
    setup()
    one: Callable[[int], None] = insert_one if plain else append_one
    times: list[float] = []
    threads = [
        threading.Thread(target=_append, args=(one, seed * THREADS + n, seconds, times))
        for n in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _append(one: Callable[[int], None], seed: int, seconds: float, times: list[float]) -> None:
    from django.db import connection

    number = seed * 1_000_003
    one(number)
    end = time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        number += 7
        one(number)
        times.append((time.perf_counter() - start) * 1000)
    connection.close()


def setup() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "shebaoka.office.settings"
    django.setup()


def appending(plain: bool) -> dict[str, object]:
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(work, seed, plain, SECONDS) for seed in range(PROCESSES)]
        times = sorted(each for future in futures for each in future.result())
    return {
        "bench": "insert, the yardstick" if plain else "append",
        "organizations": ORGANIZATIONS,
        "processes": PROCESSES,
        "threads": PROCESSES * THREADS,
        "per_second": round(len(times) / SECONDS),
        "p50_ms": round(statistics.median(times), 2),
        "p99_ms": round(times[int(len(times) * 0.99)], 2),
        "longest_ms": round(times[-1], 1),
    }


def lines(chain: str, many: int) -> Iterator[bytes]:
    """Records as the database makes them."""
    begin, middle, end = frame(
        chain,
        "custody.carrier.receive",
        time=datetime.now(UTC),
        persons={"actor": "980100-key-custodian-1", "maker": "980100-leader-1"},
        data={"subject": "custody.carrier:019a2f60", "channel": "desk", "by": "980100", "serial": "M-1"},
    )
    previous = NOTHING_BEFORE
    for number in range(1, many + 1):
        body = f'{middle}"previous":"{previous}","sequence":{number}{end}'
        previous = sha256((begin + body).encode()).hexdigest()
        yield f'{begin}"hash":"{previous}",{body}'.encode()


def verifying(folder: Path) -> list[dict[str, object]]:
    """An export of many rows with a signed checkpoint, verified."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    codes = [f"98{number:02d}00" for number in range(ORGANIZATIONS)]
    chains = {code: list(lines(code, VERIFIED // ORGANIZATIONS)) for code in codes}
    heads = {chain: Head(len(made), read_record(made[-1]).hash) for chain, made in chains.items()}
    checkpoint = next_checkpoint(None, heads, time=datetime.now(UTC)).content()
    path = folder / "audit.jsonl"
    with path.open("wb") as out:
        write_heading(out, time=datetime.now(UTC), chains=len(chains), checkpoints=1, key=public.hex())
        write_checkpoint(out, checkpoint, key.sign(checkpoint).hex())
        for chain, made in chains.items():
            write_chain(out, chain, len(made), made)
    del chains
    start = time.perf_counter()
    with path.open("rb") as file:
        for line in file:
            sha256(line)
            json.loads(line)
    yardstick = time.perf_counter() - start
    start = time.perf_counter()
    found = verify_export(path, signed_by(public))
    seconds = time.perf_counter() - start
    assert found.good
    assert found.open_rows == 0
    return [
        {"bench": "hash and decode, the yardstick", "rows_per_second": round(found.rows / yardstick)},
        {
            "bench": "verify",
            "rows": found.rows,
            "chains": len(found.chains),
            "checkpoints": found.checkpoints,
            "bytes": path.stat().st_size,
            "seconds": round(seconds, 2),
            "rows_per_second": round(found.rows / seconds),
        },
    ]


def main() -> int:
    """Exit code 1 when a target is missed."""
    environment: dict[str, object] = {
        "bench": "audit_speed",
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load_average": os.getloadavg()[0],
        "target_appends_per_second": APPENDS_PER_SECOND,
        "target_p99_ms": P99_MILLISECONDS,
        "target_verified_per_second": VERIFIED_PER_SECOND,
    }
    with tempfile.TemporaryDirectory() as name:
        os.environ["SHEBAOKA_FOLDER"] = name
        from shebaoka.office.configuration import read_configuration
        from shebaoka.office.server.prepare import migrate, running_database

        configuration = read_configuration()
        with running_database(configuration):
            setup()
            migrate(configuration)
            from django.db import connection

            with connection.cursor() as cursor:
                cursor.execute("CREATE TABLE audit_yardstick (id bigserial PRIMARY KEY, line text)")
            plain, append = appending(True), appending(False)
            results = [environment, plain, append, *verifying(Path(name))]
            connection.close()
    lines = [json.dumps(line) for line in results]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))
    good = (
        int(str(append["per_second"])) >= APPENDS_PER_SECOND
        and float(str(append["p99_ms"])) <= P99_MILLISECONDS
        and int(str(results[-1]["rows_per_second"])) >= VERIFIED_PER_SECOND
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
