"""The process that does background jobs: ``python -m shebaoka.office.server.worker``."""

import asyncio

from shebaoka.office.server.prepare import setup


def main() -> None:
    """The worker, until its parent lets it go."""
    setup()
    from shebaoka.office.jobs.worker import work

    asyncio.run(work(until_input_ends=True))


if __name__ == "__main__":
    main()
