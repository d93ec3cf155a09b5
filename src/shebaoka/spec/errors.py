"""The error of malformed specification data: one line that names the file and the place."""


class SpecError(ValueError):
    """Data that does not fit the schema: ``file: place: what is wrong``, unprintable characters escaped."""

    def __init__(self, file: str, place: str, message: str) -> None:
        line = ": ".join(part for part in (file, place, message) if part)
        super().__init__("".join(char if char.isprintable() else repr(char)[1:-1] for char in line))
        self.file = file
        self.place = place
        self.message = message
