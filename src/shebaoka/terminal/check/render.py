"""The report for people and programs: data for JSON, Markdown, one HTML page without outside parts."""

from html import escape
from typing import Any

from shebaoka.terminal.check.model import CheckReport, Finding, Outcome

_ORDER = (Outcome.FAIL, Outcome.NOTE, Outcome.NOT_TESTED, Outcome.PASS)
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.3em .6em;text-align:left}"
    ".fail{font-weight:bold}"
)


def as_data(report: CheckReport, language: str = "en") -> dict[str, Any]:
    """The report as plain values for JSON."""
    return {
        "label": report.label,
        "made": report.made,
        "answer": report.answer,
        "algorithm": report.algorithm,
        "version": report.version,
        "layout": report.layout,
        "city_code": report.city_code,
        "commands": report.commands,
        "passed": report.passed,
        "counts": {outcome.value: report.count(outcome) for outcome in Outcome},
        "findings": [
            {
                "area": finding.area.value,
                "outcome": finding.outcome.value,
                "place": finding.place,
                "id": finding.id,
                "text": finding.text(language),
                "source": finding.source,
            }
            for finding in report.findings
        ],
    }


def markdown(report: CheckReport, language: str = "en") -> str:
    """The report as Markdown, worst findings first."""
    lines = [f"# Card check ({report.label})", "", *(f"* {line}" for line in _facts(report)), ""]
    lines += ["| result | area | place | finding | source |", "|---|---|---|---|---|"]
    for finding in ordered(report):
        cells = (*_cells(finding, language),)
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def html(report: CheckReport, language: str = "en") -> str:
    """The report as one HTML page."""
    facts = "".join(f"<li>{escape(line)}</li>" for line in _facts(report))
    rows = "".join(
        f'<tr class="{finding.outcome.value.replace(" ", "-")}">'
        + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(finding, language))
        + "</tr>"
        for finding in ordered(report)
    )
    head = "".join(f"<th>{name}</th>" for name in ("result", "area", "place", "finding", "source"))
    title = f"Card check ({report.label})"
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style><h1>{title}</h1><ul>{facts}</ul>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></html>\n"
    )


def ordered(report: CheckReport) -> list[Finding]:
    """Worst first; otherwise in the order in which they were made."""
    return sorted(report.findings, key=lambda finding: _ORDER.index(finding.outcome))


def _facts(report: CheckReport) -> list[str]:
    counts = ", ".join(f"{report.count(outcome)} {outcome.value}" for outcome in _ORDER)
    return [
        f"made {report.made}, {report.commands} commands, nothing was changed",
        f"answer to reset {report.answer}",
        f"specification version {report.version or '?'}, layout {report.layout or '?'}, "
        f"algorithm {report.algorithm or '?'}, issuing city {report.city_code or '?'}",
        counts,
    ]


def _cells(finding: Finding, language: str) -> tuple[str, ...]:
    return (
        finding.outcome.value,
        finding.area.value,
        finding.place,
        finding.text(language),
        finding.source,
    )
