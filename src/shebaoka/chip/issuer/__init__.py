"""The issuer dialect: creating structure and loading keys (docs/reference/issuer-dialect.md).

The standard leaves these commands to the maker of the operating system; these are ours.
"""

from shebaoka.chip.issuer.create import CREATE
from shebaoka.chip.issuer.data import DATA
from shebaoka.chip.issuer.lifecycle import LIFECYCLE
from shebaoka.chip.issuer.loading import LOADING
from shebaoka.chip.issuer.master import MASTER

__all__ = ["ISSUER"]

ISSUER = (*MASTER, *CREATE, *LOADING, *DATA, *LIFECYCLE)
