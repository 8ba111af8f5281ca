"""What is known of an event at one point of a rule: what its scope and its conditions tell so far."""

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from checker.authoring.lint.values import ANY, NULL, Constant, Path, Value, at


class Known(Struct, frozen=True):
    """What a condition says of the value at one path."""

    types: frozenset[str] = ANY
    constants: frozenset[Constant] | None = None


class Facts(Struct, frozen=True):
    """What holds of the event, by path."""

    known: Mapping[Path, Known] = field(default_factory=dict)

    def of(self, value: Value) -> Value:
        """Give a value as it is where these facts hold."""
        if value.path is None or not self.known:
            return value
        types, constants = value.types, value.constants
        fact = self.known.get(value.path)
        if fact:
            types &= fact.types
            constants = _both(constants, fact.constants)
        if value.may_be_null and self._is_there(value.path):
            types -= NULL
        if constants is not None:
            constants = frozenset(each for each in constants if each[0] in types)
        return replace(value, types=types, constants=constants)

    def at(self, path: Path) -> Value:
        """Give what is known at a path of the event."""
        return self.of(at(path))

    def with_types(self, value: Value, types: frozenset[str]) -> "Facts":
        """Give these facts, and that a value has one of some types."""
        return self._with(value, Known(types=types))

    def with_constants(self, value: Value, constants: frozenset[Constant]) -> "Facts":
        """Give these facts, and that a value is one of some constants."""
        types = frozenset(kind for kind, _ in constants)
        return self._with(value, Known(types=types, constants=constants))

    def with_constants_or_null(self, value: Value, constants: frozenset[Constant]) -> "Facts":
        """Give these facts, and that a value is one of some constants, or null."""
        types = frozenset(kind for kind, _ in constants) | NULL
        return self._with(value, Known(types=types, constants=constants))

    def with_truth(self, value: Value) -> "Facts":
        """Give these facts, and that a value counts as true, so is not null."""
        return self.with_types(value, ANY - NULL)

    def without(self, value: Value, constants: frozenset[Constant]) -> "Facts":
        """Give these facts, and that a value is none of some constants."""
        now = self.of(value)
        if now.constants is None:
            return self
        left = Known(types=now.types, constants=now.constants - constants)
        return self._with(value, left)

    def joined(self, other: "Facts") -> "Facts":
        """Give what holds in either case."""
        return Facts(
            {
                path: Known(
                    types=known.types | other.known[path].types,
                    constants=_either(known.constants, other.known[path].constants),
                )
                for path, known in self.known.items()
                if path in other.known
            }
        )

    def _with(self, value: Value, known: Known) -> "Facts":
        if value.path is None:
            return self
        before = self.known.get(value.path)
        if before:
            types = before.types & known.types
            known = Known(types=types, constants=_both(before.constants, known.constants))
        return Facts({**self.known, value.path: known})

    def _is_there(self, path: Path) -> bool:
        """Whether something below a path is known to be there, so the path is."""
        length = len(path)
        return any(
            len(below) > length and below[:length] == path and "null" not in known.types
            for below, known in self.known.items()
        )


NO_FACTS = Facts()


def _both(
    left: frozenset[Constant] | None, right: frozenset[Constant] | None
) -> frozenset[Constant] | None:
    if left is None:
        return right
    return left if right is None else left & right


def _either(
    left: frozenset[Constant] | None, right: frozenset[Constant] | None
) -> frozenset[Constant] | None:
    return None if left is None or right is None else left | right
