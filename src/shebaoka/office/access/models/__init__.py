"""Tables of the enquiry password."""

from shebaoka.office.access.models.accounts import Account, EarlierPassword, Uniform
from shebaoka.office.access.models.codes import ActivationCode, LetterCode
from shebaoka.office.access.models.leaks import LeakCase
from shebaoka.office.access.models.mandates import Mandate, Representing
from shebaoka.office.access.models.messages import Message
from shebaoka.office.access.models.notices import Notice
from shebaoka.office.access.models.passkeys import Passkey, PasskeyChallenge
from shebaoka.office.access.models.requests import CorrectionRequest, Statement
from shebaoka.office.access.models.sessions import PortalSession
from shebaoka.office.access.models.sign_ins import SignInBegun, Tally
from shebaoka.office.access.models.verifications import Verification

__all__ = [
    "Account",
    "ActivationCode",
    "CorrectionRequest",
    "EarlierPassword",
    "LeakCase",
    "LetterCode",
    "Mandate",
    "Message",
    "Notice",
    "Passkey",
    "PasskeyChallenge",
    "PortalSession",
    "Representing",
    "SignInBegun",
    "Statement",
    "Tally",
    "Uniform",
    "Verification",
]
