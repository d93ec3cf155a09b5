"""The writers of people."""

from shebaoka.office.people.national import reconciling, sending
from shebaoka.office.people.services.contact import Contact, person_update_contact
from shebaoka.office.people.services.correcting import Correction, evidence_add, person_correct
from shebaoka.office.people.services.differences import difference_settle
from shebaoka.office.people.services.elsewhere import duplicate_read, person_read_elsewhere
from shebaoka.office.people.services.employers import employer_record
from shebaoka.office.people.services.enrolling import NewGuardian, NewPerson, person_enroll
from shebaoka.office.people.services.facts import NewFact, fact_note
from shebaoka.office.people.services.importing import people_import
from shebaoka.office.people.services.living import death_record, employment_set, guardian_record
from shebaoka.office.people.services.moving import (
    transfer_ask,
    transfer_refuse,
    transfer_release,
    transfer_withdraw,
)
from shebaoka.office.people.services.naming import chip_name_decide
from shebaoka.office.people.services.photos import fingerprints_keep, photo_keep
from shebaoka.office.people.services.searching import people_search
from shebaoka.office.people.services.settling import Settlement, duplicate_settle

__all__ = (
    "Contact",
    "Correction",
    "NewFact",
    "NewGuardian",
    "NewPerson",
    "Settlement",
    "chip_name_decide",
    "death_record",
    "difference_settle",
    "duplicate_read",
    "duplicate_settle",
    "employer_record",
    "employment_set",
    "evidence_add",
    "fact_note",
    "fingerprints_keep",
    "guardian_record",
    "people_import",
    "people_search",
    "person_correct",
    "person_enroll",
    "person_read_elsewhere",
    "person_update_contact",
    "photo_keep",
    "reconciling",
    "sending",
    "transfer_ask",
    "transfer_refuse",
    "transfer_release",
    "transfer_withdraw",
)
