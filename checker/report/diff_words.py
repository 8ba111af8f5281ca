"""A difference as sections of rows in words, and these as text and as Markdown."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from checker.report.diff_model import Difference, Exceptional, Setting
from checker.visible import inert, visible

_SHOWN: Final = 50
"""Rows that a section shows."""

_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()<>#+!|~&@:-])")


class Section(Struct, frozen=True, kw_only=True):
    """One kind of change.

    Attributes:
        tone: The verdict whose colour it has.
        rows: As many cells each as there are columns.
        more: How many rows are left out.
    """

    title: str
    tone: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int = 0


def headline(found: Difference) -> str:
    """Say in one sentence what it comes to."""
    if found.worse:
        return f"New or worse: {'; '.join(found.worse)}."
    still = len(found.having("still"))
    return f"Nothing is new and nothing is worse; {still:,} groups of violations are still there."


def sections(found: Difference) -> list[Section]:
    """Give what changed, the worst first; what did not is left out."""
    groups = ("rule", "severity", "account", "times", "what")
    turns = [
        (
            turn.rule,
            "all accounts" if turn.account is None else turn.account or "(not named)",
            _verdict(turn.before),
            _verdict(turn.after),
            "worse" if turn.worse else "",
        )
        for turn in found.turns
    ]
    made = [
        _section("New violations", "fail", groups, map(_group, found.having("new"))),
        _section(
            "Verdicts that turned", "error", ("rule", "account", "before", "now", ""), iter(turns)
        ),
        _section(
            "Could not be told",
            "no_evidence",
            (*groups, "why"),
            ((*_group(each), each.why) for each in found.having("untold")),
        ),
        _section(
            "Violations that no report shows one by one",
            "no_evidence",
            ("rule", "before", "now"),
            ((each.rule, f"{each.before:,}", f"{each.after:,}") for each in found.hidden),
        ),
        _section("Violations that are gone", "pass", groups, map(_group, found.having("gone"))),
        _section("Violations still there", "waived", groups, map(_group, found.having("still"))),
        _section(
            "Rules",
            "not_applicable",
            ("rule", "", "what"),
            ((each.rule, each.how, each.what) for each in found.rules),
        ),
        _section("The runs", "not_applicable", ("", "before", "now"), map(_setting, found.runs)),
        _section("Inputs", "not_applicable", ("", "before", "now"), map(_setting, found.inputs)),
    ]
    return [each for each in made if each.rows]


def render_diff_text(found: Difference) -> str:
    """Give the difference as text."""
    lines = [headline(found)]
    for section in sections(found):
        lines += ["", f"{section.title} ({len(section.rows) + section.more:,})"]
        columns = ", ".join(column for column in section.columns if column)
        lines[-1] += f": {columns}"
        lines += [f"  {'  '.join(cell for cell in row if cell)}" for row in section.rows]
        if section.more:
            lines.append(f"  … {section.more:,} more")
    return "".join(f"{inert(line)}\n" for line in lines)


def render_diff_markdown(found: Difference) -> str:
    """Give the difference as Markdown, for a comment or a summary."""
    lines = [f"**{_plain(headline(found))}**"]
    for section in sections(found):
        lines += ["", f"### {section.title} ({len(section.rows) + section.more:,})", ""]
        lines += [_row([each or " " for each in section.columns])]
        lines += [_row(["---"] * len(section.columns))]
        lines += [_row([_plain(cell) for cell in row]) for row in section.rows]
        if section.more:
            lines += ["", f"{section.more:,} more"]
    return "".join(f"{line}\n" for line in lines)


def _section(
    title: str, tone: str, columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]
) -> Section:
    listed = list(rows)
    return Section(
        title=title,
        tone=tone,
        columns=columns,
        rows=tuple(listed[:_SHOWN]),
        more=max(len(listed) - _SHOWN, 0),
    )


def _group(each: Exceptional) -> tuple[str, ...]:
    times = f"{each.before:,} → {each.after:,}" if each.before != each.after else f"{each.after:,}"
    excused = " (waived or known)" if each.excused else ""
    return (each.rule, each.severity, each.account or "-", times, f"{each.what}{excused}")


def _setting(each: Setting) -> tuple[str, ...]:
    return (each.name, each.before, f"→ {each.after}")


def _verdict(verdict: str | None) -> str:
    return "not judged" if verdict is None else verdict.replace("_", " ")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Give text on one line that Markdown shows as it is: no markup, no mention, no link."""
    return _MARKUP.sub(r"\\\1", " ".join(visible(text, keep_newlines=True).split()))
