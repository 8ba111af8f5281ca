"""Which parts of the event an expression reads, told from its tree alone."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from msgspec import Struct

from checker.expression.functions import EXTENSIONS_BY_NAME
from checker.expression.syntax import Ast

Path: TypeAlias = tuple[str | None, ...]

_Origins: TypeAlias = frozenset[tuple[Path, int]]
"""Where a value comes from: paths of the event, and how many lists the expression put around it.

Empty for what an expression computes; what went into that was read when it was computed.
"""

MOST_ORIGINS = 200
"""Beyond, the whole event counts as read: each `(a || b) | ` doubles the paths that may be meant."""

_NOWHERE: _Origins = frozenset()
_EVENT: _Origins = frozenset({((), 0)})


class Read(Struct, frozen=True):
    """One part of the event that an expression reads.

    Attributes:
        path: Keys from the root; None is every element of a list or every value of an object.
        presence: Whether only being there is asked (compared with null, or tested for truth), not
            what it is.
    """

    path: Path
    presence: bool


def reads_of(root: Ast) -> tuple[Read, ...]:
    """List what an expression reads, sorted, none that another one includes.

    It errs towards more: what cannot be followed counts as read whole.
    """
    follower = _Follower()
    follower.consume(follower.follow(root, _EVENT))
    return tuple(sorted(_maximal(follower.found), key=_sort_key))


class _Follower:
    """Walks a tree as evaluation would, with origins in place of values."""

    def __init__(self) -> None:
        self.found: set[Read] = set()

    def consume(self, origins: _Origins, *, presence: bool = False) -> None:
        """Record that a value is used, not merely passed on."""
        self.found |= {Read(path, presence) for path, _ in origins}

    def follow(self, node: Ast, current: _Origins) -> _Origins:
        """Give the origins of a node's value, where `@` has the given ones."""
        step = _STEPS.get(node["type"])
        origins = step(self, node, current) if step else _NOWHERE
        if len(origins) <= MOST_ORIGINS:
            return origins
        self.consume(_EVENT)
        return _NOWHERE

    def same(self, _node: Ast, current: _Origins) -> _Origins:
        """Follow `@`; a slice of a list counts as the list."""
        return current

    def event(self, _node: Ast, _current: _Origins) -> _Origins:
        """Follow `$event`."""
        return _EVENT

    def field(self, node: Ast, current: _Origins) -> _Origins:
        """Follow a key; a list that the expression made has none."""
        return frozenset(((*path, node["value"]), 0) for path, lists in current if not lists)

    def index(self, _node: Ast, current: _Origins) -> _Origins:
        """Follow an index, to any element."""
        return _elements(current)

    def chain(self, node: Ast, current: _Origins) -> _Origins:
        """Follow the parts one after the other."""
        for child in node["children"]:
            current = self.follow(child, current)
        return current

    def flatten(self, node: Ast, current: _Origins) -> _Origins:
        """Put one list around the elements, and around the elements of those that are lists."""
        result = set()
        for path, lists in self.follow(node["children"][0], current):
            if lists > 1:
                result.add((path, lists - 1))
            else:
                element = path if lists else (*path, None)
                result |= {(element, 1), ((*element, None), 1)}
        return frozenset(result)

    def projection(self, node: Ast, current: _Origins) -> _Origins:
        """Follow what is taken of each element."""
        elements = _elements(self.follow(node["children"][0], current))
        for condition in node["children"][2:]:
            self.consume(self.follow(condition, elements), presence=True)
        right = self.follow(node["children"][1], elements)
        return frozenset((path, lists + 1) for path, lists in right)

    def comparator(self, node: Ast, current: _Origins) -> _Origins:
        """Read both sides; against null, only whether they are there."""
        equality = node["value"] in {"eq", "ne"}
        left, right = node["children"]
        self.consume(self.follow(left, current), presence=equality and _is_null(right))
        self.consume(self.follow(right, current), presence=equality and _is_null(left))
        return _NOWHERE

    def negation(self, node: Ast, current: _Origins) -> _Origins:
        """Read whether something is there."""
        self.consume(self.follow(node["children"][0], current), presence=True)
        return _NOWHERE

    def conjunction(self, node: Ast, current: _Origins) -> _Origins:
        """Follow the right side; the left is the result only where it is as good as nothing."""
        left, right = node["children"]
        self.consume(self.follow(left, current), presence=True)
        return self.follow(right, current)

    def disjunction(self, node: Ast, current: _Origins) -> _Origins:
        """Follow both sides."""
        left, right = (self.follow(child, current) for child in node["children"])
        self.consume(left, presence=True)
        return left | right

    def selection(self, node: Ast, current: _Origins) -> _Origins:
        """Read all that is selected."""
        self.consume(current, presence=True)
        for child in node["children"]:
            self.consume(self.follow(child, current))
        return _NOWHERE

    def call(self, node: Ast, current: _Origins) -> _Origins:
        """Read the arguments, or the parts of them that the function declares."""
        extension = EXTENSIONS_BY_NAME.get(node["value"])
        for position, argument in enumerate(node["children"]):
            origins = self.follow(argument, current)
            declared = extension.parameters[position].reads if extension else ()
            self.consume(_within(origins, declared) if declared else origins)
        return _NOWHERE

    def expref(self, node: Ast, _current: _Origins) -> _Origins:
        """Follow an expression whose `@` is an element of another argument, read whole there."""
        return self.follow(node["children"][0], _NOWHERE)


_STEPS: dict[str, Callable[[_Follower, Ast, _Origins], _Origins]] = {
    "identity": _Follower.same,
    "current": _Follower.same,
    "slice": _Follower.same,
    "event": _Follower.event,
    "field": _Follower.field,
    "index": _Follower.index,
    "subexpression": _Follower.chain,
    "index_expression": _Follower.chain,
    "pipe": _Follower.chain,
    "key_val_pair": _Follower.chain,
    "flatten": _Follower.flatten,
    "projection": _Follower.projection,
    "value_projection": _Follower.projection,
    "filter_projection": _Follower.projection,
    "comparator": _Follower.comparator,
    "not_expression": _Follower.negation,
    "and_expression": _Follower.conjunction,
    "or_expression": _Follower.disjunction,
    "multi_select_list": _Follower.selection,
    "multi_select_dict": _Follower.selection,
    "function_expression": _Follower.call,
    "expref": _Follower.expref,
}
"""How each kind of node is followed; literals and parameters come from nowhere."""


def _elements(origins: _Origins) -> _Origins:
    return frozenset((path, lists - 1) if lists else ((*path, None), 0) for path, lists in origins)


def _within(origins: _Origins, parts: Iterable[tuple[str, ...]]) -> _Origins:
    return frozenset(
        ((*path, *part), 0) if not lists else (path, lists)
        for path, lists in origins
        for part in parts
    )


def _is_null(node: Ast) -> bool:
    return node["type"] == "literal" and node["value"] is None


def _maximal(reads: set[Read]) -> set[Read]:
    """Leave out what another read includes: everything below a path that is read whole.

    A question whether something is there is part of every read of it or below it.
    """
    whole = {read.path for read in reads if not read.presence}
    kept = {
        read
        for read in reads
        if not any(read.path[:length] in whole for length in range(len(read.path)))
    }
    beyond = {read.path[:length] for read in kept for length in range(len(read.path))}
    return {
        read for read in kept if not (read.presence and (read.path in whole or read.path in beyond))
    }


def _sort_key(read: Read) -> tuple[tuple[str, ...], bool]:
    return tuple("*" if step is None else step for step in read.path), read.presence
