"""Changes to an event by path: how a test case differs from the base that its rule's tests share."""

from functools import lru_cache

from checker.aws import Json
from checker.expression.syntax import parse

Step = str | int


@lru_cache(maxsize=4096)
def parse_steps(text: str) -> tuple[Step, ...]:
    """Read a path such as `userIdentity.arn` or `resources[0]."odd name"`, each once.

    Raises:
        ExpressionError: It is not JMESPath.
        ValueError: It is JMESPath, but more than names and indexes.
    """
    return _steps(parse(text))


def _steps(ast: Json) -> tuple[Step, ...]:
    match ast["type"]:
        case "field" | "index":
            return (ast["value"],)
        case "subexpression" | "index_expression":
            return tuple(step for child in ast["children"] for step in _steps(child))
        case other:
            raise ValueError(f"a path of names and indexes is wanted, not a {other}")


def with_value(event: Json, steps: tuple[Step, ...], value: Json) -> Json:
    """Give the event with a value put at a path; objects on the way are made, lists are not.

    Raises:
        ValueError: The path cannot be followed.
    """
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        if not isinstance(event, list) or not 0 <= step < len(event):
            raise ValueError(f"there is no list with an element [{step}]")
        return [*event[:step], with_value(event[step], rest, value), *event[step + 1 :]]
    if event is not None and not isinstance(event, dict):
        raise ValueError(f"'{step}' cannot be put into something that is no object")
    fields = event or {}
    return {**fields, step: with_value(fields.get(step), rest, value)}


def without(event: Json, steps: tuple[Step, ...]) -> Json:
    """Give the event without what stands at a path.

    Raises:
        ValueError: Nothing stands there.
    """
    step, rest = steps[0], steps[1:]
    if isinstance(step, str) and isinstance(event, dict) and step in event:
        if rest:
            return {**event, step: without(event[step], rest)}
        return {key: value for key, value in event.items() if key != step}
    if isinstance(step, int) and isinstance(event, list) and 0 <= step < len(event):
        kept = [without(event[step], rest)] if rest else []
        return [*event[:step], *kept, *event[step + 1 :]]
    raise ValueError(f"there is nothing at '{step}'")
