"""How deep a JSON value nests, told without recursion."""

from collections.abc import Iterable

from checker.aws import Json


def is_deeper(value: Json, depth: int) -> bool:
    """Tell whether a value nests more than so many objects and lists."""
    level = [value]
    for _ in range(depth):
        level = [child for parent in level for child in children(parent)]
        if not level:
            return False
    return any(isinstance(deepest, dict | list) for deepest in level)


def children(value: Json) -> Iterable[Json]:
    """Give what is directly below a value."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
