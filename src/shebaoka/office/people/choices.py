"""Kinds of numbers and documents, relations, sources of what the registry says, states of a duplicate."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shebaoka.domain import person_number


class NumberKind(models.TextChoices):
    """Whose social security number it is (:mod:`shebaoka.domain.person_number`)."""

    CITIZEN = person_number.Kind.CITIZEN.value, _("Citizen")
    RESIDENCE = person_number.Kind.RESIDENCE.value, _("Hong Kong, Macao or Taiwan resident")
    PERMANENT = person_number.Kind.PERMANENT.value, _("Foreigner with permanent residence")
    FOREIGN = person_number.Kind.FOREIGN.value, _("Foreigner")


class DocumentType(models.TextChoices):
    """Documents a person is enrolled with; codes of a deployed system (domain practice)."""

    IDENTITY = "01", _("Resident identity card or household register")
    OFFICER = "02", _("Officer's card of the army")
    ARMED_POLICE = "03", _("Officer's card of the armed police")
    HONG_KONG = "04", _("Travel or residence permit, Hong Kong")
    MACAO = "05", _("Travel or residence permit, Macao")
    TAIWAN = "06", _("Travel or residence permit, Taiwan")
    PERMANENT = "07", _("Foreign permanent resident's card")
    PASSPORT = "08", _("Passport")


class Sex(models.TextChoices):
    """Code table 13 of the card (GB/T 2261.1)."""

    MALE = "1", _("Male")
    FEMALE = "2", _("Female")
    NOT_STATED = "9", _("Not stated")


class Source(models.TextChoices):
    """Where what is written comes from."""

    DOCUMENT = "document", _("Document shown at the counter")
    POLICE = "police", _("Police comparison")
    AGENCY = "agency", _("Agency's system")
    EMPLOYER = "employer", _("Employer's list")
    SCHOOL = "school", _("School or community list")
    REPLACED = "replaced", _("System that was replaced")
    NATIONAL = "national", _("National base")
    HOLDER = "holder", _("The person herself")


class Relation(models.TextChoices):
    """What a guardian is to the person (GB/T 4761, shortened)."""

    FATHER = "father", _("Father")
    MOTHER = "mother", _("Mother")
    GRANDPARENT = "grandparent", _("Grandparent")
    SPOUSE = "spouse", _("Spouse")
    CHILD = "child", _("Son or daughter")
    SIBLING = "sibling", _("Brother or sister")
    BODY = "body", _("Body that is guardian")
    OTHER = "other", _("Other guardian")


class Outcome(models.TextChoices):
    """What became of two entries that may be one person."""

    OPEN = "open", _("To be settled")
    MERGED = "merged", _("One person: the newer entry went into the older one")
    MERGED_BACK = "merged-back", _("One person: the older entry went into the newer one")
    DISTINCT = "distinct", _("Two persons")
    KEPT = "kept", _("Both kept until more is known")


class LoadState(models.TextChoices):
    """Where a list of people stands."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Could not be read")


class TransferState(models.TextChoices):
    """What became of the wish to move a person to another agency."""

    WAITING = "waiting", _("Waiting for the agency she leaves")
    DONE = "done", _("Moved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Taken back")
