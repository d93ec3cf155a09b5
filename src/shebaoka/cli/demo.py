"""``shebaoka demo``: the main job."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    folder: Annotated[Path, typer.Option("--folder", "-o", help="Where everything is written.")] = Path(
        "var/demo"
    ),
    people: Annotated[int, typer.Option(help="How many invented people get a card.", min=4)] = 1000,
) -> None:
    """Two invented provinces: keys at three levels, cards and PSAMs, and the proof that they work."""
    from shebaoka.cli.deployment import refuse_simulated
    from shebaoka.cli.output import program
    from shebaoka.demo.main import run

    refuse_simulated("the demonstration")
    if run(folder, people, program=program()):
        raise typer.Exit(1)
