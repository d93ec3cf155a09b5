"""Memory of preparing a batch of 1,000,000 rows: peak resident size of the preparing process.

Prints JSON lines and keeps them in bench/results/million_rows.jsonl. The list is a GBK CSV of invented
people with 12 columns, every thousandth row bad. The yardstick is the peak of the same process for 10,000
rows. An argument gives another number of rows."""

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from shebaoka.domain.citizen_id import check_digit
from shebaoka.personalization.batch import Order, prepare_batch
from shebaoka.personalization.mapping import MappingFile
from shebaoka.personalization.numbering import NumberRegister
from shebaoka.personalization.product import CardProduct
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.vault.hierarchy import set_up_city
from shebaoka.vault.model import Body, Level
from shebaoka.vault.software import SoftwareVault

RESULTS = Path(__file__).parent / "results" / "million_rows.jsonl"
ROWS = 1_000_000
SMALL = 10_000
LIMIT = 1 << 30
_DAYS = 20_000
_NAMES = ["测试", "王示例", "李样本", "欧阳演示", "阿依古丽示例"]
_COLUMNS = (
    *("SSSE.EF06.08", "name", "SSSE.EF06.0B", "SSSE.EF06.0C", "DF01.EF05.20", "DF01.EF05.21"),
    *("DF01.EF05.0E", "DF01.EF06.23", "DF01.EF06.28", "DF01.EF08.2B", "DF03.EF07.6E", "pin"),
)


def people(count: int) -> Iterator[str]:
    """Lines of the list, no two with the same number."""
    start = date(1950, 1, 1)
    for index in range(count):
        day, rest = start + timedelta(days=index % _DAYS), index // _DAYS
        first = f"9801{rest // 900:02d}{day:%Y%m%d}{rest % 900:03d}"
        number = first + ("?" if index % 1000 == 999 else check_digit(first))
        name = _NAMES[index % len(_NAMES)]
        street = f"示例甲市示例街道{index % 997}号{index % 13}单元{index % 89}室"
        phone = f"990{index % 10**8:08d}"
        yield f"{number},{name},01,980100,10,{street},980100,{street},{phone},1,2010-05-01,123456"


def prepare(folder: Path, rows: int) -> None:
    """In a process of its own: prepare and report the peak."""
    vault = SoftwareVault.create(None, "", Body(Level.CITY, "980100", "示例甲市"))
    set_up_city(vault, key_catalogue(), Algorithm.TDES)
    order = Order(folder / "people.csv", MappingFile(), CardProduct(name="2.0 3DES"), date(2026, 1, 1))
    register = NumberRegister(folder / "numbers.db")
    start = time.perf_counter()
    outcome = prepare_batch(folder / "batch", order, vault, register)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    result = {
        "bench": "million_rows",
        "rows": rows,
        "good": outcome.summary.good,
        "refused": outcome.summary.refused,
        "seconds": round(seconds, 1),
        "rows_per_second": round(rows / seconds),
        "peak_bytes": peak,
        "prepared_bytes": (folder / "batch" / "prepared.bin").stat().st_size,
    }
    print(json.dumps(result))


def measure(rows: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "people.csv").open("w", encoding="gbk") as file:
            file.write(",".join(_COLUMNS) + "\n")
            file.writelines(line + "\n" for line in people(rows))
        command = [sys.executable, __file__, "--in", name, str(rows)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result: dict[str, object] = json.loads(output)
    return result


def main() -> int:
    """Measure a small and the large list. Exit code 1 when the peak is above 1 GiB or a good row is
    missing."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    environment = {
        "bench": "million_rows",
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "limit_bytes": LIMIT,
    }
    small, large = measure(SMALL), measure(rows)
    large["bytes_per_row_above_small"] = round(
        (int(str(large["peak_bytes"])) - int(str(small["peak_bytes"]))) / max(1, rows - SMALL), 1
    )
    lines = [json.dumps(line) for line in (environment, small, large)]
    if rows == ROWS:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))
    complete = int(str(large["good"])) + int(str(large["refused"])) == rows
    return 0 if complete and int(str(large["peak_bytes"])) < LIMIT else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--in"]:
        prepare(Path(sys.argv[2]), int(sys.argv[3]))
        sys.exit(0)
    sys.exit(main())
