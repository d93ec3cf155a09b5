"""``shebaoka cards``: making cards."""

import typer

app = typer.Typer(no_args_is_help=True, help="Make cards from a list of people.")


@app.callback()
def _cards() -> None:
    pass
