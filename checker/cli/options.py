"""Options that several commands share, and what their text means."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from checker.aws.period import PERIOD_HINT, Period, parse_since, parse_until
from checker.aws.time import parse_instant
from checker.cli.configuration import SEVERITIES_AND_OFF
from checker.errors import usage_error
from checker.policy.parameters import Settings, settings_from_document, settings_from_options
from checker.policy.selection import Selector, parse_selector
from checker.policy.yaml_source import load_file

DEFAULT_RULES = ("starter",)

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

param_option: Decorator = click.option(
    "--param",
    "param_options",
    metavar="NAME=VALUE",
    multiple=True,
    help="A parameter's value, for all rules that have it, or for one as RULE-ID.NAME; "
    "repeated, or [a, b], for a list.",
)
params_option: Decorator = click.option(
    "--params",
    "param_files",
    metavar="FILE",
    multiple=True,
    help="A YAML file of parameter values.",
)

config_option: Decorator = click.option(
    "--config",
    metavar="FILE",
    help="Default: trailcheck.yaml, else [tool.trailcheck] in pyproject.toml, if it is here.",
)
select_option: Decorator = click.option(
    "--select",
    metavar="SELECTOR",
    multiple=True,
    help="Only the rules that one SELECTOR means: a glob over ids, or tag:GLOB, severity:high "
    "(high+ and above, high- and below), pack:GLOB, control:FRAMEWORK:GLOB.",
)
exclude_option: Decorator = click.option(
    "--exclude",
    metavar="SELECTOR",
    multiple=True,
    help="None of the rules that a SELECTOR means.",
)
fail_on_option: Decorator = click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES_AND_OFF, case_sensitive=False),
    help="The least severity of a failing rule that fails the gate (default: low); none turns the "
    "gate off, and every report says so.",
)
soft_fail_option: Decorator = click.option(
    "--soft-fail",
    metavar="SELECTOR",
    multiple=True,
    help="Rules whose failures are reported and do not fail the gate; every report says so.",
)
require_evidence_option: Decorator = click.option(
    "--require-evidence/--no-require-evidence",
    default=None,
    help="A verdict no evidence makes the run incomplete (exit code 3).",
)
since_option: Decorator = click.option(
    "--since",
    metavar="TIME",
    help="Judge events from this time on: a date or time in UTC, 2026-Q3, 2026-07, 2026, or 30d.",
)
until_option: Decorator = click.option(
    "--until",
    metavar="TIME",
    help="Judge events before this time; of a quarter, month or year, to its end.",
)


def settings_from(files: tuple[str, ...], options: tuple[str, ...]) -> Settings:
    """Give the parameter values of `--params` files and, over them, of `--param`."""
    settings = Settings()
    for file in files:
        settings = settings_from_document(load_file(Path(file), file)).over(settings)
    return settings_from_options(options).over(settings)


def selectors_from(texts: Iterable[str]) -> tuple[Selector, ...]:
    """Read `--select` and the options that take the same.

    Raises:
        UsageError: One is no selector.
    """
    return tuple(parse_selector(text) for text in texts)


def parse_now(text: str | None) -> datetime:
    """Read `--now`; without it, the clock.

    Raises:
        UsageError: It is no instant.
    """
    if text is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return parse_instant(text)
    except ValueError as error:
        hint = "write a time like 2024-12-16T08:00:00Z"
        raise usage_error("now-option", f"--now {text}: {error}", hint) from error


def parse_period(since: str | None, until: str | None, *, now: datetime) -> Period:
    """Read the period that is answered for.

    Args:
        since: As written; None for the first event.
        until: As written; None for the last event.
        now: The evaluation instant.

    Raises:
        UsageError: One is no time, or they are in the wrong order.
    """
    start = _bound("since", since, now, parse_since)
    stop = _bound("until", until, now, parse_until)
    if start and stop and not start < stop:
        cause = f"--since {since} is not before --until {until}"
        raise usage_error("period-option", cause, PERIOD_HINT)
    return Period(start, stop)


def _bound(
    name: str, text: str | None, now: datetime, parse: Callable[[str, datetime], datetime]
) -> datetime | None:
    if text is None:
        return None
    try:
        return parse(text, now)
    except ValueError as error:
        raise usage_error("period-option", f"--{name} {text}: {error}", PERIOD_HINT) from error
