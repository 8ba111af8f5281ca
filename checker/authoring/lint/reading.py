"""Reads an expression as evaluation would, with what is known in place of values."""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace

from checker.authoring.lint import calling, comparing, traps
from checker.authoring.lint.facts import Facts
from checker.authoring.lint.judging import Judge
from checker.authoring.lint.setting import Read, Setting
from checker.authoring.lint.values import (
    ANY,
    EVENT,
    NOTHING,
    NULL,
    UNKNOWN,
    Value,
    at,
    either,
    element_of,
    flattened,
    listed,
    literal,
    truth_value,
)
from checker.expression.syntax import Ast

_BOOLEAN_OR_NULL: Final = frozenset({"boolean", "null"})
_LIST: Final = frozenset({"array"})


class Reader:
    """Reads the nodes of one expression."""

    def __init__(self, judge: Judge, parameters: Mapping[str, Value]) -> None:
        self._judge = judge
        self._notes = judge.notes
        self._parameters = parameters

    def read(self, node: Ast, setting: Setting) -> Read:
        """Read a node."""
        step = _STEPS.get(node["type"])
        if step is None:
            return _plain(UNKNOWN, setting.facts)
        return step(self, node, setting)

    def same(self, _node: Ast, setting: Setting) -> Read:
        """Read `@`."""
        return _plain(setting.facts.of(setting.current), setting.facts)

    def event(self, _node: Ast, setting: Setting) -> Read:
        """Read `$event`."""
        return _plain(EVENT, setting.facts)

    def literal(self, node: Ast, setting: Setting) -> Read:
        """Read a literal."""
        return _plain(literal(node["value"]), setting.facts)

    def parameter(self, node: Ast, setting: Setting) -> Read:
        """Read `$name`."""
        return _plain(self._parameters.get(node["value"], UNKNOWN), setting.facts)

    def field(self, node: Ast, setting: Setting) -> Read:
        """Read a key."""
        current = setting.current
        if setting.is_bare and setting.in_element:
            traps.check_bare_field(self._notes, node)
        if not traps.takes_fields(current):
            if current.types - NULL == {"array"}:
                traps.check_list(self._notes, node, current)
            return _plain(NOTHING, setting.facts)
        if current.fields is not None:
            return self._known_field(node, current.fields, setting)
        if current.path is None:
            return _plain(UNKNOWN, setting.facts)
        path = (*current.path, node["value"])
        names = tuple(step for step in path if isinstance(step, str))
        if current.is_of_event:
            if len(names) == len(path):
                traps.check_field(self._notes, node, names)
            if current.path and self._judge.evidence.has_list(current.path):
                traps.check_list(self._notes, node, current)
        return _plain(setting.facts.of(at(path)), setting.facts)

    def _known_field(self, node: Ast, fields: Mapping[str, Value], setting: Setting) -> Read:
        """Read a key of an object that a function made."""
        value = fields.get(node["value"])
        if value is None:
            traps.check_known_field(self._notes, node, fields)
            return _plain(NOTHING, setting.facts)
        if setting.current.path is not None:
            value = replace(value, path=(*setting.current.path, node["value"]))
        return _plain(setting.facts.of(value), setting.facts)

    def index(self, node: Ast, setting: Setting) -> Read:
        """Read an element by its number."""
        current = setting.current
        if current.path is not None and current.element is None:
            value = at((*current.path, node["value"]))
        else:
            element = element_of(current)
            value = replace(element, types=element.types | NULL, path=None)
        return _plain(setting.facts.of(value), setting.facts)

    def chain(self, node: Ast, setting: Setting) -> Read:
        """Read what stands before a dot, and what is taken of it."""
        first, *others = node["children"]
        traps.check_negation(self._notes, first, node)
        read = self.read(first, setting)
        for child in others:
            read = self._within(child, read.value, setting)
        return read

    def pipe(self, node: Ast, setting: Setting) -> Read:
        """Read what stands before a `|`, and what is made of it."""
        left, right = node["children"]
        after = self._within(right, self.read(left, setting).value, setting)
        return _plain(self._named(after.value, node, setting), setting.facts)

    def _within(self, child: Ast, current: Value, setting: Setting) -> Read:
        """Read a node that is looked up in what stands before it."""
        is_bare = child["type"] != "field" and setting.in_element
        return self.read(child, replace(setting, current=current, is_bare=is_bare))

    def flatten(self, node: Ast, setting: Setting) -> Read:
        """Read a list made flat by one level."""
        base = self.read(node["children"][0], setting).value
        types = _of_projection(base, "array")
        return _plain(Value(types=types, element=flattened(base)), setting.facts)

    def projection(self, node: Ast, setting: Setting) -> Read:
        """Read what is taken of each element."""
        traps.check_negation(self._notes, node["children"][0], node)
        base = self.read(node["children"][0], setting).value
        inner = replace(setting, current=element_of(base))
        return self._project(node, setting, inner, _of_projection(base, "array"))

    def value_projection(self, node: Ast, setting: Setting) -> Read:
        """Read what is taken of each value of an object."""
        base = self.read(node["children"][0], setting).value
        path = None if base.path is None else (*base.path, "*")
        inner = replace(setting, current=at(path, types=ANY - NULL))
        return self._project(node, setting, inner, _of_projection(base, "object"))

    def filter(self, node: Ast, setting: Setting) -> Read:
        """Read a filter, and what is taken of each element that it lets through."""
        left, _, condition = node["children"]
        traps.check_negation(self._notes, left, node)
        base = self.read(left, setting).value
        inner = replace(setting, current=element_of(base), is_bare=True, in_element=True)
        passed = self.read(condition, inner)
        traps.check_number(self._notes, condition, passed.value)
        inner = replace(inner, facts=passed.yes)
        return self._project(node, setting, inner, _of_projection(base, "array"))

    def _project(self, node: Ast, setting: Setting, inner: Setting, types: frozenset[str]) -> Read:
        right = node["children"][1]
        traps.check_filter(self._notes, right)
        current = inner.facts.of(inner.current)
        taken = self._within(right, current, replace(inner, in_element=True)).value
        value = Value(types=types, element=taken)
        return _plain(self._named(value, node, setting), setting.facts)

    def comparison(self, node: Ast, setting: Setting) -> Read:
        """Read a comparison."""
        before = len(self._notes.found)
        children = node["children"]
        for child in children:
            traps.check_negation(self._notes, child, node)
        traps.check_words(self._notes, children, in_event=setting.in_event)
        is_sound = len(self._notes.found) == before
        quiet = self if is_sound else self._quiet()
        left, right = (quiet.read(child, setting).value for child in children)
        is_sound = len(self._notes.found) == before
        if node["value"] not in {"eq", "ne"}:
            if is_sound:
                self._notes.add_first(node, comparing.order_findings(left, right))
            yes, no = comparing.facts_of_order(left, right, setting.facts)
            return Read(Value(types=_BOOLEAN_OR_NULL), yes, no)
        negated = node["value"] == "ne"
        truth = comparing.truth_of_equality(left, right, negated=negated)
        if is_sound:
            self._judge.equality(node, left, right, truth=truth, facts=setting.facts)
        yes, no = comparing.facts_of_equality(left, right, setting.facts, negated=negated)
        return Read(truth_value(truth=truth), yes, no)

    def negation(self, node: Ast, setting: Setting) -> Read:
        """Read `!`."""
        (child,) = node["children"]
        read = self.read(child, setting)
        traps.check_number(self._notes, child, read.value)
        if child["type"] == "comparator" and child["value"] not in {"eq", "ne"}:
            quiet = self._quiet()
            values = [quiet.read(each, setting).value for each in child["children"]]
            self._judge.negated_order(child, values)
        truth = read.value.truth
        return Read(truth_value(truth=None if truth is None else not truth), read.no, read.yes)

    def conjunction(self, node: Ast, setting: Setting) -> Read:
        """Read `&&`: the right side is reached where the left one holds."""
        left_node, right_node = node["children"]
        left = self.read(left_node, setting)
        right = self.read(right_node, replace(setting, facts=left.yes))
        no = left.no.joined(right.no)
        if left.value.truth is not None:
            value = right.value if left.value.truth else left.value
            return Read(replace(value, path=None), right.yes, no)
        value = replace(either(_if_false(left.value), right.value), path=None)
        if right.value.truth is False:
            value = replace(value, holds=False)
        return Read(value, right.yes, no)

    def disjunction(self, node: Ast, setting: Setting) -> Read:
        """Read `||`: the right side is reached where the left one does not hold."""
        left_node, right_node = node["children"]
        left = self.read(left_node, setting)
        right = self.read(right_node, replace(setting, facts=left.no))
        yes = left.yes.joined(right.yes)
        if left.value.truth is False:
            return Read(right.value, yes, right.no)
        value = _if_true(left.value)
        if left.value.truth is None:
            value = either(value, right.value)
        if right.value.truth is True:
            value = replace(value, holds=True)
        return Read(self._named(value, node, setting), yes, right.no)

    def selection(self, node: Ast, setting: Setting) -> Read:
        """Read a list or an object that the expression makes."""
        values = [self.read(child, setting).value for child in node["children"]]
        if node["type"] == "multi_select_dict":
            return _plain(Value(types=frozenset({"object"})), setting.facts)
        return _plain(listed(values), setting.facts)

    def pair(self, node: Ast, setting: Setting) -> Read:
        """Read a key and its value."""
        return self.read(node["children"][0], setting)

    def call(self, node: Ast, setting: Setting) -> Read:
        """Read a call."""
        name, children = node["value"], node["children"]
        arguments = self._arguments(node, setting)
        for position, (child, value) in enumerate(zip(children, arguments, strict=True)):
            self._judge.argument(name, position, child, value)
        traps.check_arguments(self._notes, children, in_event=setting.in_event)
        yes, no, truth = calling.facts_of_call(name, arguments, setting.facts)
        if name in {"contains", "any_in"}:
            members, sought = arguments if name == "contains" else arguments[::-1]
            facts = setting.facts
            self._judge.membership(node, members, facts.of(sought), truth=truth, facts=facts)
            return Read(truth_value(truth=truth), yes, no)
        if name == "glob":
            self._judge.patterns(node, arguments[0], setting.facts)
        value = self._named(calling.result(name, arguments), node, setting)
        known = no.of(value)
        if calling.is_boolean(value):
            return Read(replace(known, path=None), yes, no)
        return Read(known, yes.with_truth(value), no)

    def _arguments(self, node: Ast, setting: Setting) -> list[Value]:
        children = node["children"]
        plain = {
            index: self.read(child, setting).value
            for index, child in enumerate(children)
            if child["type"] != "expref"
        }
        lists = [value for value in plain.values() if "array" in value.types]
        element = element_of(lists[0]) if lists else UNKNOWN
        inner = replace(setting, current=element, is_bare=True, in_element=True)
        for child in children:
            if child["type"] == "expref":
                self.read(child["children"][0], inner)
        return [plain.get(index, UNKNOWN) for index in range(len(children))]

    def _quiet(self) -> "Reader":
        """Give a reader that notes nothing."""
        notes = type(self._notes)(self._notes.text)
        return Reader(replace(self._judge, notes=notes), self._parameters)

    def _named(self, value: Value, node: Ast, setting: Setting) -> Value:
        """Give what is computed a path of its own, by its text, so that it is known again."""
        if setting.current.path is None:
            return replace(value, path=None)
        text = "".join(self._notes.written(node).split())
        return replace(value, path=(*setting.current.path, f"={text}"))


