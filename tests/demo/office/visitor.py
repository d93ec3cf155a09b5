"""Somebody at a browser without JavaScript: follows links, fills in forms, keeps cookies."""

import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_LINK = re.compile(r'href="(/desk/[^"#?]*)"')


@dataclass
class Page:
    """What came back: status, where it came from in the end, its text."""

    status: int
    path: str
    text: str

    @property
    def links(self) -> set[str]:
        """Pages of the desk it leads to."""
        return set(_LINK.findall(self.text))


@dataclass
class Visitor:
    """``seen``: the last answer of every page she asked for, as bytes."""

    url: str
    seen: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> Page:
        return self._open(path, None)

    def post(self, path: str, **values: str) -> Page:
        """Fills in the form of the page and sends it."""
        token = _TOKEN.search(self.get(path).text)
        assert token is not None, path
        values["csrfmiddlewaretoken"] = token.group(1)
        return self._open(path, urllib.parse.urlencode(values).encode())

    def sign_in(self, number: str, password: str, code: str) -> Page:
        """Both steps; where she is afterwards."""
        first = self.post("/desk/sign-in", number=number, password=password)
        assert first.path == "/desk/sign-in/code", first.text
        return self.post("/desk/sign-in/code", code=code)

    def _open(self, path: str, data: bytes | None) -> Page:
        headers = {"Accept-Language": "en"}
        request = urllib.request.Request(self.url + path, data, headers)  # noqa: S310 - http, ours
        try:
            with self._opener.open(request, timeout=30) as answer:
                content, status, where = answer.read(), answer.status, answer.url
        except urllib.error.HTTPError as error:
            with error:
                content, status, where = error.read(), error.code, error.url
        self.seen[path] = content
        return Page(status, urllib.parse.urlsplit(where).path, content.decode("utf-8", "replace"))
