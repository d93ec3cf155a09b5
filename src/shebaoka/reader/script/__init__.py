"""APDU scripts: parse, run, report (docs/reference/apdu-scripts.md)."""

from shebaoka.reader.script.grammar import Script, ScriptError, Slot, load_script, parse_script
from shebaoka.reader.script.report import report
from shebaoka.reader.script.runner import Difference, ScriptResult, run_script

__all__ = [
    "Difference",
    "Script",
    "ScriptError",
    "ScriptResult",
    "Slot",
    "load_script",
    "parse_script",
    "report",
    "run_script",
]
