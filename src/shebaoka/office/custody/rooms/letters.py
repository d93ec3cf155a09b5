"""Component letters of a ceremony at the desk: sheets in memory, fetched by their custodian alone."""

from shebaoka.paper.letters import ComponentLetter, component_letters_pdf
from shebaoka.vault.ceremony.script import Script
from shebaoka.vault.ceremony.steps import Letter
from shebaoka.vault.ceremony.words import role_name


class LettersInMemory:
    """Each custodian's letters as PDF until the ceremony is over; never on a disk of the server."""

    def __init__(self) -> None:
        self._sheets: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"<letters of {len(self._sheets)} custodians>"

    def deliver(self, script: Script, letters: list[Letter]) -> None:
        """Keeps the letters of one custodian."""
        role = letters[0].custodian
        person = script.persons[role]
        self._sheets[role] = component_letters_pdf(
            [
                ComponentLetter(
                    str(person), role_name(role).zh, script.number, letter.serial, letter.key,
                    letter.number, letter.count, letter.component.hex(), letter.kcv,
                )
                for letter in letters
            ]
        )  # fmt: skip

    def withdraw(self) -> None:
        """Forgets them."""
        self._sheets.clear()

    def of(self, role: str) -> bytes:
        """The sheets of a role; empty while there are none."""
        return self._sheets.get(role, b"")

    def sealed(self, role: str) -> None:
        """They lie in the envelope: nothing is kept of them here."""
        self._sheets.pop(role, None)
