"""An explanation as text: a tree by indentation, cut to the width of a terminal."""

from collections.abc import Iterator, Mapping
from typing import Final

from checker.authoring import explain_model as model
from checker.authoring.explain_change import brief
from checker.report.text_lines import Style, counted, plain
from checker.visible import inert

_RESULTS: Final[Mapping[model.ResultName, tuple[str, str]]] = {
    "holds": ("holds", "pass"),
    "fails": ("does not hold", "fail"),
    "unknown": ("cannot be told", "no_evidence"),
    "raises": ("raises", "error"),
    "not_reached": ("not asked", "faint"),
}
_FINDINGS: Final[Mapping[model.FindingName, tuple[str, str]]] = {
    "violation": ("violation", "fail"),
    "conforming": ("conforming", "pass"),
    "undetermined": ("undetermined", "no_evidence"),
    "error": ("error", "error"),
    "upcoming": ("upcoming: a violation once the rule is in force", "no_evidence"),
    "counted": ("in scope, and judged together with others", "heading"),
    "other_outcome": ("of another outcome: counted, not judged", "no_occurrence"),
    "out_of_scope": ("out of scope", "no_occurrence"),
}
_VERDICTS: Final = {
    "conforming": "To conform",
    "violation": "To be a violation",
    "in_scope": "To be in scope",
    "judged": "To be judged",
}
_LEAST_VALUE: Final = 24
_LONGEST: Final = 160
_LONGEST_OBJECT: Final = 72
_SHOWN_MEMBERS: Final = 20


def render_explanation(
    explanation: model.Explanation, style: Style = plain, width: int | None = None
) -> str:
    """Give an explanation as text.

    Args:
        explanation: What to show.
        style: Called with a piece of text and what it is.
        width: Of the terminal, to which lines are cut; None where nothing is to be cut.
    """
    return "\n".join(_Page(style, width).lines(explanation)) + "\n"


