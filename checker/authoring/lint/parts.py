"""The parts of a rule with the places where they are written."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from checker.authoring.lint.check import Check, Note
from checker.errors import Place, Problem
from checker.expression.expression import Expression
from checker.policy.excerpt import excerpt
from checker.policy.nodes import Mapping as MappingNode
from checker.policy.nodes import Node, Scalar, Sequence, entries_of, locate
from checker.policy.packs import file_of
from checker.policy.rule import MatchEntry, Rule, Step
from checker.policy.yaml_source import load_file


class Part(Struct, frozen=True, kw_only=True):
    """One expression of a rule.

    Attributes:
        what: The key that it stands under, as a message names it.
        scalar: The text that it is in.
        offset: Where it begins in that text.
    """

    what: str
    expression: Expression
    scalar: Scalar
    offset: int = 0


class Line(Struct, frozen=True, kw_only=True):
    """One line of a `match`: a path and the values that may stand there, as written."""

    entry: MatchEntry
    key: Scalar
    values: tuple[Scalar, ...]


class ScopeParts(Struct, frozen=True, kw_only=True):
    """The scope of a rule, or of a step of it.

    Attributes:
        alternatives: The lines of each `match` mapping.
        place: Where the scope is written, for what is wrong with all of it.
    """

    step: Step
    alternatives: tuple[tuple[Line, ...], ...]
    where: Part | None
    group_by: tuple[Part, ...]
    place: Place


class RuleParts(Struct, frozen=True, kw_only=True):
    """A rule and its document.

    Attributes:
        condition: `require` or `forbid`, but for `forbid: true`.
        counted: The field whose values a correlation counts.
        shown: What only reports show: the message, the resource, the evidence.
    """

    rule: Rule
    root: Node
    scopes: tuple[ScopeParts, ...]
    condition: Part | None
    requires: tuple[Part, ...]
    counted: tuple[Part, ...]
    shown: tuple[Part, ...]

    @property
    def keys(self) -> Mapping[str, tuple[Scalar, Node]]:
        """The keys of the document, with what stands under them."""
        return entries_of(self.root)

    def under(self, *path: str) -> Node | None:
        """Give what stands under a path of keys; None where there is no such key."""
        node = self.root
        for name in path:
            entries = entries_of(node)
            if name not in entries:
                return None
            node = entries[name][1]
        return node


def parts_of(rule: Rule) -> RuleParts:
    """Read a rule's file again, and find its parts in it."""
    root = load_file(file_of(rule.origin), rule.origin.path).root
    keys = {name: value for name, (_, value) in entries_of(root).items()}
    condition = rule.require or rule.forbid
    name = "require" if rule.require else "forbid"
    written = keys.get(name)
    is_expression = isinstance(written, Scalar) and not (written.plain and written.text == "true")
    return RuleParts(
        rule=rule,
        root=root,
        scopes=tuple(_scopes(rule, root)),
        condition=_part(name, condition, written) if condition and is_expression else None,
        requires=_parts("requires", rule.requires, keys.get("requires")),
        counted=_counted(rule, keys),
        shown=tuple(_shown(rule, keys)),
    )


def problem_at(part: Part, note: Note) -> Problem:
    """Make the problem of a finding in an expression, with carets under it."""
    scalar, start = part.scalar, part.offset + note.start
    text = scalar.text
    first = text.rfind("\n", 0, start) + 1
    line = text[first:].partition("\n")[0]
    return Problem(
        code=note.check.code,
        cause=f"{part.what}: {note.cause}",
        place=locate(scalar, start),
        excerpt=excerpt(line, start - first, note.end - note.start),
        hint=note.hint,
        level=note.check.level,
    )


def problem(check: Check, place: Place, cause: str, hint: str = "") -> Problem:
    """Make the problem of a finding that is not in an expression."""
    return Problem(code=check.code, cause=cause, place=place, hint=hint, level=check.level)


def _part(what: str, expression: Expression, node: Node | None) -> Part | None:
    if not isinstance(node, Scalar):
        return None
    return Part(what=what, expression=expression, scalar=node)


def _parts(what: str, expressions: tuple[Expression, ...], node: Node | None) -> tuple[Part, ...]:
    nodes = node.items if isinstance(node, Sequence) else (node,) if node is not None else ()
    made = (_part(what, each, below) for each, below in zip(expressions, nodes, strict=False))
    return tuple(part for part in made if part is not None)


def _counted(rule: Rule, keys: Mapping[str, Node]) -> tuple[Part, ...]:
    field = rule.correlation.field if rule.correlation else None
    if field is None:
        return ()
    return _parts("field", (field,), entries_of(keys["correlation"])["field"][1])


def _scopes(rule: Rule, root: Node) -> Iterator[ScopeParts]:
    entries = entries_of(root)
    correlation = entries_of(entries["correlation"][1]) if "correlation" in entries else {}
    steps = correlation["steps"][1] if "steps" in correlation else None
    if rule.correlation and rule.correlation.steps and isinstance(steps, Sequence):
        for step, node in zip(rule.steps, steps.items, strict=True):
            yield _scope(f"step {step.name}: ", step, node)
        shared = _grouping(correlation)
        if shared is not None:
            parts = _parts("group_by", rule.correlation.group_by, shared)
            empty = Step(match=())
            yield ScopeParts(
                step=empty, alternatives=(), where=None, group_by=parts, place=root.place
            )
        return
    many = correlation or (entries_of(entries["cadence"][1]) if "cadence" in entries else {})
    (step,) = rule.steps
    yield _scope("", step, root, _grouping(many))


def _grouping(entries: Mapping[str, tuple[Scalar, Node]]) -> Node | None:
    return entries["group_by"][1] if "group_by" in entries else None


def _scope(prefix: str, step: Step, node: Node, grouping: Node | None = None) -> ScopeParts:
    entries = entries_of(node)
    match_key, match = entries["match"]
    mappings = match.items if isinstance(match, Sequence) else (match,)
    where = entries["where"][1] if "where" in entries else None
    grouping = grouping or _grouping(entries)
    return ScopeParts(
        step=step,
        alternatives=tuple(
            tuple(_lines(alternative, mapping))
            for alternative, mapping in zip(step.match, mappings, strict=True)
        ),
        where=_part(f"{prefix}where", step.where, where) if step.where else None,
        group_by=_parts(f"{prefix}group_by", step.group_by, grouping),
        place=match_key.place,
    )


def _lines(alternative: tuple[MatchEntry, ...], mapping: Node) -> Iterator[Line]:
    written = mapping.entries if isinstance(mapping, MappingNode) else ()
    for entry, (key, node) in zip(alternative, written, strict=True):
        nodes = node.items if isinstance(node, Sequence) else (node,)
        scalars = tuple(each for each in nodes if isinstance(each, Scalar))
        yield Line(entry=entry, key=key, values=scalars)


def _shown(rule: Rule, keys: Mapping[str, Node]) -> Iterator[Part]:
    if rule.resource:
        yield from _parts("resource", (rule.resource,), keys.get("resource"))
    message = keys.get("message")
    if rule.message and isinstance(message, Scalar):
        for placeholder in rule.message.placeholders:
            yield Part(
                what="message",
                expression=placeholder.expression,
                scalar=message,
                offset=placeholder.offset,
            )
    written = entries_of(keys["evidence"]) if "evidence" in keys else {}
    for name, expression in rule.evidence.items():
        yield from _parts(f"evidence {name}", (expression,), written[name][1])
