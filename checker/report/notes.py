"""The notes of a report: what was chosen, changed or let through in a run, in full sentences."""

from collections.abc import Iterator, Sequence

from msgspec.structs import fields

from checker.limits import Limits
from checker.policy.loader import RuleBook
from checker.policy.selection import Selection, Selector
from checker.report.words import MASKED_SECRETS, NOTES, SHOWN_SECRETS
from checker.verdict.gate import Gate


def notes_of(
    book: RuleBook, selection: Selection, gate: Gate, limits: Limits, *, show_secrets: bool
) -> list[str]:
    """Give the notes of a run, those that every report has first.

    Args:
        book: The rules that were judged, and those that were left out.
        selection: What chose them.
        gate: What was asked of the run.
        limits: Those of the run.
        show_secrets: Whether secrets are shown.
    """
    return [
        *NOTES,
        SHOWN_SECRETS if show_secrets else MASKED_SECRETS,
        *_selected(book, selection),
        *_gate(gate),
        *_limits(limits),
    ]


def _selected(book: RuleBook, selection: Selection) -> Iterator[str]:
    if not selection.select and not selection.exclude:
        return
    chosen = [
        *([f"selected by {_texts(selection.select)}"] if selection.select else []),
        *([f"without those of {_texts(selection.exclude)}"] if selection.exclude else []),
    ]
    everything = len(book.rules) + len(book.left_out)
    yield (
        f"Rules {', '.join(chosen)}: {len(book.rules)} of {everything} were judged. "
        f"Left out: {', '.join(rule.id for rule in book.left_out) or 'none'}."
    )


def _gate(gate: Gate) -> Iterator[str]:
    if gate.fail_on is None:
        yield "The gate was off (--fail-on none): no failure could change the exit code."
    if gate.soft_fail:
        yield f"Failures of the rules {_texts(gate.soft_fail)} did not fail the gate (--soft-fail)."
    if gate.require_evidence:
        yield "A rule without evidence makes the run incomplete (--require-evidence)."


def _limits(limits: Limits) -> Iterator[str]:
    changed = [
        f"{each.name} {getattr(limits, each.name):,} (default {each.default:,})"
        for each in fields(Limits)
        if getattr(limits, each.name) != each.default
    ]
    if changed:
        yield f"Limits changed for this run: {', '.join(changed)}."


def _texts(selectors: Sequence[Selector]) -> str:
    return ", ".join(each.text for each in selectors)
