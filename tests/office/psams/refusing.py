"""What tests of PSAMs ask again and again."""

from collections.abc import Callable
from typing import Any

import pytest

from shebaoka.office.base.errors import Refusal


def refused(reason: str, call: Callable[..., Any], /, *args: Any, **values: Any) -> Refusal:
    """The call is refused for this reason, and says so."""
    with pytest.raises(Refusal) as refusal:
        call(*args, **values)
    assert refusal.value.code == reason
    assert refusal.value.what
    assert refusal.value.remedy
    return refusal.value
