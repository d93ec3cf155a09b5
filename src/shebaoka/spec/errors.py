"""The error of malformed specification data: one line that names the file and the place."""


class SpecError(ValueError):
    """Data that does not fit the schema: ``file: place: what is wrong``."""

    def __init__(self, file: str, place: str, message: str) -> None:
        super().__init__(": ".join(part for part in (file, place, message) if part))
        self.file = file
        self.place = place
        self.message = message
