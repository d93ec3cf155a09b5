"""``shebaoka keys``: how keys are born, proved, and moved."""

import typer

from shebaoka.cli import blanks, ceremony, exposure, key_blocks, key_states

app = typer.Typer(
    no_args_is_help=True,
    help="Key ceremonies and their transcripts. Passphrases are asked for, or come from SHEBAOKA_PASSPHRASE.",
)
app.command("ceremony")(ceremony.ceremony)
app.command("plan")(ceremony.plan)
app.command("verify")(ceremony.verify)
app.command("close")(ceremony.close)
app.command("exposure")(exposure.exposure)
app.command("blanks")(blanks.blanks)
key_blocks.add_commands(app)
key_states.add_commands(app)
