"""``shebaoka people``: a population by file, with a report row by row."""

from pathlib import Path
from typing import Annotated

import typer

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.office import configuration
from shebaoka.cli.output import JsonOption, print_json, print_table

app = typer.Typer(
    no_args_is_help=True,
    help="Insured people: a list (CSV or Excel) taken in one transaction, with a report row by row.",
)
Agency = Annotated[str, typer.Argument(help="Code of the organization where they are insured.")]
List = Annotated[Path, typer.Argument(help="CSV (UTF-8 or GB 18030) or xlsx; the first row names columns.")]


@app.command("import")
def import_(
    agency: Agency,
    file: List,
    source: Annotated[str, typer.Option(help="replaced, agency, employer, school.")] = "replaced",
    report: Annotated[Path | None, typer.Option(help="A new file for the rows not taken.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Import people. Good rows are taken; killed before its end, it changed nothing.

    Lists of several regions are imported at the same time by as many processes."""
    found = configuration()
    from shebaoka.office.server.prepare import running_database, setup

    with running_database(found):
        setup()
        from shebaoka.office.base.errors import Refusal
        from shebaoka.office.organizations.actor import system
        from shebaoka.office.organizations.choices import Channel
        from shebaoka.office.organizations.models import Organization
        from shebaoka.office.people.choices import Source
        from shebaoka.office.people.services import people_import

        node = Organization.objects.filter(code=agency, closed_on=None).first()
        if node is None:
            raise UsageProblem(f"there is no organization {agency}")
        if source not in Source.values:
            raise UsageProblem(f"a source is one of {', '.join(Source.values)}, not {source}")
        try:
            made = people_import(system(node, Channel.COMMAND), agency=node, path=file, source=Source(source))
        except Refusal as refusal:
            raise UsageProblem(f"{file}: {refusal}") from None
        rows = [(str(row.row), "yes" if row.taken else "no", row.code, row.column, row.detail)
                for row in made.rows.order_by("row")[:100_000]]  # fmt: skip
        counts = {"taken": made.taken, "known": made.known, "refused": made.refused}
    names = ("row", "taken", "problem", "column", "detail")
    if report is not None:
        try:
            with report.open("x", encoding="utf-8") as target:
                target.writelines("\t".join(each) + "\n" for each in (names, *rows))
        except FileExistsError:
            raise UsageProblem(f"{report} is there already; name a new file") from None
    if as_json:
        print_json(counts)
        return
    if rows and report is None:
        print_table(f"Rows of {file.name}", names, rows[:50])
    print(f"{counts['taken']} taken, {counts['known']} known before, {counts['refused']} refused")
