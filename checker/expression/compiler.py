"""Compiles an expression to one Python function: what the interpreter does, without the tree.

Every node becomes a few statements on local variables, so that the sides of `&&` and `||` are
evaluated only where they count, and a comparison with a constant is Python's own. Calls, other
comparisons, and all that is charged go through the same code as in the interpreter.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

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
    ordered,
)
from checker.expression.expression import Expression
from checker.expression.interpreter import interpret_expression
from checker.expression.syntax import Ast
from checker.expression.writer import INDENT, FunctionText, TooNestedError, Value
from checker.limits import DEFAULT, Limits

Compile: TypeAlias = Callable[[Expression, Mapping[str, Json], Limits], Evaluate]
"""What makes the function of an expression: `compile_expression`, or what stands in for it."""


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
        return _compiled(expression.text, bind(expression.ast, parameters), limits)
    except TooNestedError:
        return interpret_expression(expression, parameters, limits)


def _compiled(text: str, ast: Ast, limits: Limits) -> Evaluate:
    compiler = _Compiler(text, limits)
    return compiler.function(compiler.emit(ast, "event"))


class _Called:
    """What the library's functions ask to evaluate an `&expression`: here, a Python function."""

    def visit(self, node: Json, value: Json) -> Json:
        """Evaluate on one element."""
        return node(value)


