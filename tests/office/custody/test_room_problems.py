"""What stops a ceremony at the desk is said in the language of the page, and stands on its Chinese paper."""

from io import BytesIO
from pathlib import Path

import pytest
from django.utils.translation import override
from pypdf import PdfReader

from office.custody.sittings import COMPONENTS, SECRET, deployed, from_components, room
from office.custody.steps import Steps
from shebaoka.office.base import files
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.models import Ceremony
from shebaoka.office.custody.services import ceremonies, ceremony_settle
from shebaoka.paper.transcript import transcript_pdf
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.software import SoftwareVault

FIRST = COMPONENTS["custodian-a"]
WEAK = bytes(byte ^ 0x5A for byte in bytes.fromhex(FIRST)).hex()


@pytest.mark.parametrize(
    ("second", "zh", "en", "es"),
    [
        (FIRST, "BK：两个分量相同", "two components are the same", "dos componentes son iguales"),
        (WEAK, "BK：各分量合成弱密钥", "give a weak key", "dan una clave débil"),
    ],
    ids=["same", "weak"],
)
def test_components_that_give_no_key(
    steps: Steps,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    second: str,
    zh: str,
    en: str,
    es: str,
) -> None:
    path = deployed(tmp_path, monkeypatch)
    monkeypatch.setattr(ceremonies, "transcript_pdf", transcript_pdf)
    held = room(steps, from_components())
    held.components["custodian-b"] = second
    held.open()
    state = held.until()
    assert state.end == "aborted"
    assert state.reason is not None
    assert (zh in state.reason.zh, en in state.reason.en, es in state.reason.es) == (True, True, True)
    ceremony_settle(held.ceremony)
    kept = files.read(held.ceremony.transcript).decode()
    assert en in kept
    sheets = PdfReader(BytesIO(files.read(held.ceremony.paper))).pages
    assert zh in "".join(sheet.extract_text() for sheet in sheets).replace("\0", "")
    assert second not in kept.lower()
    assert SoftwareVault.open(path, SECRET).handles() == ()


def test_a_component_wrong_three_times(steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deployed(tmp_path, monkeypatch)
    held = room(steps)
    held.components["custodian-b"] = "00" * 16
    held.open()
    reason = held.until().reason
    assert reason is not None
    with override("es"):
        assert str(reason) == "el componente 2 de BK v1 SM4 se escribió mal 3 veces"
    with override("zh-hans"):
        assert str(reason) == "BK v1 SM4 的第 2 分量 3 次输入有误"


def test_it_cannot_begin(steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deployed(tmp_path, monkeypatch)
    held = room(steps)
    for sample, readers, zh, es in (
        (
            "card",
            {Algorithm.TDES: "0"},
            "还须有 SM4 样卡的读卡器",
            "necesitan también una tarjeta de muestra",
        ),
        ("card", {Algorithm.SM4: "0"}, "无法进行样卡测试", "no se puede probar con una tarjeta de muestra"),
    ):
        with pytest.raises(Refusal) as refused:
            held.open(sample=sample, readers=readers)
        assert refused.value.code == "custody.room"
        with override("zh-hans"):
            assert zh in refused.value.what
        with override("es"):
            assert es in refused.value.what
    assert Ceremony.objects.get().status == "approved"
