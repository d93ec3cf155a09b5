"""A refusal: what services raise when they do not do what was asked. Nothing was changed then."""

from django.utils.translation import override

from shebaoka.office.base.catalogue import errors


class Refusal(Exception):  # noqa: N818 - a refusal is an answer
    """``code`` names an entry of the error catalogue; ``values`` fill it and hold nothing secret."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
        self.entry = errors()[code]

    @property
    def status(self) -> int:
        """The HTTP status a page or interface answers with."""
        return self.entry.status

    @property
    def what(self) -> str:
        """What is wrong, in the language of the page."""
        return str(self.entry.what).format(**self.values)

    @property
    def remedy(self) -> str:
        """What to do."""
        return str(self.entry.remedy).format(**self.values)

    def __str__(self) -> str:
        with override("en"):
            return f"{self.what} {self.remedy}"
