"""Dual control: who makes an act never checks it, whatever way she tries."""

import pytest
from django.db import Error, connection, transaction

from office.country import Country
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.choices import Decision
from shebaoka.office.organizations.models import Organization, TwoPersonAct
from shebaoka.office.organizations.services import NewOrganization
from shebaoka.office.organizations.two_persons import check, propose

ACT = "organizations.organization.add"
NEW = NewOrganization("980100", "980100-H01", "980100", "hospital", "示例医院")


def proposed(country: Country) -> TwoPersonAct:
    actor = country.actor("980100", "organizations.administrator")
    return propose(actor, ACT, country.organizations["980100"], NEW, reason="新定点")


def test_a_second_person_completes_the_act_and_the_chain_names_both(country: Country) -> None:
    waiting = proposed(country)
    assert not Organization.objects.filter(code=NEW.code).exists()
    done = check(country.actor("980100", "organizations.leader"), waiting.pk, digest=waiting.digest)
    assert done.decision == Decision.DONE
    made = Organization.objects.get(code=NEW.code)
    assert made.path == "000000/980000/980100/980100-H01/"
    rows = list(Row.objects.filter(chain="980100").order_by("sequence").values_list("act", "sequence"))
    assert rows == [(f"{ACT}.propose", 1), (ACT, 2)]
    line = Row.objects.get(act=ACT).line
    assert '"maker":"980100-administrator-1"' in line
    assert '"actor":"980100-leader-1"' in line
    assert not Bypass.objects.exists()


def test_the_maker_cannot_check_and_nothing_changes(country: Country) -> None:
    waiting = proposed(country)
    with pytest.raises(Refusal, match="maker of an act cannot check"):
        check(country.actor("980100", "organizations.administrator"), waiting.pk)
    waiting.refresh_from_db()
    assert waiting.decision == Decision.WAITING
    assert not Organization.objects.filter(code=NEW.code).exists()
    assert Row.objects.count() == 1


def test_dual_control_holds_against_direct_sql(country: Country) -> None:
    waiting = proposed(country)
    for statement in (
        "UPDATE organizations_twopersonact SET checker_id = maker_id",
        "UPDATE organizations_twopersonact SET decision = 'done', decided_at = now()",
        "UPDATE organizations_twopersonact SET maker_id ="
        " (SELECT id FROM organizations_staff WHERE id <> maker_id LIMIT 1)",
        "UPDATE organizations_twopersonact SET payload = '{}'",
        "DELETE FROM organizations_twopersonact",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    waiting.refresh_from_db()
    assert (waiting.decision, waiting.checker_id) == (Decision.WAITING, None)


def test_a_write_past_the_services_is_noted(country: Country) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organizations_organization SET name = '改名' WHERE code = '980100'")
    noted = Bypass.objects.get()
    assert (noted.relation, noted.operation) == ("organizations_organization", "UPDATE")
    assert noted.row_id == str(country.organizations["980100"].pk)
    assert noted.before != noted.after
