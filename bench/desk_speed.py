"""Pages of the desk from the office as it is served, to 20 clients at once.

Two rounds: without a pause between pages, and with people's pauses (half a second to a second and a half).
Yardstick of the same run: the same clients asking for the health page, which reads nothing. Prints JSON
lines and keeps them in bench/results/desk_speed.jsonl. Needs the extra ``office``; starts a PostgreSQL and an
office of its own in a temporary folder."""

import json
import os
import platform
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shebaoka.office.organizations.models import Organization

RESULTS = Path(__file__).parent / "results" / "desk_speed.jsonl"
CLIENTS = 20
SECONDS = 12.0
P95_MILLISECONDS = 150.0
ORGANIZATIONS = 40
STAFF = 40
PAGES = (
    "/desk/",
    "/desk/acts/",
    "/desk/organizations/",
    "/desk/organizations/980100",
    "/desk/organizations/staff/980100-S001",
    "/desk/organizations/980100/add",
)


def fill() -> None:
    """An invented country in the database, and a web session for every client, printed."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from shebaoka.office.base import clock
    from shebaoka.office.base.records import writing
    from shebaoka.office.organizations.models import Assignment, Organization, Staff, StaffSession
    from shebaoka.office.organizations.web import StaffBackend

    now, day = clock.now(), clock.today()
    with writing("bench.fill"):
        root = Organization.objects.create(
            code="000000", region="000000", kind="ministry", name="部", path="000000/"
        )
        province = below(root, "980000", "province", "示例甲省")
        city = below(province, "980100", "city", "示例甲市")
        for number in range(ORGANIZATIONS):
            below(city, f"980100-H{number:03}", "hospital", f"示例医院{number}")
        for number in range(STAFF):
            staff = Staff.objects.create(
                number=f"980100-S{number:03}", name=f"员工{number}", organization=city
            )
            Assignment.objects.create(
                staff=staff, role="organizations.administrator", organization=city, since=day
            )
            StaffSession.objects.create(
                staff=staff, purpose="测速", began_at=now, ends_at=now + timedelta(hours=4)
            )
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for staff in Staff.objects.order_by("number")[:CLIENTS]:
        session = store()
        session[SESSION_KEY] = str(staff.pk)
        session[BACKEND_SESSION_KEY] = f"{StaffBackend.__module__}.{StaffBackend.__qualname__}"
        session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
        session.create()
        print(session.session_key)


def below(parent: "Organization", code: str, kind: str, name: str) -> "Organization":
    from shebaoka.office.organizations.models import Organization

    return Organization.objects.create(
        code=code, region=code[:6], kind=kind, name=name, parent=parent, path=f"{parent.path}{code}/"
    )


def ask(port: int, key: str, pages: tuple[str, ...], pause: bool, seed: int, times: list[float]) -> None:
    """One client: page after page until the time is over."""
    chosen = random.Random(seed)
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": f"sessionid={key}", "Accept-Language": "zh-CN", "Host": "127.0.0.1"}
    until = time.perf_counter() + SECONDS
    if pause:
        time.sleep(chosen.random())
    while (begun := time.perf_counter()) < until:
        connection.request("GET", chosen.choice(pages), headers=headers)
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"answered {response.status}")
        times.append(time.perf_counter() - begun)
        if pause:
            time.sleep(0.5 + chosen.random())


def measure(port: int, keys: list[str], pages: tuple[str, ...], pause: bool) -> dict[str, float]:
    """All clients at once; milliseconds and pages a second."""
    times: list[float] = []
    clients = [
        Thread(target=ask, args=(port, key, pages, pause, seed, times)) for seed, key in enumerate(keys)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    cuts = statistics.quantiles(times, n=100)
    return {
        "pages_per_second": round(len(times) / SECONDS, 1),
        "p50_ms": round(cuts[49] * 1000, 1),
        "p95_ms": round(cuts[94] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
    }


def serve(environment: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    """The office as it is started by hand, once it answers."""
    command = [str(Path(sys.executable).parent / "shebaoka"), "office", "serve", "--port", str(port)]
    office = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(450):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/health/ready", headers={"Host": "127.0.0.1"})
            if connection.getresponse().status == 200:
                return office
        except OSError:
            pass
        time.sleep(0.2)
    office.kill()
    raise RuntimeError("the office did not start")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "SHEBAOKA_FOLDER": folder,
            "DJANGO_SETTINGS_MODULE": "shebaoka.office.settings",
        }
        environment.pop("DATABASE_URL", None)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        office = serve(environment, port)
        try:
            filled = subprocess.run(
                [sys.executable, __file__, "fill"],
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            )
            keys = filled.stdout.split()
            measure(port, keys, PAGES, pause=False)  # templates are read the first time
            rounds = {
                "desk pages, no pause": measure(port, keys, PAGES, pause=False),
                "desk pages, people's pauses": measure(port, keys, PAGES, pause=True),
                "yardstick: health page, no pause": measure(port, keys, ("/health/live",), pause=False),
            }
        finally:
            office.send_signal(signal.SIGTERM)
            office.wait(30)
    machine = {"clients": CLIENTS, "cpus": os.cpu_count(), "python": platform.python_version()}
    lines = [json.dumps({"measured": name, **found, **machine}) for name, found in rounds.items()]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))
    missed = any(
        found["p95_ms"] > P95_MILLISECONDS for name, found in rounds.items() if name.startswith("desk")
    )
    return 1 if missed else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["fill"]:
        import django

        django.setup()
        fill()
    else:
        sys.exit(main())
