"""The client's side of the office as an HSM: a card in this computer's reader, keys at the office."""

import json
import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from websockets.sync.client import connect

from office.api.world import served_here, token
from office.cards.world import AGENCY, World
from shebaoka.cli.driver import app
from shebaoka.driver.answers import CardOnDesk
from shebaoka.driver.errors import DriverError
from shebaoka.driver.office import OfficeAnswers
from shebaoka.office.audit.models import Row
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.production.listing import directory_of

BASIC = "iReadCardBas_HSM_Step1"


def image(card: Card) -> Path:
    assert card.batch is not None
    return directory_of(card.batch) / "cards" / f"{card.serial:08d}.card"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A file for a token, for its owner alone."""
    path = tmp_path / "token"
    path.touch(0o600)
    return path


def test_a_card_is_read_from_the_command_line_with_the_offices_keys(city: World, kept: Path) -> None:
    card = city.active()[0]
    assert card.person is not None
    kept.write_text(token(city, AGENCY, "hsm.answer"))
    with served_here() as address:
        words = ["call", "iReadCardBas", "--chip", str(image(card)), "--office", address]
        done = CliRunner().invoke(app, [*words, "--token-file", str(kept)])
    assert done.exit_code == 0, done.output
    assert card.person.name in done.output
    assert Row.objects.filter(act="interfaces.hsm.answer").count() == 1


@pytest.mark.slow
@pytest.mark.skipif(os.environ.get("SHEBAOKA_LONG") != "1", reason="only with SHEBAOKA_LONG=1")
def test_the_reader_service_answers_a_page_with_the_offices_keys(city: World, kept: Path) -> None:
    """As ``shebaoka driver serve --office``: a process of its own, a virtual card, a page's connection."""
    card = city.active()[0]
    assert card.person is not None
    kept.write_text(token(city, AGENCY, "hsm.answer"))
    page = "http://localhost:8000"
    with served_here() as address:
        words = ["driver", "serve", "--unpaired", page, "--port", "0", "--no-pcsc", "--demonstration"]
        words += ["--virtual", f"demo={image(card)}", "--office", address, "--token-file", str(kept)]
        words += ["--pairings", str(kept.with_name("pairings.json"))]
        with subprocess.Popen(
            [sys.executable, "-c", "from shebaoka.cli.main import main; main()", *words],
            stdout=subprocess.PIPE,
            text=True,
        ) as service:
            assert service.stdout is not None
            try:
                port = next(
                    found[1] for line in service.stdout if (found := re.search(r"127\.0\.0\.1:(\d+)", line))
                )
                with connect(f"ws://127.0.0.1:{port}", origin=page) as web:  # type: ignore[arg-type]

                    def call(**words: object) -> Any:
                        web.send(json.dumps(words))
                        return json.loads(web.recv())

                    (reader,) = call(service="readers")["readers"]
                    call(service="insert", reader="demo", card=reader["cards"][0])
                    first = call(function=BASIC, iType=1)
                    middle = call(function=f"{BASIC}To2", iType=1, pIn=first["pOutInfo"])
                    last = call(function="iReadCardBas_HSM_Step2", iType=1, pKey=middle["pOutInfo"])
            finally:
                service.terminate()
    assert last["success"] == "1", (first, middle, last)
    assert card.person.name in last["pOutInfo"]


def test_refusals_of_the_office_are_return_codes(city: World) -> None:
    with served_here() as address:
        good = OfficeAnswers(address, token(city, AGENCY, "hsm.answer"))
        with pytest.raises(DriverError) as error:
            good.answer("iReadCard_HSM_Step1", "01|000A0A|0|0|", CardOnDesk("0" * 32, "0" * 26))
        assert error.value.code == -20
        for bad, code in (("sbk_none", -13), (token(city, AGENCY, "downloads", name="下载"), -13)):
            with pytest.raises(DriverError) as error:
                OfficeAnswers(address, bad).answer(BASIC, "x")
            assert error.value.code == code
            assert bad not in str(error.value)
        with pytest.raises(DriverError) as error:
            good.answer("iNothing", "x")
        assert error.value.code == -23


@pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n[1]", None])
def test_an_office_that_says_nothing_that_can_be_read_is_told_so(said: bytes | None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def speak() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                if said is not None:
                    connection.sendall(said)
                else:
                    connection.recv(1)

        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        answers = OfficeAnswers(f"http://127.0.0.1:{listening.getsockname()[1]}", "sbk_secret", seconds=0.3)
        with pytest.raises(DriverError) as error:
            answers.answer(BASIC, "980100|secret-out|")
        thread.join()
    assert error.value.code in (-32, -999)
    assert "secret" not in f"{error.value} {answers!r}"


@pytest.mark.parametrize(
    "address",
    [
        "http://office.example",
        "office.example",
        "ftp://127.0.0.1",
        "https://",
        "https://a:b@office.example",
        "",
    ],
)
def test_only_encrypted_offices_or_ones_own(address: str) -> None:
    with pytest.raises(ValueError, match="https"):
        OfficeAnswers(address, "sbk_x")


@pytest.mark.parametrize("given", ["", "a\nb", "é"])
def test_a_token_that_cannot_be_one(given: str) -> None:
    with pytest.raises(ValueError, match="token"):
        OfficeAnswers("https://office.example", given)


def test_a_token_file_that_others_read_is_refused(tmp_path: Path, kept: Path) -> None:
    kept.write_text("sbk_x")
    kept.chmod(0o644)
    words = ["serve", "--programs", "--no-pcsc", "--port", "0", "--office", "https://office.example"]
    done = CliRunner().invoke(app, [*words, "--token-file", str(kept)])
    assert done.exit_code != 0
    assert "chmod 600" in str(done.exception)
    done = CliRunner().invoke(app, words)
    assert "--token-file" in str(done.exception)
