"""Where a change stands in the rule's file, and its line as it would be with the change."""

from msgspec import Struct

from checker.authoring.mutation.mutant import Change, Path
from checker.errors import Place
from checker.policy.nodes import Mapping, Node, Scalar, Sequence, entries_of, locate


class Diff(Struct, frozen=True, kw_only=True):
    """A change as lines of the file.

    Attributes:
        before: The lines as they are; none where the value was not written.
        after: The lines in their place; none where they would be gone.
    """

    place: Place
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def diff_of(root: Node, lines: tuple[str, ...], change: Change) -> Diff:
    """Show a change in the document that it was made in.

    Args:
        root: The document.
        lines: Its text.
        change: Of a value in it.
    """
    key, node, missing = _found(root, change.path)
    if isinstance(node, Sequence) and change.member:
        key, node = None, _member(node, change.member)
    if missing or not isinstance(node, Scalar):
        return _at_key(node if missing else key or node, lines, change, missing)
    if change.new is None:
        return _at_key(node if change.old else key or node, lines, change, ())
    return _in_scalar(node, lines, change)


def _found(root: Node, path: Path) -> tuple[Scalar | None, Node, Path]:
    """Follow a path as far as there is something; one value alone is a list of one.

    Returns:
        The last key, the node, and what could not be followed.
    """
    key: Scalar | None = None
    node = root
    for at, step in enumerate(path):
        below = _below(node, step)
        if below is None:
            return key, node, path[at:]
        key, node = below
    return key, node, ()


def _below(node: Node, step: str | int) -> tuple[Scalar | None, Node] | None:
    match node:
        case Mapping():
            return entries_of(node).get(str(step))
        case Sequence(items=items) if isinstance(step, int):
            return (None, items[step]) if step < len(items) else None
        case Scalar() if step == 0:
            return None, node
    return None


def _member(node: Sequence, text: str) -> Node:
    scalars = (each for each in node.items if isinstance(each, Scalar))
    return next((each for each in scalars if each.text == text), node)


def _at_key(node: Node, lines: tuple[str, ...], change: Change, missing: Path) -> Diff:
    """Show the line where something is left out, or where it would be put in."""
    line = _line(lines, node.place.line)
    if missing and change.new is not None:
        beside = entries_of(node).get("match")
        place = beside[0].place if beside else node.place
        return Diff(place=place, after=(f"{'.'.join(map(str, missing))}: {change.new}",))
    if isinstance(node, Scalar) and change.old:
        return Diff(place=node.place, before=(line,), after=_without(node, line))
    return Diff(place=node.place, before=(line,))


def _without(node: Scalar, line: str) -> tuple[str, ...]:
    """Give the line without one item of a list in brackets; none for an item in a line of its own."""
    start, end = node.place.column - 1, node.end_column
    before, after = line[:start].rstrip(), line[end:].lstrip()
    if before.endswith("-"):
        return ()
    if after.startswith(","):
        return (line[:start] + after[1:].lstrip(),)
    if before.endswith(","):
        return (before[:-1] + after,)
    return (before + after,)


def _in_scalar(node: Scalar, lines: tuple[str, ...], change: Change) -> Diff:
    """Show what differs of a text, in the lines of the file that hold it."""
    start, end, new = _differing(node.text, change.new or "")
    first = locate(node, start)
    last = locate(node, max(end - 1, start))
    begin, stop = first.column - 1, last.column - (end == start)
    written = lines[first.line - 1 : last.line]
    if not written or not _is_there(written, begin, stop, node.text[start:end]):
        return Diff(place=node.place, before=(node.text,), after=(change.new or "",))
    changed = written[0][:begin] + new + written[-1][stop:]
    return Diff(place=first, before=written, after=tuple(changed.splitlines()))


def _differing(old: str, new: str) -> tuple[int, int, str]:
    """Give the part of a text that another one has otherwise, and what it has there."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start, len(old) - end, new[start : len(new) - end]


def _is_there(written: tuple[str, ...], begin: int, stop: int, text: str) -> bool:
    """Tell whether the file has a text where it was located, line ends and indents aside."""
    if len(written) == 1:
        return written[0][begin:stop] == text
    found = [written[0][begin:], *written[1:-1], written[-1][:stop]]
    return " ".join(" ".join(found).split()) == " ".join(text.split())


def _line(lines: tuple[str, ...], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""
