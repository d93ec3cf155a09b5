"""Every case of the catalogue, in every variant where it makes sense, in process."""

from collections.abc import Callable

import pytest

from conformance.all_cases import REGISTRY
from conformance.formulas import VARIANTS, Variant
from conformance.harness import Case, Session

PARAMETERS = [
    pytest.param(case, VARIANTS[v], id=f"{case.id}-{v}")
    for case in sorted(REGISTRY.values(), key=lambda c: c.id)
    for v in case.variants
]


@pytest.mark.parametrize(("case", "variant"), PARAMETERS)
def test_case(case: Case, variant: Variant, open_session: Callable[[Case, Variant], Session]) -> None:
    case.body(open_session(case, variant))
