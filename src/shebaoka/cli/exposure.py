"""``shebaoka keys exposure``: what a lost carrier, HSM, key or PSAM exposes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.output import JsonOption, LanguageOption

if TYPE_CHECKING:
    from shebaoka.vault.contents import Contents
    from shebaoka.vault.exposure import Loss


def exposure(
    carrier: Annotated[
        list[str] | None, typer.Option("--carrier", help="Serial number of a lost carrier, 16 digits.")
    ] = None,
    psam: Annotated[
        list[str] | None, typer.Option("--psam", help="Terminal number of a lost PSAM, 12 digits.")
    ] = None,
    hsm: Annotated[
        list[str] | None,
        typer.Option("--hsm", help="Code of the body whose vault or HSM is lost; `nation` for the ministry."),
    ] = None,
    key: Annotated[
        list[str] | None, typer.Option("--key", help="Id of a key that became known, such as 98:BK:1:SM4.")
    ] = None,
    records: Annotated[
        list[Path] | None,
        typer.Option("--records", "-r", help="Journal of what carriers hold (VAULT.carried; repeatable)."),
    ] = None,
    vault: Annotated[
        list[Path] | None,
        typer.Option(
            "--vault",
            help="Keys of a body: the output of `vault show --json` in a file, or a vault (repeatable).",
        ),
    ] = None,
    cards: Annotated[
        list[Path] | None,
        typer.Option("--cards", help="Batch folder or return file of a city (repeatable)."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the affected cards to this CSV.")
    ] = None,
    pins: Annotated[
        bool, typer.Option("--pins-lost", help="PINs or passphrases of the lost things are lost too.")
    ] = False,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """List what a loss exposes: keys of the body and all below it, other carriers and PSAMs, and cards.

    What was lost together is named together: a mother card with its transmission card is another matter
    than one of them. No list shows a key. A body whose list is missing is judged by the body above it; the
    cards come from return files."""
    from shebaoka.cli.exposure_report import as_data, print_report
    from shebaoka.cli.key_lists import key_list
    from shebaoka.cli.output import print_json
    from shebaoka.personalization.exposure import write_affected
    from shebaoka.vault import exposure as rules

    if not (carrier or psam or hsm or key):
        raise UsageProblem("say what was lost: --carrier, --psam, --hsm or --key")
    if output is not None and not cards:
        raise UsageProblem("--output needs --cards: batch folders or return files")
    if output is not None and output.exists():
        raise UsageProblem(f"{output}: exists already; choose another name")
    facts = tuple(fact for source in vault or () for fact in key_list(source))
    contents = _contents(records or [])
    on_cards = tuple(fact for card in contents.values() for fact in card.keys)
    lost: list[Loss] = [*rules.lost_cards(contents, [*(carrier or ()), *(psam or ())], pins=pins)]
    lost += [rules.lost_hsm(facts, "" if code == "nation" else code, pins=pins) for code in hsm or ()]
    lost += [rules.lost_key((*facts, *on_cards), id_) for id_ in key or ()]
    found = rules.exposure(lost, facts, contents.values())
    tallies = write_affected(found, cards or (), output)
    if as_json:
        print_json(as_data(found, tallies, output))
    else:
        print_report(found, tallies, output, language)


def _contents(records: list[Path]) -> "dict[str, Contents]":
    """What each card holds by all journals; a PSAM that three bodies filled has its keys in three."""
    from shebaoka.vault.card_records import read_card_records
    from shebaoka.vault.contents import held

    told = [record for path in records for record in read_card_records(path)]
    return held(sorted(told, key=lambda record: record[1].time))
