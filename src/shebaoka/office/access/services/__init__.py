"""The writers of access."""

from shebaoka.office.access.services.card_sign_in import card_sign_in, card_sign_in_begin
from shebaoka.office.access.services.choosing import password_change, password_choose
from shebaoka.office.access.services.codes import activation_code_make, letter_code_make
from shebaoka.office.access.services.common import on_portal
from shebaoka.office.access.services.corrections import correction_answer, correction_ask
from shebaoka.office.access.services.languages import language_choose
from shebaoka.office.access.services.leaks import LeakDecision, leak_decide, leak_open, leak_tell
from shebaoka.office.access.services.mandates import (
    Terms,
    mandate_end,
    mandate_give,
    mandate_record,
    mandate_withdraw,
)
from shebaoka.office.access.services.messages import messages_read, tell, warn
from shebaoka.office.access.services.notices import notice_note
from shebaoka.office.access.services.passkey_proofs import (
    passkey_challenge,
    passkey_prove,
    passkey_sign_in,
    passkey_step_up,
)
from shebaoka.office.access.services.passkeys import (
    passkey_add,
    passkey_close,
    passkey_name,
    passkey_offer,
)
from shebaoka.office.access.services.proving import card_challenge, code_send, proof_give
from shebaoka.office.access.services.reminding import holders_remind, remind, reminders_take
from shebaoka.office.access.services.representing import (
    Represented,
    represent,
    represent_nobody,
    representable,
    represented,
)
from shebaoka.office.access.services.resetting import Reset, reset, sessions_end
from shebaoka.office.access.services.sessions import session_end, session_end_all, session_of
from shebaoka.office.access.services.sign_in import recovery_begin, sign_in
from shebaoka.office.access.services.statements import Stated, statement_check, statement_make
from shebaoka.office.access.services.stepping_up import (
    is_masked,
    is_stepped_up,
    own_read,
    seen,
    step_up,
    step_up_begin,
)
from shebaoka.office.access.services.uniform import UniformSetting, uniform_set, unserved_take
from shebaoka.office.access.services.verifying import (
    Seen,
    verification_find,
    verification_open,
    verification_settle,
)

__all__ = [
    "LeakDecision",
    "Represented",
    "Reset",
    "Seen",
    "Stated",
    "Terms",
    "UniformSetting",
    "activation_code_make",
    "card_challenge",
    "card_sign_in",
    "card_sign_in_begin",
    "code_send",
    "correction_answer",
    "correction_ask",
    "holders_remind",
    "is_masked",
    "is_stepped_up",
    "language_choose",
    "leak_decide",
    "leak_open",
    "leak_tell",
    "letter_code_make",
    "mandate_end",
    "mandate_give",
    "mandate_record",
    "mandate_withdraw",
    "messages_read",
    "notice_note",
    "on_portal",
    "own_read",
    "passkey_add",
    "passkey_challenge",
    "passkey_close",
    "passkey_name",
    "passkey_offer",
    "passkey_prove",
    "passkey_sign_in",
    "passkey_step_up",
    "password_change",
    "password_choose",
    "proof_give",
    "recovery_begin",
    "remind",
    "reminders_take",
    "represent",
    "represent_nobody",
    "representable",
    "represented",
    "reset",
    "seen",
    "session_end",
    "session_end_all",
    "session_of",
    "sessions_end",
    "sign_in",
    "statement_check",
    "statement_make",
    "step_up",
    "step_up_begin",
    "tell",
    "uniform_set",
    "unserved_take",
    "verification_find",
    "verification_open",
    "verification_settle",
    "warn",
]
