"""Insured persons (参保人员), their employers and guardians (M47 art. 15, R-03)."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Collate
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base.records import Record, noted_in_sets
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.choices import DocumentType, NumberKind, Relation, Sex, Source

_KEPT = """
IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a person is never removed';
END IF;
IF (NEW.number, NEW.number_kind, NEW.name, NEW.document_type, NEW.document_number, NEW.sex, NEW.birth,
        NEW.died_on IS NULL AND OLD.died_on IS NOT NULL)
    IS DISTINCT FROM
    (OLD.number, OLD.number_kind, OLD.name, OLD.document_type, OLD.document_number, OLD.sex, OLD.birth, false)
    AND coalesce(current_setting('shebaoka.act', true), '') NOT IN
        ('', 'organizations.check', 'people.person.correct') THEN
    RAISE EXCEPTION 'number, name, document, sex and birth change, and a death is taken back, by two persons';
END IF;
NEW.revision := OLD.revision + 1;
RETURN NEW;
"""


class Employer(Record):
    """An employer (用人单位). ``code``: unified social credit code (18) or organization code (9); ``agency``:
    where it is insured; ``region``: of the agency."""

    code = models.CharField(_("code"), max_length=18)
    name = models.CharField(_("name"), max_length=120)
    region = models.CharField(_("region"), max_length=6, db_index=True)
    agency = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="employers")
    phone = models.CharField(_("telephone"), max_length=20, blank=True, default="")
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    closed_on = models.DateField(_("closed on"), null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("code", "agency", name="employer_once"),
            models.CheckConstraint(
                name="employer_code", condition=Q(code__regex=r"^([0-9A-Z]{18}|[0-9A-Z]{9})$")
            ),
            models.CheckConstraint(name="employer_region", condition=Q(region__regex=r"^\d{6}$")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def organization_code(self) -> str:
        """The nine characters of GB 11714: of a unified code places 9 to 17."""
        return self.code[8:17] if len(self.code) == 18 else self.code


class Person(Record):
    """A person. ``number``: social security number, the citizen's identity number (SIL art. 58), one person
    each; ``agency``: of the place where she is insured, ``region``: its six digits; ``name``: exactly as
    written, never normalized; ``chip_name``: how the chip writes a name with characters GBK
    lacks, decided for her; ``pinyin``: for searching only; ``photo``, ``photo_face``, ``photo_chip``,
    ``fingerprints``: SHA-256 of the files kept; ``national_id``: the national base's own number of her;
    ``merged_into``: the entry that replaced this one; ``revision``: counts changes."""

    region = models.CharField(_("region"), max_length=6)
    agency = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="people")
    number = models.CharField(_("social security number"), max_length=18, unique=True)
    number_kind = models.CharField(_("kind of number"), max_length=9, choices=NumberKind)
    document_type = models.CharField(_("document"), max_length=2, choices=DocumentType)
    document_number = models.CharField(_("document number"), max_length=20)
    document_from = models.DateField(_("document valid from"), null=True)
    document_until = models.DateField(_("document valid until"), null=True)
    name = models.CharField(_("name"), max_length=100)
    chip_name = models.CharField(_("name on the chip"), max_length=50, blank=True, default="")
    pinyin = models.CharField(max_length=120, blank=True, default="")
    sex = models.CharField(_("sex"), max_length=1, choices=Sex)
    nation = models.CharField(_("ethnic group"), max_length=2, blank=True, default="")
    birth = models.DateField(_("date of birth"))
    birthplace = models.CharField(_("place of birth"), max_length=6, blank=True, default="")
    nationality = models.CharField(_("nationality"), max_length=3, default="CHN")
    phone = models.CharField(_("telephone"), max_length=20, blank=True, default="")
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    address_region = models.CharField(_("region of the address"), max_length=6, blank=True, default="")
    postcode = models.CharField(_("postcode"), max_length=10, blank=True, default="")
    email = models.CharField(_("e-mail"), max_length=120, blank=True, default="")
    contact_source = models.CharField(max_length=8, choices=Source, blank=True, default="")
    contact_on = models.DateField(null=True)
    employer = models.ForeignKey(Employer, null=True, on_delete=models.PROTECT, related_name="people")
    photo = models.CharField(max_length=64, blank=True, default="")
    photo_face = models.CharField(max_length=64, blank=True, default="")
    photo_chip = models.CharField(max_length=64, blank=True, default="")
    photo_on = models.DateField(null=True)
    fingerprints = models.CharField(max_length=64, blank=True, default="")
    died_on = models.DateField(_("died on"), null=True)
    national_id = models.CharField(max_length=32, blank=True, default="")
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged", db_index=False
    )
    source = models.CharField(_("source"), max_length=8, choices=Source)
    source_on = models.DateField(_("as of"))
    enrolled_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="person_region", condition=Q(region__regex=r"^\d{6}$")),
            models.CheckConstraint(
                name="person_number",
                condition=Q(number__regex=r"^(\d{17}[0-9X]|[A-Z]{3}[0-9A-Z]{1,15})$"),
            ),
            models.CheckConstraint(name="person_name", condition=~Q(name="")),
            models.CheckConstraint(name="person_sex", condition=Q(sex__in=Sex.values)),
        ]
        indexes = [
            models.Index(fields=["region"], name="person_region_ix"),
            # in this order prefixes are found and given in turn, the first few of many without the rest
            models.Index(Collate("name", "C"), "birth", name="person_name_ix"),
            models.Index(Collate("pinyin", "C"), "birth", name="person_pinyin_ix"),
            # persons whose document has a number of its own
            models.Index(
                fields=["document_number"],
                name="person_document_ix",
                condition=~Q(document_number=models.F("number")),
            ),
            models.Index(fields=["merged_into"], name="person_merged_ix", condition=~Q(merged_into=None)),
        ]
        triggers = [
            *noted_in_sets(),
            pgtrigger.Trigger(
                name="kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_KEPT,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<person {self.pk}>"


class Guardian(Record):
    """Who acts for a person, mandatory below the age of the parameter ``cards.guardian-age`` (D-07)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="guardians")
    name = models.CharField(_("name"), max_length=100)
    document_type = models.CharField(_("document"), max_length=2, choices=DocumentType)
    document_number = models.CharField(_("document number"), max_length=20)
    relation = models.CharField(_("relation"), max_length=12, choices=Relation)
    phone = models.CharField(_("telephone"), max_length=20, blank=True, default="")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("person", condition=Q(ended_at=None), name="guardian_one_now"),
            models.CheckConstraint(name="guardian_named", condition=~Q(name="") & ~Q(document_number="")),
        ]
        triggers = [*noted_in_sets()]

    def __str__(self) -> str:
        return self.name
