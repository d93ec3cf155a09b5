"""Any sequence of messages: each is answered by one, in order, and nothing raises."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from driver.bench import CARD, PIN
from driver.service import PAGE, READER
from shebaoka.driver.calls import calls
from shebaoka.driver.dialects import dialects
from shebaoka.driver.service.conversation import Conversation, Shared
from shebaoka.driver.service.gate import Gate
from shebaoka.driver.service.messages import schema
from shebaoka.driver.service.pairing import PairingDesk, Pairings
from shebaoka.driver.service.readers import ReaderSet
from shebaoka.driver.service.virtual import VirtualReader, card_images
from shebaoka.reader.in_process import InProcessReader
from terminal.support import psam

LONG = os.environ.get("SHEBAOKA_LONG") == "1"
REQUESTS = sorted(
    {
        kind
        for shape in schema()["$defs"].values()
        for kind in shape["properties"].get("service", {}).get("enum", ())
    }
)
VALUES: st.SearchStrategy[object] = st.one_of(
    st.sampled_from(
        [1, 3, "1", "3", 9, "", CARD, "DF01EF05|20|$", "DF01EF05|10|$", READER, "2.0.chip", PIN, None, [], {}]
    ),
    st.text(max_size=12),
)
MEMBERS = (
    "iType",
    "iAuthType",
    "pCardInfo",
    "pFileAddr",
    "pWriteData",
    "pKey",
    "pPIN",
    "reader",
    "card",
    "digits",
    "code",
)
CALLS = st.builds(
    lambda name, given: {"function": name, **given},
    st.sampled_from([*calls(), "x"]),
    st.dictionaries(st.sampled_from(MEMBERS), VALUES, max_size=5),
)
FULL = st.builds(
    lambda name, address: {
        "function": name,
        "iType": 1,
        "iAuthType": 1,
        "pCardInfo": CARD,
        "pKey": "0" * 32,
        "pFileAddr": address,
        "pWriteData": address,
    },
    st.sampled_from(list(calls())),
    st.sampled_from(["DF01EF05|20|$", "SSSEEF06|09|$", "SSSEEF08|$"]),
)
SERVICE = st.builds(
    lambda name, given: {"service": name, **given},
    st.sampled_from([*REQUESTS, "x"]),
    st.dictionaries(
        st.sampled_from(["reader", "card", "token", "language", "code", "digits", "name"]), VALUES, max_size=2
    ),
)
RIGHT = st.sampled_from(
    [
        {"service": "insert", "reader": READER},
        {"service": "remove", "reader": READER},
        {"service": "hello", "language": "en"},
        {"service": "readers"},
        {"service": "release"},
        {"service": "pin", "digits": PIN},
        {"service": "cancel"},
    ]
)
TEXTS = st.one_of(st.one_of(CALLS, FULL, SERVICE, RIGHT).map(json.dumps), st.text(max_size=20))


class Line:
    """The page's end: messages prepared, replies collected."""

    def __init__(self, messages: list[str]) -> None:
        self.messages, self.replies = list(messages), list[dict[str, Any]]()

    def send(self, text: str) -> None:
        self.replies.append(json.loads(text))

    def receive(self, seconds: float) -> str:
        if not self.messages:
            raise EOFError
        return self.messages.pop(0)


@pytest.fixture
def shared(cards: Path) -> Shared:
    pairings = Pairings(None)
    module = psam("sm4")
    return Shared(
        gate=Gate((PAGE,), unpaired=(PAGE,)),
        pairings=pairings,
        desk=PairingDesk(pairings, lambda *shown: None),
        readers=ReaderSet(
            [VirtualReader(READER, card_images(cards))], pcsc=False, psam=lambda: InProcessReader(module)
        ),
        dialect=dialects()["function"],
    )


@given(st.lists(TEXTS, max_size=12))
@settings(
    max_examples=1000 if LONG else 40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
def test_every_message_is_answered(shared: Shared, messages: list[str]) -> None:
    line = Line(messages)
    Conversation(shared, line, PAGE).run()
    taken = len(messages) - len(line.messages)
    asked = [reply for reply in line.replies if reply.get("service") == "pin"]
    assert len(line.replies) >= taken - len(asked)
    for reply in line.replies:
        assert reply.get("service") or reply["success"]
        if reply.get("success", "1") != "1":
            assert reply["success"] not in ("0", "-999")
            assert reply["pOutInfo"]
