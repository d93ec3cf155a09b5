"""What a region decided about cards and passwords, as a value that pure rules are given."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from shebaoka.domain.enquiry_password import InitialPassword

InitialPin: TypeAlias = Literal["none", "letter", "fixed"]


@dataclass(frozen=True, slots=True)
class RegionRules:
    """The rules of ``region`` (six digits) on a day. Money in fen, ages and validity in years, waits in
    minutes, the other times as their names say, in days or in working days."""

    region: str
    validity_years: int
    renewal_days: int
    guardian_age: int
    first_fee: int
    replacement_fee: int
    replacement_workdays: int
    activation_days: int
    temporary_loss_days: int
    temporary_loss_released: bool
    formal_loss_released: bool
    temporary_card_days: int
    financial: bool
    service_telephone: str
    pin_digits: int
    pin_tries: int
    initial_pin: InitialPin
    initial_pin_spends: bool
    pin_at_settlement: bool
    enquiry_initial: InitialPassword
    enquiry_digits: int
    enquiry_failures: int
    enquiry_fixed: str
    enquiry_first_wait: int
    enquiry_longest_wait: int
    enquiry_off_after: int
    enquiry_history: int
    enquiry_passphrase: bool
    enquiry_proofs: str
    enquiry_change_days: int
    enquiry_reminder_days: int
    enquiry_masked_hours: int
    enquiry_code_minutes: int
    enquiry_activation_hours: int
    enquiry_verification_days: int
    enquiry_reset_to_initial: bool
