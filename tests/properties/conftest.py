"""How Hypothesis runs: the same examples every time in `make test`, many random ones with SHEBAOKA_LONG=1.

No deadline: a slow machine is not a failure.
"""

import os

from hypothesis import settings

settings.register_profile("same-every-time", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("long", deadline=None, max_examples=2000)
settings.load_profile("long" if os.environ.get("SHEBAOKA_LONG") == "1" else "same-every-time")
