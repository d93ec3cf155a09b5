"""``shebaoka driver`` on the command line: single calls, the service in a process of its own, pairings."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from driver.bench import PIN
from driver.service import PAGE, Page
from shebaoka.cli.main import main
from terminal.support import psam


def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: object
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["shebaoka", *map(str, words)])
    code = 0
    try:
        main()
    except SystemExit as left:
        code = int(left.code or 0)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.fixture
def psam_image(tmp_path: Path) -> Path:
    from shebaoka.chip.store import MemoryStore

    store = psam("sm4").store
    assert isinstance(store, MemoryStore)
    folder = tmp_path / "psams"
    folder.mkdir()
    store.save(folder / "psam.chip")
    return folder / "psam.chip"


def test_single_calls(
    cards: Path, psam_image: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    card, monkey = cards / "2.0.chip", monkeypatch
    code, out, _ = run(capsys, monkey, "driver", "call", "iReadCardBas", "--chip", card, "--psam", psam_image)
    assert code == 0
    assert out.split("|")[4] == "测试"
    code, out, err = run(capsys, monkey, "driver", "call", "iReadCardBas", "--chip", card)
    assert (code, out) == (1, "")
    assert "-2201" in err
    monkey.setenv("SHEBAOKA_PIN", "000000")
    code, out, _ = run(capsys, monkey, "driver", "call", "iVerifyPIN", "iType=1", "--chip", card, "--json")
    assert code == 1
    assert json.loads(out)["code"] == -51
    monkey.setenv("SHEBAOKA_PIN", PIN)
    assert run(capsys, monkey, "driver", "call", "iVerifyPIN", "--chip", card)[0] == 0
    assert run(capsys, monkey, "driver", "call", "iVerifyPIN", "iType", "--chip", card)[0] == 2
    assert run(capsys, monkey, "driver", "call", "iVerifyPIN")[0] == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "--origin"),
        (("--origin", "desk.example"), "https://"),
        (("--origin", PAGE, "--dialect", "x"), "bizcode"),
        (("--origin", PAGE, "--virtual", "a=b"), "--demonstration"),
        (("--origin", PAGE, "--demonstration", "--virtual", "a"), "NAME=IMAGE"),
        (("--origin", PAGE, "--demonstration", "--virtual", "a=."), "TEST_ONLY"),
        (("--origin", PAGE, "--profile", "none.toml"), "none.toml"),
        (("--origin", PAGE, "--pairings", "damaged.json"), "damaged.json"),
    ],
)
def test_what_the_service_needs(
    words: tuple[str, ...],
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "damaged.json").write_text("{")
    code, _, err = run(capsys, monkeypatch, "driver", "serve", *words)
    assert code == 2
    assert told in err
    assert err.count("\n") == 1


def test_no_demonstration_in_production(
    cards: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (cards / "shebaoka.toml").write_text('mode = "production"\n')
    monkeypatch.chdir(cards)
    words = ("driver", "serve", "--origin", PAGE, "--demonstration", "--virtual", f"a={cards}")
    code, _, err = run(capsys, monkeypatch, *words)
    assert code == 2
    assert "production" in err


@pytest.fixture
def process(cards: Path) -> Iterator["tuple[subprocess.Popen[str], int]"]:
    words = [
        "driver",
        "serve",
        "--origin",
        PAGE,
        "--demonstration",
        "--virtual",
        f"desk={cards}",
        "--no-pcsc",
    ]
    words += ["--pairings", str(cards / "p.json"), "--port", "0"]
    command = [sys.executable, "-c", "from shebaoka.cli.main import main; main()", *words]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cards, env=environment
    )
    assert running.stdout is not None
    line = running.stdout.readline()
    found = re.search(r":(\d+) ", line)
    assert found, line + (running.stderr.read() if running.stderr else "")
    yield running, int(found[1])
    running.kill()
    running.communicate()


def test_the_service_in_its_window(
    process: "tuple[subprocess.Popen[str], int]",
    cards: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running, port = process
    assert running.stdout is not None
    connection = connect(f"ws://127.0.0.1:{port}", origin=Origin(PAGE))
    with connection:
        page = Page(connection)
        page.service("hello", language="en")
        page.service("pair-begin", name="desk 1")
        shown = "".join(running.stdout.readline() for _ in range(4))
        assert f"{PAGE} (desk 1)" in shown
        code = re.search(r"\d{4}-\d{4}", shown)
        assert code
        assert page.service("pair", code=code[0])["paired"]
        assert page.service("insert", reader="desk", card="2.0.chip")["ok"]
        assert page.call("iVerifyPINK", iType=1, pPIN=PIN)["success"] == "1"
        pairings = ("--pairings", cards / "p.json")
        _, out, _ = run(capsys, monkeypatch, "driver", "pairings", "--json", *pairings)
        [known] = json.loads(out)
        assert known["origin"] == PAGE
        assert run(capsys, monkeypatch, "driver", "revoke", known["id"], *pairings)[0] == 0
        assert page.service("readers")["error"] == "not-paired"
        assert run(capsys, monkeypatch, "driver", "revoke", known["id"], *pairings)[0] == 2
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "iVerifyPINK code=0" in err
    assert code[0] not in err
    assert PIN not in out + err
