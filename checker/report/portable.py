"""Values as other programs take them: text without hidden characters, times that are times."""

from collections.abc import Mapping
from datetime import datetime

from checker.aws import Json
from checker.aws.time import EPOCH, format_time, parse_time, to_micros
from checker.visible import visible


def portable(value: Json) -> Json:
    """Give a JSON value with every hidden character written out, also in its keys.

    Some readers refuse text that is not Unicode, such as a lone surrogate.
    """
    match value:
        case str():
            return visible(value, keep_newlines=True)
        case Mapping():
            return {visible(key): portable(each) for key, each in value.items()}
        case list() | tuple():
            return [portable(each) for each in value]
        case _:
            return value


def one_line(text: str, most: int, instead: str = "-") -> str:
    """Give text as one visible line.

    Args:
        text: Anything.
        most: How many characters are kept at most.
        instead: What is given for text that is blank.
    """
    # What lies far behind the cut need not be looked at.
    line = " ".join(visible(text[: 8 * most], keep_newlines=True).split())
    return cut(line, most) or instead


def cut(text: str, most: int) -> str:
    """Give text of at most so many characters; where some are cut, the last says so."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def instant(*times: str | None) -> datetime:
    """Give the first that is a time; that of a log need not be one. With none, that of 1970."""
    for time in times:
        try:
            return parse_time(time or "")
        except ValueError:
            continue
    return EPOCH


def stamp(*times: str | None) -> str:
    """Give the first that is a time, as RFC 3339 in UTC."""
    return format_time(instant(*times))


def millis(*times: str | None) -> int:
    """Give the first that is a time, in milliseconds since 1970."""
    return to_micros(instant(*times)) // 1_000
