"""`--redact` and `--redact-key`: a report for readers outside."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from checker.errors import Place, Problem, UsageError
from checker.report.redaction import read_key

redact_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--redact",
    is_flag=True,
    help="Replace addresses and the names of principals, users and sessions by pseudonyms, in every "
    "report of this run; account ids stay.",
)
redact_key_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--redact-key",
    metavar="FILE",
    help="The key of the pseudonyms: a file of 16 bytes or more. The same key gives the same ones.",
)


def redaction_key(
    path: str | None, *, redact: bool, show_secrets: bool, inputs: Callable[[], Iterable[str]]
) -> bytes | None:
    """Give the key that reports are redacted by; None where they are not.

    Args:
        path: Of the file of the key.
        redact: Whether to.
        show_secrets: Whether secrets are shown.
        inputs: Gives the paths of all logs; a report has the hash of each.

    Raises:
        UsageError: The options do not go together, or the key is none.
    """
    if not redact and path is None:
        return None
    if not redact or path is None:
        cause = "--redact and --redact-key FILE go together"
        raise _wrong(cause, "give both; the key makes the pseudonyms, and keeps them from others")
    if show_secrets:
        cause = "--redact and --show-secrets contradict each other"
        raise _wrong(cause, "leave one of them out")
    key = read_key(Path(path))
    if os.path.realpath(path) in {os.path.realpath(each) for each in inputs()}:
        cause = "the key lies among the logs: reports would have its hash"
        raise _wrong(cause, "keep it in another folder", Place(path=path))
    return key


def _wrong(cause: str, hint: str, place: Place | None = None) -> UsageError:
    return UsageError([Problem(code="redact-key", cause=cause, hint=hint, place=place)])
