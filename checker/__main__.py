"""The program's way in: `python -m checker` is `trailcheck`."""

import gc
from typing import Final, NoReturn

_GARBAGE_AFTER: Final = 50_000


def run() -> NoReturn:
    """Run the command line and exit."""
    # What start-up makes, imports above all, is kept to the end: looking through it for garbage is
    # in vain.
    gc.set_threshold(_GARBAGE_AFTER)
    from checker.cli.main import run as run_command  # noqa: PLC0415 - see above

    run_command()


if __name__ == "__main__":
    run()
