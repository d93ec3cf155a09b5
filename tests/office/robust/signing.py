"""A program in which an invented person signs in, wrongly and rightly, and an error happens on a page.

Its log goes to standard error as the server's does; on its output are the pages' bytes, and in the file it is
given the secrets and names that nobody may find in either."""

import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

from shebaoka.office.server.prepare import setup

WRONG = "TEST_ONLY a wrong password"


def main() -> None:
    setup()
    from django.test import Client

    from office.country import Country, found
    from office.organizations.credentials import PASSWORD, activated, code_of
    from shebaoka.office.organizations.models import Organization, Staff
    from shebaoka.office.organizations.services import totp_confirm, totp_offer

    now = datetime.now(UTC)
    country = Country({each.code: each for each in Organization.objects.all()})
    if not country.organizations:
        country = found(date(2026, 1, 1), now, now + timedelta(hours=8))
    number = "980100-auditor-2"
    Staff.objects.filter(number=number).update(name="皇甫示例")
    ticket = activated(country, number)
    offer = totp_offer(ticket.pk)
    enrolled = totp_confirm(ticket.pk, code=code_of(offer.secret))

    client = Client(headers={"accept-language": "en"}, raise_request_exception=False, SERVER_NAME="localhost")
    pages = [client.get("/desk/sign-in")]
    pages.append(client.post("/desk/sign-in", {"number": number, "password": WRONG}))
    pages.append(client.post("/desk/sign-in", {"number": number, "password": PASSWORD}))
    later = code_of(offer.secret, timedelta(seconds=30))
    pages.append(client.post("/desk/sign-in/code", {"code": later}))
    pages += [client.get("/desk/"), client.get("/desk/me"), client.get(f"/desk/nowhere/{number}?q={WRONG}")]
    with mock.patch("shebaoka.office.desk.home.waiting", side_effect=ValueError(f"皇甫示例 {PASSWORD}")):
        pages.append(client.get("/desk/"))

    for page in pages:
        sys.stdout.buffer.write(f"{page.status_code}\n".encode() + page.content)
    secrets = [PASSWORD, WRONG, offer.secret, *enrolled.recovery_codes]
    secrets += [cookie.value for cookie in client.cookies.values() if len(cookie.value) > 20]
    Path(sys.argv[1]).write_text(json.dumps({"secrets": secrets, "names": ["皇甫示例", number]}), "utf-8")


if __name__ == "__main__":
    main()
