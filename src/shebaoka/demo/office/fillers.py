"""The fillers, in the order they run in. Call :func:`fillers` after Django was set up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shebaoka.demo.office.stage import OfficeStage


@dataclass(frozen=True)
class Filler:
    """A part of the office being filled: how the step is called, and what does it."""

    title: str
    fill: "Callable[[OfficeStage], None]"


def fillers() -> tuple[Filler, ...]:
    """All of them."""
    from shebaoka.demo.office import (
        approval,
        cards,
        carriers,
        devices,
        first_holders,
        founding,
        holders,
        issuing,
        keepers,
        key_cards,
        loss,
        people,
        programs,
        psams,
        regulations,
        rules,
        third_party,
    )

    return (
        Filler("Found the office: organizations, staff, sign-ins", founding.fill),
        Filler("Set initial enquiry passwords", first_holders.fill),
        Filler("Put rules and plans into force", rules.fill),
        Filler("Approve issuing", approval.fill),
        Filler("Decide parameters, publish rules", regulations.fill),
        Filler("Register places, HSMs, ceremonies and keys", devices.fill),
        Filler("Appoint custodians, log the key rooms", keepers.fill),
        Filler("Send carriers and use them", carriers.fill),
        Filler("Hand carriers over to a factory", third_party.fill),
        Filler("Order, issue and use PSAMs", psams.fill),
        Filler("Test cards and begin to issue", issuing.fill),
        Filler("Lose a PSAM", loss.fill),
        Filler("Enroll people", people.fill),
        Filler("Citizens to sign in to the portal with", holders.fill),
        Filler("Issue cards, lose and replace them", cards.fill),
        Filler("A card with a PIN, to sign in with", key_cards.fill),
        Filler("A token for a program", programs.fill),
    )
