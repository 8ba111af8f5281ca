"""`trailcheck rules`: list and show rules."""

from collections.abc import Iterator

import click
import msgspec

from checker.cli.options import exclude_option, select_option, selectors_from
from checker.errors import Problem, UsageError, did_you_mean
from checker.policy.loader import read_rules
from checker.policy.packs import bundled_packs, file_of
from checker.policy.parameters import Parameter
from checker.policy.rule import Rule
from checker.policy.selection import Selection
from checker.report.words import procedure
from checker.visible import inert

_RULES = click.option(
    "-r", "--rules", "locations", metavar="RULES", multiple=True,
    help="A rule file, a folder, or the name of a bundled pack (default: all bundled packs).",
)  # fmt: skip


@click.group("rules")
def command() -> None:
    """List and show rules."""


@command.command("list")
@_RULES
@select_option
@exclude_option
def list_rules(
    *, locations: tuple[str, ...], select: tuple[str, ...], exclude: tuple[str, ...]
) -> None:
    """List rules: severity, id, title."""
    selection = Selection(select=selectors_from(select), exclude=selectors_from(exclude))
    rules = selection.of(read_rules(locations or bundled_packs()).rules)
    width = max(len(rule.id) for rule in rules)
    for rule in rules:
        click.echo(inert(f"{rule.severity:<8}  {rule.id:<{width}}  {rule.title}"))


@command.command("show")
@click.argument("rule_id")
@_RULES
@click.option("--yaml", "as_yaml", is_flag=True, help="Print the rule's file as it is.")
def show_rule(*, rule_id: str, locations: tuple[str, ...], as_yaml: bool) -> None:
    """Show one rule: what it tests, why, its parameters and controls."""
    rules = {rule.id: rule for rule in read_rules(locations or bundled_packs()).rules}
    if rule_id not in rules:
        cause = f"no rule has the id '{rule_id}'"
        hint = did_you_mean(rule_id, rules) or "trailcheck rules list names the rules"
        raise UsageError([Problem(code="rule-unknown", cause=cause, hint=hint)])
    rule = rules[rule_id]
    click.echo(
        _source(rule)
        if as_yaml
        else "\n".join(inert(line) for line in "\n".join(_described(rule)).splitlines())
    )


def _source(rule: Rule) -> str:
    return file_of(rule.origin).read_text(encoding="utf-8").rstrip("\n")


def _file(rule: Rule) -> str:
    return f"{rule.origin.path}{', bundled' if rule.origin.bundled else ''}"


def _described(rule: Rule) -> list[str]:
    lines = [
        f"{rule.id}  ({rule.severity})",
        rule.title,
        "",
        f"Test: {procedure(rule)}",
    ]
    if rule.description:
        lines += ["", f"Why: {rule.description.strip()}"]
    if rule.remediation:
        lines += ["", f"Remediation: {rule.remediation.strip()}"]
    used = sorted(rule.used_parameters)
    if used:
        lines += ["", "Parameters:"]
        lines += [line for name in used for line in _parameter(name, rule.params[name])]
    if rule.tags:
        lines += ["", f"Tags: {', '.join(sorted(rule.tags))}"]
    if rule.controls:
        lines += ["", "Controls:"]
        lines += [
            f"  {framework} {control.id} ({control.relation})"
            for framework, controls in rule.controls.items()
            for control in controls
        ]
    lines += ["", f"Tests: {len(rule.tests)}", f"File: {_file(rule)}"]
    return lines


def _parameter(name: str, parameter: Parameter) -> Iterator[str]:
    default = "must be given"
    if parameter.default is not None:
        default = f"default {msgspec.json.encode(parameter.default).decode()}"
    yield f"  {name} ({parameter.type}), {default}"
    if parameter.description:
        yield f"    {parameter.description.strip()}"
