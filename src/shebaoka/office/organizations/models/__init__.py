"""The tables of organizations, staff, what staff sign in with, and acts of two persons."""

from shebaoka.office.organizations.models.credentials import Activation, Passkey, RecoveryCode, Totp
from shebaoka.office.organizations.models.sent_form import SentForm
from shebaoka.office.organizations.models.sign_in import Challenge, SignIn, Throttle
from shebaoka.office.organizations.models.staff import Assignment, Staff, StaffManager, StaffSession
from shebaoka.office.organizations.models.tree import Organization
from shebaoka.office.organizations.models.two_person_act import TwoPersonAct

__all__ = (
    "Activation",
    "Assignment",
    "Challenge",
    "Organization",
    "Passkey",
    "RecoveryCode",
    "SentForm",
    "SignIn",
    "Staff",
    "StaffManager",
    "StaffSession",
    "Throttle",
    "Totp",
    "TwoPersonAct",
)
