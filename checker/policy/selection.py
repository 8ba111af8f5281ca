"""Selection: which of the loaded rules are meant, by id, tag, severity, pack or control."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from checker.aws import Json
from checker.aws.glob import glob_matches
from checker.errors import Place, Problem, UsageError, did_you_mean
from checker.policy.nodes import Node, quoted
from checker.policy.rule import Rule, Severity
from checker.policy.scalars import Text
from checker.policy.shape import ShapeError

SELECTOR_HINT: Final = (
    "a rule's id as a glob (iot-*), or tag:GLOB, severity:high (high+ and above, high- and below), "
    "pack:GLOB, control:FRAMEWORK:GLOB"
)

_MOST_NAMED: Final = 12
"""How many names a hint lists; with more, it says where they are listed."""


class Selector(Struct, frozen=True, kw_only=True):
    """A text that stands for some of the rules.

    Attributes:
        kind: `id`, `tag`, `severity`, `pack` or `control`.
        pattern: What follows the kind, or the whole text of an id.
        place: Where it was written; None for the command line.
    """

    text: str
    kind: str
    pattern: str
    place: Place | None = None

    def matches(self, rule: Rule) -> bool:
        """Tell whether it means a rule."""
        if self.kind == "severity":
            return rule.severity in _severities(self.pattern)
        if self.kind == "control":
            return any(control_matches(self.pattern, name) for name in _NAMES["control"](rule))
        return any(glob_matches(name, self.pattern) for name in _NAMES[self.kind](rule))


class Selection(Struct, frozen=True, kw_only=True):
    """Which rules are judged: those that one of `select` means, or all, without those of `exclude`."""

    select: tuple[Selector, ...] = ()
    exclude: tuple[Selector, ...] = ()

    def of(self, rules: Sequence[Rule]) -> tuple[Rule, ...]:
        """Give the rules that are meant, in their order.

        Raises:
            UsageError: A selector means no rule, or all that are selected are excluded.
        """
        refuse_idle((*self.select, *self.exclude), rules)
        chosen = chosen_by(self.select, rules) if self.select else rules
        dropped = {rule.id for rule in chosen_by(self.exclude, rules)}
        kept = tuple(rule for rule in chosen if rule.id not in dropped)
        if rules and not kept:
            cause = f"every rule that is selected is also excluded, by {_listed(self.exclude)}"
            raise UsageError([Problem(code="selects-nothing", cause=cause)])
        return kept


ALL_RULES: Final = Selection()


def parse_selector(text: str, place: Place | None = None) -> Selector:
    """Read a selector.

    Raises:
        UsageError: It is none.
    """
    kind, colon, pattern = text.partition(":")
    if not colon:
        kind, pattern = "id", text
    if kind not in _NAMES:
        cause = f"{quoted(text)}: {quoted(kind)} is no kind of selector"
        near = did_you_mean(kind, _NAMES)
        raise _wrong(cause, place, near if near.startswith("did") else SELECTOR_HINT)
    parts = pattern.split(":", 1) if kind == "control" else [pattern]
    if not all(part.strip() for part in parts):
        raise _wrong(f"{quoted(text)}: expected a selector", place, SELECTOR_HINT)
    if kind == "severity" and not _severities(pattern):
        hint = did_you_mean(pattern.rstrip("+-"), [each.value for each in Severity])
        raise _wrong(f"{quoted(text)}: {quoted(pattern)} is no severity", place, hint)
    return Selector(text=text, kind=kind, pattern=pattern, place=place)


def chosen_by(selectors: Iterable[Selector], rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Give the rules that at least one selector means, in their order."""
    listed = tuple(selectors)
    return tuple(rule for rule in rules if any(each.matches(rule) for each in listed))


def refuse_idle(selectors: Iterable[Selector], rules: Sequence[Rule]) -> None:
    """Refuse selectors that mean no rule: hardly what was meant.

    Raises:
        UsageError: With each of them.
    """
    idle = [each for each in selectors if not any(map(each.matches, rules))]
    if idle:
        raise UsageError(
            Problem(
                code="selects-nothing",
                cause=f"{quoted(each.text)} means none of the {len(rules)} rules",
                place=each.place,
                hint=_near(each, rules),
            )
            for each in idle
        )


def control_matches(pattern: str, control: str) -> bool:
    """Tell whether `FRAMEWORK:ID` is meant by a glob for both, or for the framework alone."""
    framework, colon, number = pattern.partition(":")
    theirs, _, own = control.partition(":")
    return glob_matches(theirs, framework) and (not colon or glob_matches(own, number))


class _SelectorText(Struct, frozen=True):
    """A selector, as a configuration writes it."""

    def read(self, node: Node) -> Selector:
        text = Text(expected="a selector", hint=SELECTOR_HINT, max_length=500).read(node)
        try:
            return parse_selector(text, node.place)
        except UsageError as error:
            raise ShapeError(*error.problems) from error

    def schema(self) -> dict[str, Json]:
        examples = ["iot-*", "tag:change-management", "severity:high+", "control:soc2:CC6.*"]
        return {"type": "string", "minLength": 1, "examples": examples}


SELECTOR: Final = _SelectorText()
"""The shape of a selector."""


def _controls(rule: Rule) -> Iterator[str]:
    for framework, controls in rule.controls.items():
        yield from (f"{framework}:{control.id}" for control in controls)


_NAMES: Final[Mapping[str, Callable[[Rule], Iterable[str]]]] = {
    "id": lambda rule: (rule.id,),
    "tag": lambda rule: rule.tags,
    "severity": lambda rule: (rule.severity.value,),
    "pack": lambda rule: (rule.origin.pack,) if rule.origin.pack else (),
    "control": _controls,
}


def _severities(pattern: str) -> tuple[Severity, ...]:
    """Give the severities of `high`, `high+` or `high-`; none for anything else."""
    word = pattern[:-1] if pattern.endswith(("+", "-")) else pattern
    if word not in list(Severity):
        return ()
    rank = Severity(word).rank
    return tuple(
        each
        for each in Severity
        if each.rank == rank
        or (pattern.endswith("+") and each.rank > rank)
        or (pattern.endswith("-") and each.rank < rank)
    )


def _near(selector: Selector, rules: Iterable[Rule]) -> str:
    names = sorted({name for rule in rules for name in _NAMES[selector.kind](rule)})
    if not names:
        return f"no rule has a {selector.kind}"
    prefix = "" if selector.kind == "id" else f"{selector.kind}:"
    if sum(name.startswith(selector.pattern) for name in names) > 1:
        return f"did you mean '{prefix}{selector.pattern}*'?"
    hint = did_you_mean(selector.pattern, names)
    if hint.startswith("did"):
        return hint.replace("'", f"'{prefix}", 1)
    if len(names) <= _MOST_NAMED:
        return f"the rules have: {', '.join(names)}"
    return (
        "-r chooses the rules (check has the pack starter by default); trailcheck rules list names all "
        "bundled ones, rules show tells their tags and controls"
    )


def _listed(selectors: Iterable[Selector]) -> str:
    return ", ".join(quoted(each.text) for each in selectors)


def _wrong(cause: str, place: Place | None, hint: str) -> UsageError:
    return UsageError([Problem(code="selector", cause=cause, place=place, hint=hint)])
