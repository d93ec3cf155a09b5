"""What is refused in a key block: the field and the reason, never key bytes."""


class KeyBlockError(ValueError):
    """A key block that cannot be made or read: ``key block, FIELD: reason``."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"key block, {field}: {reason}")
        self.field = field
        self.reason = reason