def _of_projection(base: Value, kind: str) -> frozenset[str]:
    """Give what a projection is: a list, and null where its base may be anything else."""
    return _LIST if base.types == {kind} else _LIST | NULL


def _plain(value: Value, facts: Facts) -> Read:
    """Give what is known where a value counts as true."""
    return Read(value, facts.with_truth(value), facts)


def _if_true(value: Value) -> Value:
    """Give what is known of a value that counts as true."""
    constants = value.constants
    if constants is not None:
        constants = frozenset(each for each in constants if each[0] == "number" or each[1])
    return replace(value, types=value.types - NULL, constants=constants)


def _if_false(value: Value) -> Value:
    """Give what is known of a value that does not count as true."""
    return replace(value, types=value.types - {"number"}, constants=None, path=None)


_STEPS: Final[Mapping[str, Callable[[Reader, Ast, Setting], Read]]] = {
    "identity": Reader.same,
    "current": Reader.same,
    "slice": Reader.same,
    "event": Reader.event,
    "literal": Reader.literal,
    "parameter": Reader.parameter,
    "field": Reader.field,
    "index": Reader.index,
    "subexpression": Reader.chain,
    "index_expression": Reader.chain,
    "pipe": Reader.pipe,
    "flatten": Reader.flatten,
    "projection": Reader.projection,
    "value_projection": Reader.value_projection,
    "filter_projection": Reader.filter,
    "comparator": Reader.comparison,
    "not_expression": Reader.negation,
    "and_expression": Reader.conjunction,
    "or_expression": Reader.disjunction,
    "multi_select_list": Reader.selection,
    "multi_select_dict": Reader.selection,
    "key_val_pair": Reader.pair,
    "function_expression": Reader.call,
}
