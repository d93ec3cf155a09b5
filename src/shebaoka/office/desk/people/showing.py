"""A person in tables and summaries."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shebaoka.domain.names import chip_form
from shebaoka.office.base.pieces import Code, Column, Link, Row, Summary, Table, Tag
from shebaoka.office.desk.people.reading import name
from shebaoka.office.people import selectors
from shebaoka.office.people.choices import Source
from shebaoka.office.people.models import Person
from shebaoka.office.people.subjects import choices, label, subjects, target


def identity(of: Person) -> Summary:
    """What a person is known by."""
    return Summary(list(identity_rows(of)))


def identity_rows(of: Person) -> Iterable[Row]:
    """Its lines, the same for every person, so that two stand side by side."""
    form = chip_form(of.name, of.chip_name)
    yield Row(pgettext("person", "Name"), name(of))
    yield Row(_("Name on the chip"), form.text or Tag(_("To be decided"), "warn"))
    yield Row(_("Social security number"), Code(of.number))
    yield Row(_("Kind of number"), of.get_number_kind_display())
    yield Row(pgettext("identity", "Document"), f"{of.get_document_type_display()} {of.document_number}")
    yield Row(_("Sex"), of.get_sex_display())
    yield Row(_("Date of birth"), of.birth)
    yield Row(_("Nationality"), of.nationality)
    yield Row(_("Telephone"), of.phone)
    yield Row(_("Address"), of.address)
    yield Row(_("Employer"), of.employer.name if of.employer else "")
    yield Row(_("Insured at"), of.agency.name)
    yield Row(_("Day of death"), of.died_on)
    yield Row(_("Source"), f"{of.get_source_display()} {of.source_on:%Y-%m-%d}")


def facts(of: Person) -> Table:
    """What is known now, subject by subject, with source and date."""
    rows = []
    for fact in selectors.facts(of):
        parts = []
        for field, text in fact.values.items():
            known = dict(choices(target(fact.subject, field).item))
            parts.append(f"{label(fact.subject, field)}: {known.get(text, text)}")
        source = f"{Source(fact.source).label} {fact.body}".strip()
        rows.append((str(subjects()[fact.subject].name), "; ".join(parts), source, fact.since))
    names = (pgettext("register", "Subject"), _("Content"), _("Source"), _("Since"))
    columns = [Column(text) for text in names]
    return Table(_("What else is known"), columns, rows, _("Nothing yet."), hide_caption=True)


def guardians(of: Person) -> Table:
    """Who acts for her, the present one first."""
    rows = [
        (each.name, each.get_relation_display(), each.document_number, each.phone,
         Tag(_("Ended")) if each.ended_at else Tag(_("Now"), "good"))
        for each in of.guardians.order_by("-since")
    ]  # fmt: skip
    names = (pgettext("person", "Name"), _("Relation"), _("Document number"), _("Telephone"), _("State"))
    return Table(_("Guardian"), [Column(text) for text in names], rows, _("None."), hide_caption=True)


def evidence(of: Person) -> Table:
    """Files about her."""
    rows = [
        (Link(each.name, reverse("desk:people:file", args=[each.pk])), each.at, Code(each.sha256[:16]))
        for each in of.evidence.order_by("at")
    ]
    names = (_("File"), _("Time"), _("Hash"))
    return Table(_("Evidence"), [Column(text) for text in names], rows, _("No file yet."), hide_caption=True)
