"""What the people of a ceremony type."""

import os
import re

from scan.known import Known


class Answers:
    """What the people of a province's ceremony type. ``place``: under which their components are known."""

    def __init__(self, known: Known, script: str, place: str = "typed") -> None:
        self._known, self._script, self._place = known, script, place

    def __call__(self, line: str) -> str:
        if "[yes / abort]" in line:
            return "yes"
        if "component" in line:
            who = re.findall(r"custodian ([AB])", line)[0]
            key = "PUK" if "PUK" in line else "BK"
            place = f"{self._place} {key} {who}"
            if place not in self._known.components:
                self._known.components[place] = os.urandom(16)
                self._known.secrets.key(place, self._known.components[place])
            return self._known.components[place].hex().upper()
        if "written approval" in line:
            return str(re.findall(r'approval = \{ number = "(.*?)"', self._script)[0])
        if "staff number" in line:
            persons: dict[str, str] = dict(re.findall(r'name = "(\w+)", number = "([\w-]+)"', self._script))
            return next(number for name, number in persons.items() if name in line)
        seals = dict(re.findall(r'serial = "([\w-]+)", seal = "([\w-]+)"', self._script))
        serial, seal = next((serial, seal) for serial, seal in seals.items() if serial in line)
        return f"NEW-{serial}" if "new seal" in line else seal
