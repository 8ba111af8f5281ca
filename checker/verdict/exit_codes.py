"""What the program exits with."""

from enum import IntEnum


class ExitCode(IntEnum):
    """When several hold, the first of 4, 2, 3, 1, 0."""

    OK = 0
    VIOLATIONS = 1
    USAGE = 2
    INCOMPLETE = 3
    INTERNAL = 4
