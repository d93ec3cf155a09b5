"""What the demonstration prints about its office: what was filled in, who can sign in and how."""

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from shebaoka.demo.office.accounts import Account


def tell_step(console: Console, number: int, title: str, seconds: float, lines: Sequence[str]) -> None:
    """A filler that is done."""
    console.print(Text.assemble((f"{number}. {title}", "bold"), (f"  {seconds:.1f} s", "dim")))
    for line in lines:
        console.print(Padding(Text(line), (0, 0, 0, 3)))


def tell_sign_ins(console: Console, accounts: Sequence[Account], file: str, command: str) -> None:
    """The table of sign-ins, the secrets of their authenticators, and ``command``, which prints the code of
    the first of them."""
    table = Table(title="Demonstration sign-ins (TEST_ONLY)", title_style="bold", box=None, padding=(0, 1))
    table.add_column("number", no_wrap=True)
    table.add_column("password", no_wrap=True)
    table.add_column("role")
    table.add_column("organization", overflow="fold")
    for account in accounts:
        table.add_row(account.number, account.password, roles_of(account), account.organization)
    console.print()
    console.print(table)
    console.print("\nThe second factor is a code of six digits that changes every 30 seconds and works once:")
    console.print(f"  {command}", markup=False, soft_wrap=True)
    console.print("or by an authenticator application, from these addresses:")
    for account in accounts:
        console.print(f"  {account.uri}", style="dim", markup=False, soft_wrap=True)
    console.print(f"All of it is in {file}, which only you can read.", soft_wrap=True)


def roles_of(account: Account) -> str:
    """Her roles in words: ``key custodian``."""
    names = (role.rpartition(".")[2].replace("-", " ") for role in account.roles)
    return ", ".join(names)
