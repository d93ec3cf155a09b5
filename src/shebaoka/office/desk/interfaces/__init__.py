"""Pages of the desk: tokens of programs that ask at the interface."""

ACTS = ("interfaces.token.add", "interfaces.token.give", "interfaces.token.withdraw")
"""Who may do one of them sees the tokens of her area."""
