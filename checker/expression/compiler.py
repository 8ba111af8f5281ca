"""Compiles an expression to one Python function: what the interpreter does, without the tree.

Every node becomes a few statements on local variables, so that the sides of `&&` and `||` are
evaluated only where they count, and a comparison with a constant is Python's own. Calls, other
comparisons, and all that is charged go through the same code as in the interpreter.
"""

import linecache
from collections.abc import Mapping
from itertools import count
from typing import Final

from jmespath.visitor import _Expression as Expref

from checker.aws import Json
from checker.expression.budget import Budget, charge_flatten, longest, repeated
from checker.expression.check import bind
from checker.expression.evaluation import (
    ChargedFunctions,
    Evaluate,
    call,
    equal,
    excerpt,
    holds,
    ordered,
)
from checker.expression.expression import Expression
from checker.expression.faults import EvaluationError
from checker.expression.interpreter import interpret_expression
from checker.expression.syntax import Ast
from checker.limits import DEFAULT, Limits

_NUMBER: Final = count(1)
_INDENT: Final = "    "

# CPython compiles at most 20 loops and 100 indents inside of one another.
_MOST_LOOPS: Final = 16
_MOST_BLOCKS: Final = 80


def compile_expression(
    expression: Expression, parameters: Mapping[str, Json], limits: Limits = DEFAULT
) -> Evaluate:
    """Make the function that evaluates an expression.

    It is not to be shared between threads. Its source is kept where tracebacks and debuggers look.
    What is nested too deeply for Python's own compiler is interpreted.

    Args:
        expression: As `parse_expression` gives it.
        parameters: A value for each of its parameters; others are ignored.
        limits: What one evaluation may cost.

    Raises:
        ExpressionError: A parameter has no value, or one that a function cannot work with.
    """
    try:
        return _Writer(expression.text, limits).function(bind(expression.ast, parameters))
    except _TooNestedError:
        return interpret_expression(expression, parameters, limits)


class _TooNestedError(Exception):
    """Python takes no more loops or blocks inside of one another."""


class _Value:
    """Where a node's value is.

    Attributes:
        code: A local name or a constant: it costs nothing to repeat.
        boolean: Whether it is True or False and nothing else.
        constant: Whether it is a literal, and so known when compiling.
        value: The literal's value.
    """

    __slots__ = ("boolean", "code", "constant", "value")

    def __init__(
        self, code: str, *, boolean: bool = False, constant: bool = False, value: Json = None
    ) -> None:
        self.code = code
        self.boolean = boolean
        self.constant = constant
        self.value = value

    @property
    def truth(self) -> str:
        """Give the code that tells whether it is true in JMESPath."""
        return self.code if self.boolean else f"holds({self.code})"


class _Called:
    """What the library's functions ask to evaluate an `&expression`: here, a Python function."""

    def visit(self, node: Json, value: Json) -> Json:
        """Evaluate on one element."""
        return node(value)


