"""``shebaoka people``: a population by file, with a report row by row."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.office import configuration
from shebaoka.cli.output import JsonOption, print_json, print_table

if TYPE_CHECKING:
    from shebaoka.office.organizations.models import Organization

_IN_USE = "55P03"  # lock_not_available
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
        from shebaoka.office.people.choices import Source
        from shebaoka.office.people.services import people_import

        node = _agency(agency)
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


@app.command()
def load(
    lists: Annotated[list[str], typer.Argument(help="AGENCY=FILE for each list.", metavar="AGENCY=FILE...")],
    source: Annotated[str, typer.Option(help="replaced, agency, employer, school.")] = "replaced",
    as_json: JsonOption = False,
) -> None:
    """Load whole populations, with their cards in use, while nobody works in the office.

    All lists in one transaction: killed before its end, it changed nothing. Indexes, foreign keys and
    triggers of the tables rest until all is in, and are made again of everything."""
    found = configuration()
    from shebaoka.office.server.prepare import running_database, setup

    with running_database(found):
        setup()
        from django.db import OperationalError

        from shebaoka.office.base.errors import Refusal
        from shebaoka.office.organizations.actor import system
        from shebaoka.office.organizations.choices import Channel
        from shebaoka.office.people.choices import Source
        from shebaoka.office.people.importing.filling import population
        from shebaoka.office.people.services import people_import

        if source not in Source.values:
            raise UsageProblem(f"a source is one of {', '.join(Source.values)}, not {source}")
        wanted = [(_agency(code), Path(name)) for code, _, name in (each.partition("=") for each in lists)]
        counts = []
        try:
            with population():
                for agency, path in wanted:
                    actor = system(agency, Channel.COMMAND)
                    made = people_import(actor, agency=agency, path=path, source=Source(source), closed=True)
                    counts.append((agency.code, path.name, made.taken, made.known, made.refused))
        except Refusal as refusal:
            raise UsageProblem(f"{path}: {refusal}") from None
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) != _IN_USE:
                raise
            raise UsageProblem("somebody works in the office: stop it (shebaoka office), then load") from None
    names = ("agency", "file", "taken", "known", "refused")
    if as_json:
        print_json([dict(zip(names, each, strict=True)) for each in counts])
        return
    print_table("Populations", names, [tuple(map(str, each)) for each in counts])


def _agency(code: str) -> "Organization":
    from shebaoka.office.organizations.models import Organization

    node = Organization.objects.filter(code=code, closed_on=None).first()
    if node is None:
        raise UsageProblem(f"there is no organization {code}")
    return node
