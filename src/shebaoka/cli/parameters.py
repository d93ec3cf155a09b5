"""``shebaoka parameters``: what regions decide, what is still to be confirmed, the rules they publish."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.office import configuration
from shebaoka.cli.output import JsonOption, print_json, print_table
from shebaoka.spec.parameters import TO_CONFIRM, Parameter, parameters

if TYPE_CHECKING:
    from shebaoka.office.organizations.models import Organization

app = typer.Typer(
    no_args_is_help=True,
    help="Parameters of regions: national defaults with the tag of their source, what a region decided, what "
    "is still to be confirmed (tags K and ?), and the application management rules made from them.",
)

Region = Annotated[str, typer.Argument(help="A region's six digits; without them the national defaults.")]
Day = Annotated[
    datetime | None,
    typer.Option("--day", formats=["%Y-%m-%d"], help="In force on that day; today by default."),
]
Language = Annotated[str, typer.Option("--language", "-l", help="zh, en or es.")]


@app.command("list")
def list_(
    region: Region = "",
    day: Day = None,
    to_confirm: Annotated[bool, typer.Option("--open", help="Only what is still to be confirmed.")] = False,
    language: Language = "en",
    as_json: JsonOption = False,
) -> None:
    """Every parameter: value, source, and who decided it."""
    tongue = _language(language)
    rows = _regional(region, day.date() if day else None) if region else _national()
    shown = [row for row in rows if row["to_confirm"] or not to_confirm]
    if as_json:
        print_json(shown)
        return
    known = parameters()
    cells = [
        (
            row["key"],
            getattr(known[row["key"]].name, tongue) if row["key"] in known else row["name"],
            "-" if row["value"] is None else str(row["value"]),
            row["source"],
            row["decided_by"] or "-",
        )
        for row in shown
    ]
    print_table(f"Parameters {region}".strip(), ("key", "name", "value", "source", "decided by"), cells)
    count = sum(row["to_confirm"] for row in rows)
    print(f"{len(shown)} parameters; {count} still to be confirmed (K: text not read yet, ?: not found)")


@app.command("open")
def open_(
    region: Region = "", day: Day = None, language: Language = "en", as_json: JsonOption = False
) -> None:
    """What is still to be confirmed."""
    list_(region, day, True, language, as_json)


@app.command()
def check(as_json: JsonOption = False) -> None:
    """Compare every published rule with the configuration in force. Exit code 1 when they differ."""
    found = configuration()
    from shebaoka.office.server.prepare import running_database, setup

    with running_database(found):
        setup()
        from shebaoka.office.parameters.agreement import differences

        wrong = differences()
    if as_json:
        names = ("organization", "version", "key", "published", "in_force")
        print_json([{name: getattr(each, name) for name in names} for each in wrong])
    else:
        for each in wrong:
            what = each.key or "the text"
            print(
                f"{each.organization} version {each.version}: {what} is {each.in_force}, not {each.published}"
            )
        print("published rules and configuration are one" if not wrong else f"{len(wrong)} differences")
    if wrong:
        raise typer.Exit(1)


@app.command()
def rules(
    region: Annotated[str, typer.Argument(help="Six digits of a province or city.")],
    file: Annotated[Path, typer.Argument(help="A new PDF file.")],
    day: Day = None,
) -> None:
    """Write a region's published rules as PDF."""
    found = configuration()
    from shebaoka.office.server.prepare import running_database, setup

    with running_database(found):
        setup()
        from shebaoka.office.parameters.paper import publication_pdf
        from shebaoka.office.parameters.selectors import publication_in_force

        published = publication_in_force(_body(region), day.date() if day else None)
        if published is None:
            raise UsageProblem(f"{region} has published no rules that are in force then")
        try:
            with file.open("xb") as target:
                target.write(publication_pdf(published))
        except FileExistsError:
            raise UsageProblem(f"{file} is there already; name a new file") from None
    print(f"version {published.version}, in force from {published.since}: {file}")


def _national() -> list[dict[str, Any]]:
    return [
        _row(key, entry, entry.value, entry.source, entry.place, "national default")
        for key, entry in parameters().items()
    ]


def _regional(region: str, day: date | None) -> list[dict[str, Any]]:
    found = configuration()
    from shebaoka.office.server.prepare import running_database, setup

    with running_database(found):
        setup()
        from shebaoka.office.parameters.registry import known
        from shebaoka.office.parameters.selectors import all_in_force

        return [
            _row(
                key,
                known()[key],
                each.value,
                each.source,
                each.place,
                each.setting.organization.name if each.setting else "national default",
            )
            for key, each in all_in_force(_body(region), day).items()
        ]


def _row(
    key: str, entry: Parameter, value: object, source: str, place: str, decided_by: str
) -> dict[str, Any]:
    return {
        "key": key,
        "name": entry.name.en,
        "value": value,
        "unit": entry.unit,
        "source": source,
        "place": place,
        "decided_by": decided_by,
        "to_confirm": value is None or source in TO_CONFIRM,
    }


def _body(region: str) -> "Organization":
    from shebaoka.office.organizations.choices import ISSUING
    from shebaoka.office.organizations.models import Organization

    found = Organization.objects.filter(region=region, kind__in=ISSUING, closed_on=None).first()
    if found is None:
        raise UsageProblem(f"there is no ministry, province or city for the region {region}")
    return found


def _language(language: str) -> Literal["zh", "en", "es"]:
    match language:
        case "zh" | "en" | "es":
            return language
    raise UsageProblem(f"--language is zh, en or es, not {language}")
