"""Independent pieces of work spread over processes."""

import signal
import threading
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from checker.engine.executors import end_with_parent, end_workers, worker_context

T = TypeVar("T")
R = TypeVar("R")

_SERIAL_BELOW: Final = 8
"""Pieces of work below which starting processes costs more than it saves."""


def spread(work: Callable[[T], R], pieces: Sequence[T], jobs: int) -> list[R]:
    """Do some work on each piece, here or in processes.

    Args:
        work: A function that pickles.
        pieces: Values that pickle.
        jobs: How many processes may work at once.

    Returns:
        What each piece came to, in their order.
    """
    if jobs == 1 or len(pieces) < _SERIAL_BELOW:
        return [work(piece) for piece in pieces]
    # Imported when processes are wanted: most work is small.
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    with ProcessPoolExecutor(jobs, worker_context(), _prepare) as pool:
        try:
            return list(pool.map(work, pieces))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            end_workers()
            raise


def _prepare() -> None:
    # An interrupt reaches all processes; the one that people talk to ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=end_with_parent, daemon=True).start()
