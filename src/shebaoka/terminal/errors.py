"""What can go wrong at a terminal. Every error has an id of the message catalogue and its details, so that it
can be told in any language; ``str(error)`` is the English line: what, where, what to do."""

from shebaoka.terminal import messages
from shebaoka.terminal.messages import Detail


class TerminalError(ValueError):
    """``id`` and ``details`` name a message of the catalogue. Never carries a PIN, a key or a random."""

    def __init__(self, message_id: str, **details: Detail) -> None:
        self.id = message_id
        self.details = details
        super().__init__(self.text())

    def text(self, language: str = "en") -> str:
        """What happened."""
        return messages.text(self.id, language, self.details)

    def hint(self, language: str = "en") -> str:
        """What to do next; may be empty."""
        return messages.hint(self.id, language, self.details)

    def line(self, language: str = "en") -> str:
        """Both in one line."""
        joiner = "" if language == "zh" else " "
        return joiner.join(part for part in (self.text(language), self.hint(language)) if part)

    def __str__(self) -> str:
        return self.line()


class CardRefusedError(TerminalError):
    """The card is not accepted: one of the checks of the pre-processing failed (Part 7 §5.4)."""


class NotMatchingError(CardRefusedError):
    """Card and terminal do not match: an algorithm or a version this terminal does not have (Part 3 §6.4)."""


class CloneError(CardRefusedError):
    """The card could not prove the issuer's key: a copy, or keys of another issuer."""


class BlacklistedError(CardRefusedError):
    """The card is on the blacklist (黑名单)."""


class CardChangedError(CardRefusedError):
    """Another card than the one the work began with (Part 7 §14)."""


class NoCardError(TerminalError):
    """No card answers, or its reset answer is not one of this standard."""


class KeySourceError(TerminalError):
    """The terminal cannot produce what a key must prove."""


class KeyMissingError(KeySourceError):
    """The PSAM or vault holds the key at no level; names the key, the levels tried and the source."""


class WrongRegionError(KeySourceError):
    """The PSAM holds the key only as a local one (2x city, 4x province) of another region than the card's."""


class AccessError(TerminalError):
    """The condition of a file cannot be fulfilled with what is at hand; nothing was sent to the card."""


class PinError(TerminalError):
    """PIN matters (个人密码). ``tries_left`` is None when the card did not say."""

    tries_left: int | None = None


class PinRequiredError(PinError):
    """The holder must enter the PIN first."""


class PinRuleError(PinError):
    """The PIN breaks the terminal's rule (digits only, 4-12 by default, twice the same); nothing was sent."""


class WrongPinError(PinError):
    """The card refused the PIN and says how many tries are left."""

    def __init__(self, message_id: str, tries_left: int) -> None:
        self.tries_left = tries_left
        super().__init__(message_id, tries=tries_left)


class PinLockedError(PinError):
    """No tries left; only PIN CHANGE/UNBLOCK with the unblock key helps (Part 7 §5.8, §13.3)."""


class HostRefusedError(TerminalError):
    """The host did not allow the transaction (Part 7 §8, §11.4); nothing was sent to the card."""


class PaymentRefusedError(TerminalError):
    """A medical transaction cannot be done: funds, counters, mode, MAC. Nothing was changed on the card."""


class UnverifiedPaymentError(TerminalError):
    """The card reports a debit but the PSAM does not accept its MAC2: keep the record, do not deliver."""


class BlacklistError(TerminalError):
    """A blacklist is not accepted: changed, wrong signer, malformed, stale, older than the one in use."""


class PartlyWrittenError(TerminalError):
    """An update stopped on its way: ``done`` of ``total`` changes are on the card; ``reason`` is why."""

    def __init__(self, done: int, total: int, reason: TerminalError) -> None:
        self.done = done
        self.total = total
        self.reason = reason
        super().__init__("partly-written", done=done, total=total, reason=reason)


class DataError(TerminalError):
    """A record or value does not fit its item."""


class StatusWordError(TerminalError):
    """The card answered an error. ``sw`` the word, ``command`` its name, ``place`` directory and file,
    ``condition`` what the file asks for, ``missing`` which of it was not shown, ``tries_left`` if told."""

    def __init__(
        self,
        message_id: str,
        *,
        sw: int,
        command: str,
        place: str,
        condition: str = "",
        missing: tuple[str, ...] = (),
        tries_left: int | None = None,
        **details: Detail,
    ) -> None:
        self.sw = sw
        self.command = command
        self.place = place
        self.condition = condition
        self.missing = missing
        self.tries_left = tries_left
        super().__init__(
            message_id,
            sw=f"{sw:04X}",
            command=command,
            place=place,
            condition=condition,
            missing=missing,
            tries="?" if tries_left is None else tries_left,
            **details,
        )
