"""A local program that reads a card through the reader service.

    shebaoka driver serve --programs --psam-reader 1
    python examples/driver/read_card.py

The first time it is paired: the service shows a code in its window, and asks for it here.
"""

import argparse
import json
import os
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect


def ask(connection: ClientConnection, **message: object) -> dict[str, Any]:
    """Send a message, give the reply."""
    connection.send(json.dumps(message))
    reply: dict[str, Any] = json.loads(connection.recv(timeout=90))
    return reply


def pair(connection: ClientConnection, token_file: Path) -> None:
    """Have the person type the code that the service shows; keep the token."""
    ask(connection, service="pair-begin", name="read_card.py")
    reply = ask(connection, service="pair", code=input("Code shown by the reader service: "))
    if not reply["ok"]:
        raise SystemExit(reply["message"])
    with os.fdopen(os.open(token_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(reply["token"])


def main() -> None:
    """Read the basic data and print name and card number."""
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=12342)
    options.add_argument("--token-file", type=Path, default=Path.home() / ".read-card-token")
    given = options.parse_args()
    with connect(f"ws://127.0.0.1:{given.port}", compression=None) as connection:
        token = given.token_file.read_text() if given.token_file.exists() else ""
        if not ask(connection, service="hello", token=token, language="en")["paired"]:
            pair(connection, given.token_file)
        reply = ask(connection, function="iReadCardBas", iType=3)
        if reply["success"] != "1":
            raise SystemExit(f"{reply['success']}: {reply['pOutInfo']}")
        items = reply["pOutInfo"].split("|")
        print(f"{items[4]}, card {items[2]}, valid until {items[8]}")


if __name__ == "__main__":
    main()
