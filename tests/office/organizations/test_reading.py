"""Who reads what for which purpose stands in the chain, and auditors read the chains of their area only."""

from office.country import Country
from office.organizations.test_sign_in import refused
from shebaoka.office.audit.models import Row
from shebaoka.office.organizations import selectors
from shebaoka.office.organizations.models import Staff
from shebaoka.office.organizations.reading import read_noted, readers_of

PURPOSE = "organizations.supervision"


def test_a_reading_is_noted_with_its_purpose_and_found_again(country: Country) -> None:
    subject = Staff.objects.get(number="980100-key-custodian-1")
    city = country.organizations["980100"]
    read_noted(
        country.actor("980000", "organizations.auditor"),
        organization=city,
        subject=subject,
        purpose=PURPOSE,
        fields=(),
    )
    (reading,) = readers_of(subject)
    assert (reading.reader, reading.organization, reading.purpose) == ("980000-auditor-1", "980000", PURPOSE)
    assert readers_of(Staff.objects.get(number="980100-key-custodian-2")) == []


def test_without_a_purpose_or_outside_of_the_area_nothing_is_read(country: Country) -> None:
    subject = Staff.objects.get(number="980100-key-custodian-1")
    city = country.organizations["980100"]
    auditor = country.actor("980100", "organizations.auditor")
    stranger = country.actor("990000", "organizations.auditor")
    with refused("organizations.no-purpose"):
        read_noted(auditor, organization=city, subject=subject, purpose="curiosity", fields=())
    with refused("organizations.not-yours"):
        read_noted(stranger, organization=city, subject=subject, purpose=PURPOSE, fields=())
    assert not Row.objects.exists()


def test_auditors_see_the_rows_of_their_area(country: Country) -> None:
    for code in ("980100", "990100"):
        node = country.organizations[code]
        subject = Staff.objects.get(number=f"{code}-leader-1")
        read_noted(
            country.actor(code, "organizations.auditor"),
            organization=node,
            subject=subject,
            purpose=PURPOSE,
            fields=(),
        )
    rows = selectors.audit_rows(country.actor("980000", "organizations.auditor"))
    assert {row.chain_id for row in rows} == {"980100"}
    assert selectors.audit_rows(country.actor("000000", "organizations.auditor")).count() == 2
    with refused("organizations.not-allowed"):
        selectors.audit_rows(country.actor("980000", "organizations.leader"))