class _Compiler(FunctionText):
    """Writes the statements for each node of a tree."""

    def __init__(self, text: str, limits: Limits) -> None:
        budget = Budget(limits)
        known = {
            "Expref": Expref,
            "budget": budget,
            "call": call,
            "called": _Called(),
            "charge": budget.charge,
            "charge_flatten": charge_flatten,
            "equal": equal,
            "functions": ChargedFunctions(budget),
            "longest": longest,
            "ordered": ordered,
        }
        super().__init__(text, known)
        self._source = text

    def emit(self, node: Ast, current: str) -> Value:
        """Write a node's statements, where `@` is in the variable `current`."""
        return _EMIT[node["type"]](self, node, current)

    def here(self, _node: Ast, current: str) -> Value:
        """Give `@`."""
        return Value(current)

    def event(self, _node: Ast, _current: str) -> Value:
        """Give `$event`."""
        return Value("event")

    def literal(self, node: Ast, _current: str) -> Value:
        """Give a literal, or a parameter's value."""
        value = node["value"]
        code = self.constant(value)
        return Value(code, boolean=isinstance(value, bool), constant=True, value=value)

    def field(self, node: Ast, current: str) -> Value:
        """Take a key's value."""
        key = self.constant(node["value"])
        return self.assign(f"{current}.get({key}) if type({current}) is dict else None")

    def index(self, node: Ast, current: str) -> Value:
        """Take an element."""
        position = node["value"]
        least = position + 1 if position >= 0 else -position
        fits = f"type({current}) is list and len({current}) >= {least}"
        return self.assign(f"{current}[{position}] if {fits} else None")

    def slice(self, node: Ast, current: str) -> Value:
        """Take some elements, charged by those there are."""
        start, stop, step = ("" if each is None else each for each in node["children"])
        result = self.assign("None")
        self._charge_elements(current, 0)
        self.say(f"if type({current}) is list:")
        self.say(f"{INDENT}{result.code} = {current}[{start}:{stop}:{step}]")
        return result

    def chain(self, node: Ast, current: str) -> Value:
        """Evaluate parts one after the other, each on the value of the one before."""
        value = Value(current)
        for child in node["children"]:
            value = self.emit(child, value.code)
        return value

    def comparator(self, node: Ast, current: str) -> Value:
        """Compare two values."""
        left, right = (self.emit(child, current) for child in node["children"])
        name = node["value"]
        if name not in {"eq", "ne"}:
            shown = self.constant(excerpt(self._source, node))
            return self.assign(f"ordered('{name}', {left.code}, {right.code}, {shown})")
        for one, other in ((left, right), (right, left)):
            if one.constant and (one.value is None or isinstance(one.value, bool)):
                sign = "is" if name == "eq" else "is not"
                return self.assign(f"{other.code} {sign} {one.code}", boolean=True)
            if one.constant and isinstance(one.value, str):
                sign = "==" if name == "eq" else "!="
                return self.assign(f"{other.code} {sign} {one.code}", boolean=True)
        negation = "" if name == "eq" else "not "
        return self.assign(f"{negation}equal({left.code}, {right.code}, budget)", boolean=True)

    def conjunction(self, node: Ast, current: str) -> Value:
        """Evaluate the right side where the left is true."""
        return self._choice(node, current, "if {}:")

    def disjunction(self, node: Ast, current: str) -> Value:
        """Evaluate the right side where the left is not true."""
        return self._choice(node, current, "if not {}:")

    def negation(self, node: Ast, current: str) -> Value:
        """Turn truth round."""
        value = self.emit(node["children"][0], current)
        return self.assign(f"not {value.truth}", boolean=True)

    def flatten(self, node: Ast, current: str) -> Value:
        """Put the elements of elements side by side."""
        base = self.emit(node["children"][0], current).code
        result = self.assign("None")
        self.say(f"if type({base}) is list:")
        self.depth += 1
        self.say(f"charge_flatten({base}, budget)")
        self.say(f"{result.code} = []")
        self.say(f"for element in {base}:")
        self.say(f"{INDENT}if type(element) is list:")
        self.say(f"{INDENT * 2}{result.code}.extend(element)")
        self.say(f"{INDENT}else:")
        self.say(f"{INDENT * 2}{result.code}.append(element)")
        self.depth -= 1
        return result

    def projection(self, node: Ast, current: str) -> Value:
        """Evaluate the right side on each element of a list."""
        return self._project(node, current, "list", "")

    def value_projection(self, node: Ast, current: str) -> Value:
        """Evaluate the right side on each value of an object."""
        return self._project(node, current, "dict", ".values()")

    def _project(self, node: Ast, current: str, kind: str, elements: str) -> Value:
        base_node, right, *conditions = node["children"]
        base = self.emit(base_node, current).code
        result = self.assign("None")
        self._charge_elements(base, sum(each["size"] for each in (right, *conditions)))
        element = self.name()
        depth = self.depth
        self.say(f"if type({base}) is {kind}:")
        self.depth += 1
        self.say(f"{result.code} = []")
        self.say(f"for {element} in {base}{elements}:")
        self.depth += 1
        self.loops += 1
        for condition in conditions:
            self.say(f"if {self.emit(condition, element).truth}:")
            self.depth += 1
        value = self.emit(right, element).code
        self.say(f"if {value} is not None:")
        self.say(f"{INDENT}{result.code}.append({value})")
        self.depth = depth
        self.loops -= 1
        return result

    def selection_list(self, node: Ast, current: str) -> Value:
        """Give a list of values; null of null."""
        result = self.assign("None")
        self.say(f"if {current} is not None:")
        self.depth += 1
        values = [self.emit(child, current).code for child in node["children"]]
        self.say(f"{result.code} = [{', '.join(values)}]")
        self.depth -= 1
        return result

    def selection_dict(self, node: Ast, current: str) -> Value:
        """Give an object of values; null of null."""
        result = self.assign("None")
        self.say(f"if {current} is not None:")
        self.depth += 1
        members = [
            f"{self.constant(child['value'])}: {self.emit(child['children'][0], current).code}"
            for child in node["children"]
        ]
        self.say(f"{result.code} = {{{', '.join(members)}}}")
        self.depth -= 1
        return result

    def call(self, node: Ast, current: str) -> Value:
        """Call a function, charged for the times that an expression in it is evaluated."""
        arguments = [self.emit(child, current).code for child in node["children"]]
        listed = f"[{', '.join(arguments)}]"
        for child in node["children"]:
            if child["type"] == "expref":
                self.say(f"charge({repeated(1, child['size'])} * longest({listed}))")
        shown = self.constant(excerpt(self._source, node))
        return self.assign(f"call(functions, '{node['value']}', {listed}, {shown})")

    def expref(self, node: Ast, _current: str) -> Value:
        """Give an expression for a function to evaluate."""
        function, element = self.name(), self.name()
        self.say(f"def {function}({element}):")
        self.depth += 1
        self.say(f"return {self.emit(node['children'][0], element).code}")
        self.depth -= 1
        return self.assign(f"Expref({function}, called)")

    def _choice(self, node: Ast, current: str, condition: str) -> Value:
        left_node, right_node = node["children"]
        left = self.emit(left_node, current)
        name = self.name()
        self.say(f"{name} = {left.code}")
        chosen = Value(name, boolean=left.boolean)
        self.say(condition.format(chosen.truth))
        self.depth += 1
        right = self.emit(right_node, current)
        self.say(f"{name} = {right.code}")
        self.depth -= 1
        return Value(name, boolean=left.boolean and right.boolean)

    def _charge_elements(self, base: str, size: int) -> None:
        self.say(f"if type({base}) in (list, dict):")
        self.say(f"{INDENT}charge({repeated(1, size)} * len({base}))")


_EMIT: Final = {
    "identity": _Compiler.here,
    "current": _Compiler.here,
    "event": _Compiler.event,
    "literal": _Compiler.literal,
    "field": _Compiler.field,
    "index": _Compiler.index,
    "slice": _Compiler.slice,
    "subexpression": _Compiler.chain,
    "index_expression": _Compiler.chain,
    "pipe": _Compiler.chain,
    "comparator": _Compiler.comparator,
    "and_expression": _Compiler.conjunction,
    "or_expression": _Compiler.disjunction,
    "not_expression": _Compiler.negation,
    "flatten": _Compiler.flatten,
    "projection": _Compiler.projection,
    "filter_projection": _Compiler.projection,
    "value_projection": _Compiler.value_projection,
    "multi_select_list": _Compiler.selection_list,
    "multi_select_dict": _Compiler.selection_dict,
    "function_expression": _Compiler.call,
    "expref": _Compiler.expref,
}
"""How each kind of node is written."""
