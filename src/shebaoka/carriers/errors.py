"""How work with carriers fails."""


class CarrierError(ValueError):
    """A carrier refuses or does not fit: one line that says what, where, and what to do."""
