"""What a report says of where it comes from: the options for it, and what was given to a run."""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import click
import msgspec

from checker.aws.period import Period
from checker.aws.time import format_time
from checker.cli.configuration import Configuration
from checker.cli.excepting import Excepting
from checker.cli.options import DEFAULT_RULES
from checker.errors import Problem, UsageError, did_you_mean
from checker.policy.rule import Rule
from checker.report.provenance import (
    OBTAINED,
    Given,
    changed_limits,
    given_parameters,
    stated_as,
)


def _text(context: click.Context, option: click.Parameter, text: str | None) -> str:  # noqa: ARG001 - click's signature
    if text is not None and not text.strip():
        raise click.BadParameter("the text is empty; a variable of the shell may be unset")
    return text or ""


_NAMES = tuple(each.name for each in OBTAINED.fields)

_STATED: tuple[Callable[[Callable[..., Any]], Callable[..., Any]], ...] = (
    click.option(
        "--obtained",
        metavar="NAME=TEXT",
        multiple=True,
        help="How the logs were obtained, stated in reports and not verified; NAME is one of "
        f"{', '.join(_NAMES)}; may be given several times.",
    ),
    click.option(
        "--purpose",
        metavar="TEXT",
        callback=_text,
        help="What the report is for, stated in it and not verified.",
    ),
    click.option(
        "--prepared-by",
        metavar="TEXT",
        callback=_text,
        help="Who prepared the report, stated in it and not verified.",
    ),
)


def stated_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options whose text a report states: `prepared_by`, `purpose` and `obtained`."""
    return reduce(lambda wrapped, option: option(wrapped), _STATED, command)


def obtained_from(options: Sequence[str]) -> dict[str, str]:
    """Read `--obtained NAME=TEXT`.

    Raises:
        UsageError: A name is unknown or given twice, or there is no text.
    """
    found: dict[str, str] = {}
    for option in options:
        name, _, text = option.partition("=")
        if name not in _NAMES:
            raise _usage(f"--obtained {option}: expected NAME=TEXT", did_you_mean(name, _NAMES))
        if name in found or not text.strip():
            why = "is given twice" if name in found else "has no text"
            raise _usage(f"--obtained {option}: '{name}' {why}", "once for each name: NAME=TEXT")
        found[name] = text
    return found


def given_of(
    configuration: Configuration,
    rules: Sequence[Rule],
    period: Period,
    excepting: Excepting,
    *,
    show_secrets: bool,
) -> Given:
    """Give what a run was given, as far as it can change an answer.

    Args:
        configuration: Command line, environment and file in one.
        rules: With their parameters bound.
        period: That is answered for.
        excepting: Waivers, baseline and sample.
        show_secrets: Whether secrets are shown.
    """
    scope = configuration.scope
    return Given(
        configuration=configuration.files,
        params=configuration.params.files,
        waivers=excepting.waivers.file if excepting.waivers else None,
        baseline=excepting.baseline.file if excepting.baseline else None,
        settings={
            "exclude": [each.text for each in configuration.exclude],
            "fail_on": configuration.gate.threshold,
            "limits": changed_limits(configuration.limits),
            "not_applicable": dict(configuration.not_applicable),
            "params": given_parameters(rules, configuration.params),
            "require_evidence": configuration.gate.require_evidence,
            "rules": list(configuration.rules or DEFAULT_RULES),
            "scope": msgspec.to_builtins(scope) if scope else None,
            "select": [each.text for each in configuration.select],
            "show_secrets": show_secrets,
            "since": format_time(period.start) if period.start else None,
            "soft_fail": [each.text for each in configuration.soft_fail],
            **excepting.settings,
            "until": format_time(period.stop) if period.stop else None,
        },
        stated=stated_as(configuration.prepared_by, configuration.purpose, configuration.obtained),
    )


def _usage(cause: str, hint: str) -> UsageError:
    return UsageError([Problem(code="obtained-option", cause=cause, hint=hint)])
