"""Card keys from a PKCS#11 token (SoftHSM), in batch and strict mode, beside the token's own limit.

Prints JSON lines and keeps them in bench/results/token_speed.jsonl. Batch: card keys derived under roots in
the token and wrapped under a master key in the token; the yardstick is the token encrypting one buffer of the
bytes of both passes in calls of 64 KiB. Strict: card keys derived and wrapped (RFC 3394) inside, one by one;
the yardstick is the same three calls of the library, bare, on arguments made once. Runs alternate, the best
counts.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from ctypes import byref, c_ulong, create_string_buffer
from pathlib import Path

import numpy as np

from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import Body, KeyDefinition, Level
from shebaoka.vault.pkcs11.codes import CKA, CKK, CKO
from shebaoka.vault.pkcs11.forms import attributes
from shebaoka.vault.pkcs11.library import Mechanism, template
from shebaoka.vault.pkcs11.table import read_table
from shebaoka.vault.pkcs11.token import Token
from shebaoka.vault.pkcs11.vault import TokenVault

RESULTS = Path(__file__).parent / "results" / "token_speed.jsonl"
LIBRARY = os.environ.get("SHEBAOKA_BENCH_PKCS11", "/usr/lib/softhsm/libsofthsm2.so")
ROUNDS = 5
CARDS, KEYS = 10_000, 20
STRICT_KEYS = 2_000
TARGETS = {"batch": 500_000, "strict": 2_000}
CITY = Body(Level.CITY, "980100", "示例甲市")


def token_of(folder: Path) -> Token:
    """A fresh SoftHSM token."""
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n",
        "utf-8",
    )
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    words = ["--init-token", "--free", "--label", "bench", "--pin", "4711", "--so-pin", "47114711"]
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)
    return Token(LIBRARY, "bench", "4711")


def batch(vault: TokenVault, token: Token) -> dict[str, object]:
    handles = [vault.generate(KeyDefinition(f"K{n}", "update", Algorithm.TDES)) for n in range(KEYS)]
    master = vault.cipher(vault.generate(KeyDefinition("MASTER", "master", Algorithm.TDES)))
    factors = np.random.default_rng(1).integers(0, 256, (CARDS, 8), dtype=np.uint8)
    source = np.zeros(2 * CARDS * KEYS * 16, np.uint8)
    target = np.zeros_like(source)
    number = vault._maker.numbers(Algorithm.TDES).ecb
    vault.card_key_blocks(handles, factors[:1000], master)
    ours, limit = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        vault.card_key_blocks(handles, factors, master)
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        token.encrypt_into(master.key, number, source.data, target.data)
        limit.append(time.perf_counter() - start)
    return result("batch", CARDS * KEYS, ours, limit)


def strict(vault: TokenVault, token: Token) -> dict[str, object]:
    token.create(
        {
            CKA.CLASS: CKO.SECRET_KEY,
            CKA.KEY_TYPE: CKK.AES,
            CKA.TOKEN: False,
            CKA.LABEL: b"machine",
            CKA.WRAP: True,
            CKA.VALUE: os.urandom(32),
        }
    )
    (wrapping,) = token.find({CKA.LABEL: b"machine"})
    root = vault.generate(KeyDefinition("STRICT", "update", Algorithm.TDES))
    parent = vault.cipher(root).key
    factors = np.random.default_rng(2).integers(0, 256, (STRICT_KEYS, 8), dtype=np.uint8)
    vault.machine_key_blocks([root], factors[:100], "machine")
    ours, limit = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        vault.machine_key_blocks([root], factors, "machine")
        ours.append(time.perf_counter() - start)
        limit.append(seconds_of_bare_calls(vault, token, parent, wrapping))
    return result("strict", STRICT_KEYS, ours, limit)


def seconds_of_bare_calls(vault: TokenVault, token: Token, parent: int, wrapping: int) -> float:
    """C_DeriveKey, C_WrapKey, C_DestroyObject, as often, with arguments made once."""
    numbers, aes = vault._maker.numbers(Algorithm.TDES), vault._maker.table.aes
    assert numbers.derive is not None
    assert aes is not None
    array, count, _keep = template(attributes(numbers, "card key", extractable=True))
    deriving, wrap = Mechanism.deriving(numbers.derive, bytes(24)), Mechanism(aes.wrap)
    call, session = token._library._functions, token._session
    key, buffer = c_ulong(), create_string_buffer(64)
    start = time.perf_counter()
    for _ in range(STRICT_KEYS):
        size = c_ulong(64)
        call["C_DeriveKey"](session, byref(deriving.raw), c_ulong(parent), array, count, byref(key))
        call["C_WrapKey"](session, byref(wrap.raw), c_ulong(wrapping), key, buffer, byref(size))
        call["C_DestroyObject"](session, key)
    return time.perf_counter() - start


def result(mode: str, keys: int, ours: list[float], limit: list[float]) -> dict[str, object]:
    return {
        "bench": "token_speed",
        "mode": mode,
        "keys": keys,
        "card_keys_per_second": round(keys / min(ours)),
        "token_limit_per_second": round(keys / min(limit)),
        "ratio_to_token_limit": round(min(limit) / min(ours), 3),
        "seconds": [round(value, 4) for value in ours],
        "limit_seconds": [round(value, 4) for value in limit],
        "target_per_second": TARGETS[mode],
    }


def main() -> int:
    """Measure both modes. Exit code 1 when a target is missed."""
    if not Path(LIBRARY).exists():
        print(f"{LIBRARY}: no such PKCS#11 library (make test-deps)", file=sys.stderr)
        return 1
    environment = {
        "bench": "token_speed",
        "library": LIBRARY,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "numpy": np.__version__,
    }
    with tempfile.TemporaryDirectory() as folder:
        token = token_of(Path(folder))
        vault = TokenVault.create(token, read_table("softhsm"), CITY, None)
        results = [batch(vault, token), strict(vault, token)]
        token.close()
    lines = [json.dumps(line) for line in (environment, *results)]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))
    return int(any(int(str(r["card_keys_per_second"])) < int(str(r["target_per_second"])) for r in results))


if __name__ == "__main__":
    sys.exit(main())
