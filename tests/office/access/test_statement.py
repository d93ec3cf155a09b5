"""The signed statement, and the page where anybody checks one."""

import re
from io import BytesIO

import pypdf
from django.db import connection

from office.access.holders import NUMBER, changed
from office.access.test_portal import english, text
from office.country import Country
from shebaoka.office.access.models import Statement


def test_a_statement_is_taken_and_checked_by_anybody(country: Country) -> None:
    _, opened = changed(country)
    client = english()
    client.cookies["holder"] = opened.token
    assert "signed by the office" in text(client.get("/me/statement"))
    answer = client.post("/me/statement")
    assert answer["Content-Type"] == "application/pdf"
    page = pypdf.PdfReader(BytesIO(answer.content)).pages[0].extract_text().replace("\x00", "")
    assert NUMBER in page
    code = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", page)
    assert code is not None
    kept = Statement.objects.get()
    assert code[0] not in kept.content + kept.code
    anybody = english()
    shown = text(anybody.post("/check", {"code": code[0].lower()}))
    assert "This office made a statement" in shown
    assert "李芳" in shown
    assert NUMBER not in shown
    assert NUMBER[-4:] in shown
    assert anybody.post("/check", {"code": "2222-2222-2222-2222"}).status_code == 404


def test_a_changed_statement_is_none_of_this_office(country: Country) -> None:
    _, opened = changed(country)
    client = english()
    client.cookies["holder"] = opened.token
    pdf = client.post("/me/statement").content
    page = pypdf.PdfReader(BytesIO(pdf)).pages[0].extract_text().replace("\x00", "")
    code = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", page)
    assert code is not None
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE access_statement SET content = replace(content, '李芳', '王芳')")
    assert english().post("/check", {"code": code[0]}).status_code == 404


def test_a_statement_needs_a_second_proof(country: Country) -> None:
    _, opened = changed(country)
    opened.session.proof = ""
    opened.session.save(update_fields=["proof"])
    client = english()
    client.cookies["holder"] = opened.token
    assert client.post("/me/statement")["Location"] == "/me/prove"
    assert not Statement.objects.exists()
