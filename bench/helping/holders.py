"""Invented holders in an office of a measurement, and how they sign in over HTTP."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from http.client import HTTPConnection
from urllib.parse import urlencode

PASSWORD, WRONG = "70853964", "55081294"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def number(nth: int) -> str:
    """The citizen number of the ``nth`` invented holder."""
    from shebaoka.domain.citizen_id import check_digit

    born = date(1960, 1, 1) + timedelta(days=nth % 12_000)
    first = f"980101{born:%Y%m%d}{nth // 12_000 % 999 + 1:03d}"
    return first + check_digit(first)


def fill(changed: int, initial: int = 0) -> None:
    """A region whose initial passwords are set, holders who chose a password, and others who did not."""
    from django.contrib.auth.hashers import make_password

    from shebaoka.office.access.models import Account, Uniform
    from shebaoka.office.base import clock
    from shebaoka.office.base.records import writing
    from shebaoka.office.organizations.models import Organization
    from shebaoka.office.people.choices import DocumentType, NumberKind, Source
    from shebaoka.office.people.models import Person

    now, day, kept = clock.now(), clock.today(), make_password(PASSWORD)
    with writing("bench.fill"):
        above: Organization | None = None
        for code, kind in (("000000", "ministry"), ("980000", "province"), ("980100", "city")):
            path = f"{above.path if above else ''}{code}/"
            above = Organization.objects.create(
                code=code, region=code, kind=kind, name=f"示例{code}", parent=above, path=path
            )
        assert above is not None
        people = [
            Person(
                region="980100", agency=above, number=number(nth), number_kind=NumberKind.CITIZEN,
                document_type=DocumentType.IDENTITY, document_number=number(nth), name="示例人", sex="1",
                birth=date(1960, 1, 1), phone="13900000001", source=Source.DOCUMENT, source_on=day,
                enrolled_at=now,
            )
            for nth in range(changed + initial)
        ]  # fmt: skip
        Person.objects.bulk_create(people, batch_size=1000)
        Account.objects.bulk_create(
            (
                Account(person=each, region="980100", state="changed", hash=kept, changed_at=now)
                for each in people[:changed]
            ),
            batch_size=1000,
        )
        Uniform.objects.create(
            organization=above, rule="id-last8", since=day, covered=len(people), unserved=0, at=now
        )


@dataclass
class Browser:
    """A client with an address of its own on the loopback network, and the form's token."""

    port: int
    nth: int

    def __post_init__(self) -> None:
        source = (f"127.{self.nth // 200 + 1}.{self.nth % 200}.9", 0)
        self._connection = HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=source)
        self._headers = {"Host": "127.0.0.1", "Accept-Language": "zh-CN"}
        self._connection.request("GET", "/sign-in", headers=self._headers)
        answer = self._connection.getresponse()
        found = _TOKEN.search(answer.read().decode())
        cookie = answer.headers["Set-Cookie"]
        if found is None or cookie is None:
            raise RuntimeError(f"no form: {answer.status}")
        self._token = found[1]
        self._headers |= {"Cookie": cookie.partition(";")[0]}

    def sign_in(self, number: str, password: str) -> int:
        """The status: 302 signed in or led on, 422 failed, 429 wait, 503 shed."""
        content = urlencode({"csrfmiddlewaretoken": self._token, "number": number, "password": password})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request("POST", "/sign-in", content, self._headers | kind)
        answer = self._connection.getresponse()
        answer.read()
        return answer.status

    def get(self, page: str) -> int:
        """The status of a page."""
        self._connection.request("GET", page, headers={"Host": "127.0.0.1"})
        answer = self._connection.getresponse()
        answer.read()
        return answer.status
