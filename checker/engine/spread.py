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

    pool = ProcessPoolExecutor(jobs, worker_context(), _prepare)
    try:
        # Not pool.map, which cancels what waits before the pool is told: it would stumble over that.
        futures = [pool.submit(work, piece) for piece in pieces]
        return [future.result() for future in futures]
    except KeyboardInterrupt:
        # An interrupt does not wait for work that nobody will hear of.
        end_workers()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _prepare() -> None:
    # An interrupt reaches all processes; the one that people talk to ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=end_with_parent, daemon=True).start()
