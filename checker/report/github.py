"""The findings as workflow commands, which GitHub Actions shows as annotations."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from checker.report.findings import (
    SEVERITIES,
    Finding,
    count_of_findings,
    findings_of,
    is_error_of_its_own,
    standing,
)
from checker.report.model import ProblemEntry, Report, RuleResult
from checker.report.spots import Spot, line_spot, relative, spot_of
from checker.report.text import closing_line
from checker.visible import inert

MOST: Final = 10
"""Errors, and warnings, that GitHub shows of one step; it drops the others without a word."""

_MOST_PROBLEMS: Final = 3
_MAX_TEXT: Final = 2_000
_MAX_TITLE: Final = 250

Level: TypeAlias = Literal["error", "warning", "notice"]


class _Annotation(Struct, frozen=True):
    level: Level
    title: str
    text: str
    spot: Spot | None


def render_github(report: Report) -> str:
    """Give the report as lines for the log of a step in GitHub Actions.

    Errors are input that was lost, rules that raised, and findings that fail the gate; warnings are
    what is odd about the input, rules without evidence, and findings that do not fail it. What is
    waived is no annotation. The last line is a notice that says it all.
    """
    found = [
        *_of_problems(report.problems, "error"),
        *_of_problems(report.problems, "warning"),
        *_of_rules(report),
    ]
    # Those of a rule that the report does not show: they are counted with what GitHub would drop.
    unshown = {
        level: sum(
            max(count_of_findings(rule) - len(findings_of(rule)), 0)
            for rule in report.rules
            if _level_of_rule(rule, report) == level
        )
        for level in ("error", "warning")
    }
    lines = [
        *_first([each for each in found if each.level == "error"], unshown["error"]),
        *_first([each for each in found if each.level == "warning"], unshown["warning"]),
        _Annotation("notice", "trailcheck", closing_line(report), None),
    ]
    return "".join(f"{_command(each)}\n" for each in lines)


def _first(annotations: Sequence[_Annotation], unshown: int) -> Iterator[_Annotation]:
    """Give as many as GitHub shows; where there are more, the last of them says how many."""
    if not unshown and len(annotations) <= MOST:
        yield from annotations
        return
    kept = annotations[: MOST - 1]
    yield from kept
    more = len(annotations) + unshown - len(kept)
    level = annotations[0].level if annotations else "error"
    text = f"{more:,} more that no annotation shows: they are in the other reports"
    yield _Annotation(level, f"trailcheck: {more:,} more", text, None)


def _of_problems(problems: Sequence[ProblemEntry], level: Level) -> Iterator[_Annotation]:
    """Give the first problems, and a word on the others: findings are to be seen beside them."""
    found = [each for each in problems if each.level == level]
    for problem in found[:_MOST_PROBLEMS]:
        path = relative(problem.path)
        spot = line_spot(path, problem.line, problem.column) if path else None
        text = f"{problem.path}: {problem.cause}" if problem.path else problem.cause
        yield _Annotation(level, problem.code, text, spot)
    more = len(found) - _MOST_PROBLEMS
    if more > 0:
        text = f"{more:,} more problems with the input"
        yield _Annotation(level, "trailcheck: the input", text, None)


def _of_rules(report: Report) -> Iterator[_Annotation]:
    # Highest severity first, and worst verdict first as the report has them.
    for rule in sorted(report.rules, key=lambda each: -SEVERITIES.index(each.severity)):
        title = f"[{rule.severity}] {rule.id}"
        if is_error_of_its_own(rule, report) or rule.verdict == "no_evidence":
            level: Level = "error" if rule.verdict == "error" else "warning"
            exhibits = rule.errors.shown or rule.undetermined.shown
            yield _Annotation(level, title, rule.reason, spot_of(rule, exhibits))
        for finding in findings_of(rule):
            if not finding.is_waived:
                yield _of_finding(finding, title, report)


def _of_finding(finding: Finding, title: str, report: Report) -> _Annotation:
    why = standing(finding, report.gate)
    told = f"{finding.rule.title}: {finding.text}"
    text = f"{told} ({why})" if why else told
    spot = spot_of(finding.rule, finding.evidence)
    return _Annotation("warning" if why else "error", title, text, spot)


def _level_of_rule(rule: RuleResult, report: Report) -> Level:
    fails = [not standing(each, report.gate) for each in findings_of(rule)]
    return "error" if any(fails) or not fails else "warning"


def _command(annotation: _Annotation) -> str:
    properties = {"title": _shown(annotation.title, _MAX_TITLE)}
    if annotation.spot:
        lines = annotation.spot.lines
        properties |= {
            "file": annotation.spot.path,
            "line": str(lines.first_line),
            "endLine": str(lines.last_line),
        }
    told = ",".join(f"{name}={_property(text)}" for name, text in properties.items() if text)
    return f"::{annotation.level} {told}::{_data(_shown(annotation.text, _MAX_TEXT))}"


def _shown(text: str, most: int) -> str:
    shown = inert(text)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