class _Writer:
    """Writes the statements of one function, node by node."""

    def __init__(self, text: str, limits: Limits) -> None:
        budget = Budget(limits)
        self._text = text
        self._lines: list[str] = []
        self._depth = 2
        self._loops = 0
        self._names = count(1)
        self._known: dict[str, object] = {
            "EvaluationError": EvaluationError,
            "Expref": Expref,
            "budget": budget,
            "call": call,
            "called": _Called(),
            "charge": budget.charge,
            "charge_flatten": charge_flatten,
            "equal": equal,
            "functions": ChargedFunctions(budget),
            "holds": holds,
            "longest": longest,
            "ordered": ordered,
        }

    def function(self, ast: Ast) -> Evaluate:
        """Give the function for a whole tree."""
        result = self.emit(ast, "event")
        if not (result.boolean or result.constant):
            # A container is about to be written or walked by someone who has no budget.
            self._say(f"if type({result.code}) in (list, dict):")
            self._say(f"{_INDENT}budget.charge_whole({result.code})")
        self._say(f"return {result.code}")
        source = "\n".join(
            [
                "def evaluate(event):",
                f"{_INDENT}budget.renew()",
                f"{_INDENT}try:",
                *self._lines,
                f"{_INDENT}except RecursionError as error:",
                f'{_INDENT * 2}raise EvaluationError("a value is nested too deep") from error',
                "",
            ]
        )
        name = f"<condition {next(_NUMBER)}: {' '.join(self._text.split())}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        namespace: dict[str, Json] = dict(self._known)
        exec(compile(source, name, "exec"), namespace)  # noqa: S102 - our own text: no name or value in it is the rule's
        evaluate: Evaluate = namespace["evaluate"]
        return evaluate

    def emit(self, node: Ast, current: str) -> _Value:
        """Write a node's statements, where `@` is in the variable `current`."""
        return _EMIT[node["type"]](self, node, current)

    def here(self, _node: Ast, current: str) -> _Value:
        """Give `@`."""
        return _Value(current)

    def event(self, _node: Ast, _current: str) -> _Value:
        """Give `$event`."""
        return _Value("event")

    def literal(self, node: Ast, _current: str) -> _Value:
        """Give a literal, or a parameter's value."""
        value = node["value"]
        code = self._constant(value)
        return _Value(code, boolean=isinstance(value, bool), constant=True, value=value)

    def field(self, node: Ast, current: str) -> _Value:
        """Take a key's value."""
        key = self._constant(node["value"])
        return self._assign(f"{current}.get({key}) if type({current}) is dict else None")

    def index(self, node: Ast, current: str) -> _Value:
        """Take an element."""
        position = node["value"]
        least = position + 1 if position >= 0 else -position
        fits = f"type({current}) is list and len({current}) >= {least}"
        return self._assign(f"{current}[{position}] if {fits} else None")

    def slice(self, node: Ast, current: str) -> _Value:
        """Take some elements, charged by those there are."""
        start, stop, step = ("" if each is None else each for each in node["children"])
        result = self._assign("None")
        self._charge_elements(current, 0)
        self._say(f"if type({current}) is list:")
        self._say(f"{_INDENT}{result.code} = {current}[{start}:{stop}:{step}]")
        return result

    def chain(self, node: Ast, current: str) -> _Value:
        """Evaluate parts one after the other, each on the value of the one before."""
        value = _Value(current)
        for child in node["children"]:
            value = self.emit(child, value.code)
        return value

    def comparator(self, node: Ast, current: str) -> _Value:
        """Compare two values."""
        left, right = (self.emit(child, current) for child in node["children"])
        name = node["value"]
        if name not in {"eq", "ne"}:
            shown = self._constant(excerpt(self._text, node))
            return self._assign(f"ordered('{name}', {left.code}, {right.code}, {shown})")
        for one, other in ((left, right), (right, left)):
            if one.constant and (one.value is None or isinstance(one.value, bool)):
                sign = "is" if name == "eq" else "is not"
                return self._assign(f"{other.code} {sign} {one.code}", boolean=True)
            if one.constant and isinstance(one.value, str):
                sign = "==" if name == "eq" else "!="
                return self._assign(f"{other.code} {sign} {one.code}", boolean=True)
        negation = "" if name == "eq" else "not "
        return self._assign(f"{negation}equal({left.code}, {right.code}, budget)", boolean=True)

    def conjunction(self, node: Ast, current: str) -> _Value:
        """Evaluate the right side where the left is true."""
        return self._choice(node, current, "if {}:")

    def disjunction(self, node: Ast, current: str) -> _Value:
        """Evaluate the right side where the left is not true."""
        return self._choice(node, current, "if not {}:")

    def negation(self, node: Ast, current: str) -> _Value:
        """Turn truth round."""
        value = self.emit(node["children"][0], current)
        return self._assign(f"not {value.truth}", boolean=True)

    def flatten(self, node: Ast, current: str) -> _Value:
        """Put the elements of elements side by side."""
        base = self.emit(node["children"][0], current).code
        result = self._assign("None")
        self._say(f"if type({base}) is list:")
        self._depth += 1
        self._say(f"charge_flatten({base}, budget)")
        self._say(f"{result.code} = []")
        self._say(f"for element in {base}:")
        self._say(f"{_INDENT}if type(element) is list:")
        self._say(f"{_INDENT * 2}{result.code}.extend(element)")
        self._say(f"{_INDENT}else:")
        self._say(f"{_INDENT * 2}{result.code}.append(element)")
        self._depth -= 1
        return result

    def projection(self, node: Ast, current: str) -> _Value:
        """Evaluate the right side on each element of a list."""
        return self._project(node, current, "list", "")

    def value_projection(self, node: Ast, current: str) -> _Value:
        """Evaluate the right side on each value of an object."""
        return self._project(node, current, "dict", ".values()")

    def _project(self, node: Ast, current: str, kind: str, elements: str) -> _Value:
        base_node, right, *conditions = node["children"]
        base = self.emit(base_node, current).code
        result = self._assign("None")
        self._charge_elements(base, sum(each["size"] for each in (right, *conditions)))
        element = self._name()
        depth = self._depth
        self._say(f"if type({base}) is {kind}:")
        self._depth += 1
        self._say(f"{result.code} = []")
        self._say(f"for {element} in {base}{elements}:")
        self._depth += 1
        self._loops += 1
        for condition in conditions:
            self._say(f"if {self.emit(condition, element).truth}:")
            self._depth += 1
        value = self.emit(right, element).code
        self._say(f"if {value} is not None:")
        self._say(f"{_INDENT}{result.code}.append({value})")
        self._depth = depth
        self._loops -= 1
        return result

    def selection_list(self, node: Ast, current: str) -> _Value:
        """Give a list of values; null of null."""
        result = self._assign("None")
        self._say(f"if {current} is not None:")
        self._depth += 1
        values = [self.emit(child, current).code for child in node["children"]]
        self._say(f"{result.code} = [{', '.join(values)}]")
        self._depth -= 1
        return result

    def selection_dict(self, node: Ast, current: str) -> _Value:
        """Give an object of values; null of null."""
        result = self._assign("None")
        self._say(f"if {current} is not None:")
        self._depth += 1
        members = [
            f"{self._constant(child['value'])}: {self.emit(child['children'][0], current).code}"
            for child in node["children"]
        ]
        self._say(f"{result.code} = {{{', '.join(members)}}}")
        self._depth -= 1
        return result

    def call(self, node: Ast, current: str) -> _Value:
        """Call a function, charged for the times that an expression in it is evaluated."""
        arguments = [self.emit(child, current).code for child in node["children"]]
        listed = f"[{', '.join(arguments)}]"
        for child in node["children"]:
            if child["type"] == "expref":
                self._say(f"charge({repeated(1, child['size'])} * longest({listed}))")
        shown = self._constant(excerpt(self._text, node))
        return self._assign(f"call(functions, '{node['value']}', {listed}, {shown})")

    def expref(self, node: Ast, _current: str) -> _Value:
        """Give an expression for a function to evaluate."""
        function, element = self._name(), self._name()
        self._say(f"def {function}({element}):")
        self._depth += 1
        self._say(f"return {self.emit(node['children'][0], element).code}")
        self._depth -= 1
        return self._assign(f"Expref({function}, called)")

    def _choice(self, node: Ast, current: str, condition: str) -> _Value:
        left_node, right_node = node["children"]
        left = self.emit(left_node, current)
        name = self._name()
        self._say(f"{name} = {left.code}")
        chosen = _Value(name, boolean=left.boolean)
        self._say(condition.format(chosen.truth))
        self._depth += 1
        right = self.emit(right_node, current)
        self._say(f"{name} = {right.code}")
        self._depth -= 1
        return _Value(name, boolean=left.boolean and right.boolean)

    def _charge_elements(self, base: str, size: int) -> None:
        self._say(f"if type({base}) in (list, dict):")
        self._say(f"{_INDENT}charge({repeated(1, size)} * len({base}))")

    def _say(self, line: str) -> None:
        if self._depth > _MOST_BLOCKS or self._loops > _MOST_LOOPS:
            raise _TooNestedError
        self._lines.append(f"{_INDENT * self._depth}{line}")

    def _assign(self, code: str, *, boolean: bool = False) -> _Value:
        name = self._name()
        self._say(f"{name} = {code}")
        return _Value(name, boolean=boolean)

    def _name(self) -> str:
        return f"v{next(self._names)}"

    def _constant(self, value: object) -> str:
        name = f"c{next(self._names)}"
        self._known[name] = value
        return name


_EMIT: Final = {
    "identity": _Writer.here,
    "current": _Writer.here,
    "event": _Writer.event,
    "literal": _Writer.literal,
    "field": _Writer.field,
    "index": _Writer.index,
    "slice": _Writer.slice,
    "subexpression": _Writer.chain,
    "index_expression": _Writer.chain,
    "pipe": _Writer.chain,
    "comparator": _Writer.comparator,
    "and_expression": _Writer.conjunction,
    "or_expression": _Writer.disjunction,
    "not_expression": _Writer.negation,
    "flatten": _Writer.flatten,
    "projection": _Writer.projection,
    "filter_projection": _Writer.projection,
    "value_projection": _Writer.value_projection,
    "multi_select_list": _Writer.selection_list,
    "multi_select_dict": _Writer.selection_dict,
    "function_expression": _Writer.call,
    "expref": _Writer.expref,
}
"""How each kind of node is written."""
