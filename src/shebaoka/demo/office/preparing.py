"""Database, tables and static files of the office are made by a process of its own, while the steps before
the office run: ``python -m shebaoka.demo.office.preparing``."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from shebaoka.office.configuration import ConfigurationError, read_configuration


class Preparation:
    """A process that makes them. Ctrl-C is the parent's to hear; it tells this one."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "shebaoka.demo.office.preparing"],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            text=True,
        )

    def wait(self) -> None:
        """Until they are made. Raises ConfigurationError with the last line of what it said."""
        _, said = self._process.communicate()
        if self._process.returncode:
            lines = said.strip().splitlines() or ["it was killed"]
            raise ConfigurationError(f"the office could not be prepared: {lines[-1]}")

    def end(self) -> None:
        """Stops it, and waits until its database has stopped."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.communicate()


@contextmanager
def preparation() -> Iterator[Preparation]:
    """It runs within; whatever happens, nothing of it is left afterwards."""
    made = Preparation()
    try:
        yield made
    finally:
        made.end()


def main() -> None:
    """Makes them, in the folder the environment names; what goes wrong is one line."""
    from shebaoka.office.server.prepare import collect_static, migrate, running_database, setup

    try:
        found = read_configuration()
        with running_database(found):
            setup()
            migrate(found)
            collect_static()
    except (ConfigurationError, OSError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(1)


if __name__ == "__main__":
    main()
