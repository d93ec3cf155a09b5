"""The report of a card check: on the screen and as a file."""

from pathlib import Path

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.output import print_table, write_json
from shebaoka.terminal.check import CheckReport, Outcome, as_data, html, markdown

_COLUMNS = ("result", "area", "place", "finding", "source")


def print_report(report: CheckReport, language: str, written: Path | None) -> None:
    """What is worth reading: failures and notes, where nothing could be tested, the counts."""
    telling = [f for f in report.findings if f.outcome not in (Outcome.PASS, Outcome.NOT_TESTED)]
    rows = [(f.outcome.value, f.area.value, f.place, f.text(language), f.source) for f in telling]
    if rows:
        print_table(f"Card check ({report.label})", _COLUMNS, rows)
    closed = dict.fromkeys(f.place for f in report.findings if f.outcome is Outcome.NOT_TESTED)
    if closed:
        print(f"not tested: {', '.join(closed)}; more can be tested with --pin, --psam or --vault")
    counts = ", ".join(f"{report.count(outcome)} {outcome.value}" for outcome in Outcome)
    print(f"{report.label}: {counts}; {report.commands} commands, nothing was changed")
    print(f"whole report: {written}" if written else "whole report: add --report FILE.html (or .md, .json)")


def write_report(report: CheckReport, path: Path, language: str) -> None:
    """Write the whole report in the form that the name asks for. Raises UsageProblem for another ending."""
    match path.suffix.lower():
        case ".json":
            write_json(path, as_data(report, language))
        case ".md":
            path.write_text(markdown(report, language), "utf-8")
        case ".html":
            path.write_text(html(report, language), "utf-8")
        case _:
            raise UsageProblem(f"{path}: the report is written as .json, .md or .html; name such a file")
