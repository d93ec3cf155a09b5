"""The cases that need no control of the chip, once more through pcscd: the same bytes, another way."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from conformance.all_cases import REGISTRY
from conformance.formulas import VARIANTS, Variant
from conformance.harness import Case, Session
from pcsc.stack import PcscStack
from shebaoka.chip.chip import Chip

pytestmark = pytest.mark.pcsc

PARAMETERS = [
    pytest.param(case, VARIANTS[v], id=f"{case.id}-{v}")
    for case in sorted(REGISTRY.values(), key=lambda c: c.id)
    for v in case.variants
    if case.pcsc
]

Build = Callable[[str, Variant, Mapping[str, Any]], Chip]


@pytest.mark.parametrize(("case", "variant"), PARAMETERS)
def test_case_through_pcsc(case: Case, variant: Variant, pcsc_stack: PcscStack, build_chip: Build) -> None:
    def no_second_chip(_: str, __: Mapping[str, Any] | None = None) -> Session:
        raise AssertionError(f"{case.id} needs a second chip and cannot run through PC/SC")

    chip = build_chip(case.fixture, variant, case.change)
    case.body(Session(pcsc_stack(chip).card, variant, no_second_chip))
