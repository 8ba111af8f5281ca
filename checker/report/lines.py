"""Lines of the evidence: looked up in the logs that are text, once all else of a report is known."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from hashlib import sha256
from io import BytesIO
from typing import Final, TypeAlias

from msgspec.structs import asdict, replace

from checker.limits import Limits
from checker.report.model import Episode, Evidence, Exhibits, Input, Lines, Report, RuleResult
from checker.trail.load import load
from checker.trail.source import Source

MOST_BYTES: Final = 8 << 20
"""Size of the largest log that is looked up: nobody opens a larger one at a line."""

LookUp: TypeAlias = Callable[[Input, Collection[int]], Mapping[int, Lines]]
"""Gives the lines of records of one input by their positions, as far as they are known."""


def with_lines(report: Report, look_up: LookUp) -> Report:
    """Give a report whose evidence says at which lines it stands.

    Args:
        report: As it was built.
        look_up: Called once for each input that evidence is from.
    """
    wanted: dict[str, set[int]] = {}
    for each in _evidence(report):
        wanted.setdefault(each.path, set()).add(each.index)
    inputs = [each for each in report.inputs if each.path in wanted]
    known = {each.path: look_up(each, wanted[each.path]) for each in inputs}
    if not any(known.values()):
        return report
    return replace(report, rules=[_rule(rule, known) for rule in report.rules])


def lines_in(sources: Iterable[Source], limits: Limits) -> LookUp:
    """Give what looks lines up in sources that are small files of plain text.

    A file that is not what was judged, by its hash, tells nothing.
    """
    by_path = {source.path: source for source in sources if not source.stdin}

    def look_up(found: Input, indexes: Collection[int]) -> Mapping[int, Lines]:
        source = by_path.get(found.path)
        if source is None or found.size > MOST_BYTES or found.path.endswith(".gz"):
            return {}
        # Imported here: the strict reader, which most runs need for nothing else.
        from checker.trail.lines import spans_of  # noqa: PLC0415

        content = load(source, BytesIO(), limits)
        if not isinstance(content, bytes) or sha256(content).hexdigest() != found.sha256:
            return {}
        spans = spans_of(content, indexes)
        return {index: Lines(**asdict(span)) for index, span in spans.items()}

    return look_up


def _evidence(report: Report) -> Iterator[Evidence]:
    for rule in report.rules:
        for exhibits in (rule.violations, rule.undetermined, rule.errors):
            yield from exhibits.shown
        for episode in rule.episodes.shown:
            yield from episode.evidence
        yield from rule.sample
        yield from rule.upcoming.shown


def _rule(rule: RuleResult, known: Mapping[str, Mapping[int, Lines]]) -> RuleResult:
    def lined(events: list[Evidence]) -> list[Evidence]:
        return [replace(each, lines=known.get(each.path, {}).get(each.index)) for each in events]

    def exhibits(shown: Exhibits) -> Exhibits:
        return replace(shown, shown=lined(shown.shown))

    def episode(shown: Episode) -> Episode:
        return replace(shown, evidence=lined(shown.evidence))

    return replace(
        rule,
        violations=exhibits(rule.violations),
        undetermined=exhibits(rule.undetermined),
        errors=exhibits(rule.errors),
        episodes=replace(rule.episodes, shown=[episode(each) for each in rule.episodes.shown]),
        sample=lined(rule.sample),
        upcoming=replace(rule.upcoming, shown=lined(rule.upcoming.shown)),
    )