class _Page:
    """Lines of one width, in one style."""

    def __init__(self, style: Style, width: int | None) -> None:
        self._style = style
        self._width = width

    def lines(self, explanation: model.Explanation) -> Iterator[str]:
        """Give all lines."""
        rule = explanation.rule
        yield self._line(f"{rule.id}  ({rule.severity})", "heading")
        yield self._line(rule.title)
        for name, value in rule.parameters.items():
            yield self._pair(f"${name}", value, 0)
        for each in explanation.events:
            yield ""
            yield from self._event(each)
        if explanation.left_out:
            yield ""
        for left_out in explanation.left_out:
            events = counted(left_out.events, "event")
            yield self._line(f"{events} not shown: {left_out.reason}", "faint")
        if explanation.together:
            yield ""
            yield from self._together(explanation.together)

    def _event(self, explained: model.Explained) -> Iterator[str]:
        event = explained.event
        place = " ".join(each for each in (event.account, event.region) if each)
        shown = (event.time, event.source, event.name, place)
        yield self._line("  ".join(each for each in shown if each), "heading")
        # What names things is never cut: it is there to be copied.
        yield inert(f"in {event.path}#{event.index}")
        if event.principal:
            yield inert(f"by {event.principal}")
        word, kind = _FINDINGS[explained.finding]
        told = ": ".join(each for each in (word, explained.reason or explained.message) if each)
        waived = f" (waived by {explained.waived_by})" if explained.waived_by else ""
        yield self._style(inert(f"{told}{waived}"), kind)
        for step in explained.steps:
            yield from self._step(step)
        if explained.change:
            yield self._line(f"{_VERDICTS[explained.change.verdict]}:", "heading")
            yield from self._need(explained.change.need, 1)
        if explained.waivers:
            yield self._line("Waivers:", "heading")
        for waiver in explained.waivers:
            yield self._line(f"  {waiver.id}: {waiver.standing} ({_validity(waiver)})")

    def _step(self, step: model.Step) -> Iterator[str]:
        depth = 0
        if step.name:
            depth = 1
            word, kind = _FINDINGS[step.finding]
            yield self._line(f"step {step.name}: {word}", kind)
        for check in step.checks:
            yield from self._check(check, depth)
        for name, value in step.group.items():
            yield self._pair(f"group: {name}", value, depth)

    def _check(self, check: model.Check, depth: int) -> Iterator[str]:
        word, kind = _RESULTS[check.result]
        shown = "" if check.result == "unknown" and check.hidden else check.detail
        detail = f": {shown}" if shown else ""
        mark = "> " if check.decides else "  "
        yield self._line(f"{'  ' * depth}{mark}{check.name} {word}{detail}", kind)
        for number, entries in enumerate(check.alternatives, start=1):
            if len(check.alternatives) > 1:
                yield self._line(f"{'  ' * (depth + 2)}alternative {number}")
            for entry in entries:
                yield self._entry(entry, depth + 2 + (len(check.alternatives) > 1))
        if check.hidden:
            yield self._line(f"{'  ' * (depth + 2)}{check.detail} (not evaluated)", "faint")
        for path in check.hidden:
            yield self._line(f"{'  ' * (depth + 2)}CloudTrail left out or masked {path}", kind)
        if check.tree:
            yield from self._part(check.tree, depth + 2)

    def _entry(self, entry: model.Entry, depth: int) -> str:
        accepts = " or ".join("null" if each is None else each for each in entry.accepts)
        word, kind = _RESULTS[entry.result]
        text = f"{'  ' * depth}{entry.path}: {accepts}  {word}: it is {brief(entry.value)}"
        return self._line(text, "" if entry.result == "holds" else kind)

    def _part(self, part: model.Part, depth: int) -> Iterator[str]:
        mark = "> " if part.decides else ""
        text = f"{mark}{part.expression}"
        match part.state:
            case "value":
                yield self._pair(text, part.value, depth, "heading" if part.decides else "")
            case "raised":
                cause = f" raises: {part.cause}" if part.cause else " raises"
                yield self._line(f"{'  ' * depth}{text}{cause}", "error")
            case "not_evaluated":
                yield self._line(f"{'  ' * depth}{text} (not evaluated)", "faint")
        for each in part.parts:
            yield from self._part(each, depth + 1)
            if each.unkept:
                more = f"{'  ' * (depth + 1)}… evaluated {each.unkept:,} more times"
                yield self._line(more, "faint")

    def _need(self, need: model.Need, depth: int) -> Iterator[str]:
        if need.text:
            # Never cut: it is what the reader came for.
            yield inert(f"{'  ' * depth}- {need.text}")
        for word, needs in (("all of", need.all), ("one of", need.any)):
            if needs:
                yield self._line(f"{'  ' * depth}{word}")
            for each in needs:
                yield from self._need(each, depth + 1)

    def _together(self, told: model.Together) -> Iterator[str]:
        yield self._line(f"All together: {told.verdict}", told.verdict)
        if told.reason:
            yield self._line(told.reason)
        if told.covered_from:
            span = f"from {told.covered_from} to {told.covered_to}"
            yield self._line(
                f"the events given are taken for the whole of the logs, {span}", "faint"
            )
        for window in told.windows:
            yield from self._window(window)
        if told.windows_unshown:
            yield self._line(f"… and {told.windows_unshown:,} more", "faint")
        for line in told.nearest:
            yield inert(f"nearest: {line}")

    def _window(self, window: model.Window) -> Iterator[str]:
        values = (
            f"{name} {'(absent)' if value is None else value}"
            for name, value in window.group.items()
        )
        group = ", ".join(values)
        whose = f"{group}: " if group else ""
        waived = f" (waived by {window.waived_by})" if window.waived_by else ""
        text = f"{window.first} to {window.last}  {whose}{window.summary}{waived}"
        yield self._line(f"- {text}", "fail" if window.certain else "no_evidence")
        for member in window.members[:_SHOWN_MEMBERS]:
            steps = f"  step {', '.join(member.steps)}" if member.steps else ""
            value = "" if member.counted is None else f"  {brief(member.counted)}"
            place = f"{member.path}#{member.index}"
            yield self._line(f"    {member.time}  {member.name}  {place}{steps}{value}")
        more = len(window.members[_SHOWN_MEMBERS:]) + window.members_unshown
        if more:
            yield self._line(f"    … and {more:,} more", "faint")

    def _pair(self, name: str, value: object, depth: int, kind: str = "") -> str:
        """Give a text and its value in one line, of which the value keeps some room."""
        longest = _LONGEST_OBJECT if isinstance(value, dict) else _LONGEST
        left, right = f"{'  ' * depth}{name}", brief(value, longest)
        if self._width and len(left) + 3 + len(right) > self._width:
            left = _cut(left, max(self._width - 3 - min(len(right), _LEAST_VALUE), _LEAST_VALUE))
        return self._line(f"{left} = {right}", kind)

    def _line(self, text: str, kind: str = "") -> str:
        shown = inert(text)
        return self._style(_cut(shown, self._width), kind)


def _cut(text: str, width: int | None) -> str:
    return text if width is None or len(text) <= width else text[: max(width - 1, 1)] + "…"


def _validity(waiver: model.WaiverShown) -> str:
    return f"approved {waiver.approved_on}, expires {waiver.expires}: {waiver.reason}"
