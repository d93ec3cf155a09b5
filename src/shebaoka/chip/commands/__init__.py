"""Commands every chip has: selection, files, challenge and authentication (Part 5 §6)."""

from shebaoka.chip.commands.authenticate import AUTHENTICATE
from shebaoka.chip.commands.binary import BINARY
from shebaoka.chip.commands.records import RECORDS
from shebaoka.chip.commands.select import SELECT

__all__ = ["AUTHENTICATE", "BASIC", "BINARY", "RECORDS", "SELECT"]

BASIC = (*SELECT, *BINARY, *RECORDS, *AUTHENTICATE)
