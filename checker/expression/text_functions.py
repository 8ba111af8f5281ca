"""Extension functions over text: patterns, case, parts, encodings."""

import json
from functools import lru_cache
from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote

from checker.aws import Json
from checker.aws.glob import glob_matches
from checker.expression.extension import ONE_OR_MORE, ExtensionFunction, Parameter, one_or_more


def matches_any_glob(text: str, patterns: str | list[str]) -> bool:
    """Tell whether one of the globs matches the whole text."""
    return any(glob_matches(text, pattern) for pattern in one_or_more(patterns))


def has_regex() -> bool:
    """Tell whether the RE2 engine is installed."""
    return find_spec("re2") is not None


def search_regex(text: str, pattern: str) -> bool:
    """Tell whether an RE2 pattern is found anywhere in the text.

    Raises:
        ValueError: The pattern is not RE2, or the text holds half a surrogate pair.
    """
    return compile_regex(pattern).search(text) is not None


@lru_cache(maxsize=1024)
def compile_regex(pattern: str) -> Any:  # the engine has no types
    """Compile an RE2 pattern, once.

    Raises:
        ValueError: The pattern is not RE2, which has no look-around and no back references.
    """
    import re2  # noqa: PLC0415 - an optional dependency

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options=options)
    except re2.error as error:
        reason = error.args[0]
        shown = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
        raise ValueError(f"not an RE2 pattern: {shown}") from error


def split(text: str, separator: str) -> list[str]:
    """Cut text at every separator.

    Raises:
        ValueError: The separator is empty.
    """
    if not separator:
        raise ValueError("the separator is empty")
    return text.split(separator)


def read_json(text: str) -> Json:
    """Parse strict JSON: NaN and Infinity are none, a key stands once.

    Raises:
        ValueError: The text is not JSON.
    """
    try:
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=_unique)
    except RecursionError as error:
        raise ValueError("the JSON is nested too deep") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos}") from error


def decode_url(text: str) -> str:
    """Decode %XX, as UTF-8; `+` stays.

    Raises:
        ValueError: The bytes are not UTF-8.
    """
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise ValueError("the decoded text is not UTF-8") from error


def _refuse(constant: str) -> Json:
    raise ValueError(f"not JSON: {constant}")


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("not unambiguous JSON: an object has the same key twice")
    return result


_TEXT = Parameter(name="text", types=("string",), subject=True)


EXTENSIONS = (
    ExtensionFunction(
        name="glob",
        parameters=(_TEXT, Parameter(name="patterns", types=ONE_OR_MORE)),
        returns=("boolean",),
        when_null=False,
        doc="Whether a glob (`*`, `?`, case-sensitive; `\\*` is literal) matches the whole text.",
        example="glob('AttachUserPolicy', ['Attach*', 'Put*'])",
        gives=True,
        implementation=matches_any_glob,
        crosses=True,
    ),
    ExtensionFunction(
        name="regex",
        parameters=(
            _TEXT,
            Parameter(name="pattern", types=("string",), check=compile_regex),
        ),
        returns=("boolean",),
        when_null=False,
        doc="Whether an RE2 pattern is found anywhere in the text; needs the extra `regex`.",
        example="regex('i-0abc', '^i-[0-9a-f]+$')",
        gives=True,
        implementation=search_regex,
        crosses=True,
        extra="regex",
        available=has_regex,
    ),
    ExtensionFunction(
        name="lower",
        parameters=(_TEXT,),
        returns=("string", "null"),
        when_null=None,
        doc="The text in lower case.",
        example="lower('S3:GetObject')",
        gives="s3:getobject",
        implementation=str.lower,
    ),
    ExtensionFunction(
        name="upper",
        parameters=(_TEXT,),
        returns=("string", "null"),
        when_null=None,
        doc="The text in upper case.",
        example="upper('abc')",
        gives="ABC",
        implementation=str.upper,
    ),
    ExtensionFunction(
        name="trim",
        parameters=(_TEXT,),
        returns=("string", "null"),
        when_null=None,
        doc="The text without white space at its ends.",
        example="trim('  a b ')",
        gives="a b",
        implementation=str.strip,
    ),
    ExtensionFunction(
        name="split",
        parameters=(_TEXT, Parameter(name="separator", types=("string",))),
        returns=("array", "null"),
        when_null=None,
        doc="The parts of a text between separators.",
        example="split('a/b', '/')",
        gives=["a", "b"],
        implementation=split,
    ),
    ExtensionFunction(
        name="from_json",
        parameters=(_TEXT,),
        returns=("any",),
        when_null=None,
        doc="The value that a JSON text holds.",
        example="from_json('{\"a\": [1]}').a",
        gives=[1],
        implementation=read_json,
    ),
    ExtensionFunction(
        name="url_decode",
        parameters=(_TEXT,),
        returns=("string", "null"),
        when_null=None,
        doc="The text with %XX decoded as UTF-8; `+` stays.",
        example="url_decode('a%20b')",
        gives="a b",
        implementation=decode_url,
    ),
)
