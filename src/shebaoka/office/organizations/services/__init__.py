"""The writers of organizations, staff and what staff sign in with."""

from shebaoka.office.organizations.services.activation import (
    activate,
    activation_begin,
    activation_confirm,
)
from shebaoka.office.organizations.services.auditing import audit_export, audit_verify
from shebaoka.office.organizations.services.founding import First, found
from shebaoka.office.organizations.services.nodes import (
    Closing,
    Move,
    NewOrganization,
    Renaming,
    organization_add,
    organization_close,
    organization_move,
    organization_rename,
)
from shebaoka.office.organizations.services.passkeys import (
    passkey_add,
    passkey_challenge,
    passkey_close,
    passkey_offer,
)
from shebaoka.office.organizations.services.passwords import password_change
from shebaoka.office.organizations.services.second_factor import (
    second_factor_passkey,
    second_factor_recovery,
    second_factor_totp,
)
from shebaoka.office.organizations.services.sessions import session_begin, session_end
from shebaoka.office.organizations.services.sign_in import sign_in, sign_out
from shebaoka.office.organizations.services.staff import (
    Appointment,
    Member,
    NewStaff,
    Retirement,
    role_appoint,
    role_retire,
    staff_add,
    staff_leave,
    staff_reinstate,
    staff_suspend,
)
from shebaoka.office.organizations.services.totp import (
    Enrolled,
    TotpOffer,
    recovery_codes_renew,
    totp_confirm,
    totp_offer,
    totp_replace,
    totp_replace_confirm,
)

__all__ = (
    "Appointment",
    "Closing",
    "Enrolled",
    "First",
    "Member",
    "Move",
    "NewOrganization",
    "NewStaff",
    "Renaming",
    "Retirement",
    "TotpOffer",
    "activate",
    "activation_begin",
    "activation_confirm",
    "audit_export",
    "audit_verify",
    "found",
    "organization_add",
    "organization_close",
    "organization_move",
    "organization_rename",
    "passkey_add",
    "passkey_challenge",
    "passkey_close",
    "passkey_offer",
    "password_change",
    "recovery_codes_renew",
    "role_appoint",
    "role_retire",
    "second_factor_passkey",
    "second_factor_recovery",
    "second_factor_totp",
    "session_begin",
    "session_end",
    "sign_in",
    "sign_out",
    "staff_add",
    "staff_leave",
    "staff_reinstate",
    "staff_suspend",
    "totp_confirm",
    "totp_offer",
    "totp_replace",
    "totp_replace_confirm",
)
