"""What the tables of bad rules are made of: the case, and rules with one thing changed."""

from dataclasses import dataclass
from itertools import pairwise

from tests.builders import rule_text

APPROVED = "{approved: {type: [string], default: [a]}}"


@dataclass(frozen=True, slots=True)
class Bad:
    """A file in place of a rule, and what must be said of it.

    Attributes:
        at: `line:column`, empty where only the file can be named.
        cause: How the message begins.
        hint: Part of the hint.
        problems: How many are found.
    """

    name: str
    content: str | bytes
    at: str
    cause: str
    hint: str = ""
    problems: int = 1


def condition(text: str) -> str:
    """Give a rule that requires something, its text in line 8 from column 3 on."""
    return block(text)


def block(text: str, style: str = ">-") -> str:
    """Give a rule that requires what stands in a block."""
    return rule_text(require=None) + f"require: {style}\n  {text}\n"


def cases(text: str) -> str:
    """Give a rule with one test case."""
    return rule_text(tests="{cases: [" + text + "]}")


def laughs(form: str) -> str:
    """Give a document that is small as written, and 9 to the power of 9 as read."""
    names = "abcdefghij"
    lines = ["a: &a {k: v}"]
    lines += [
        f"{name}: &{name} {form.format(','.join([f'*{below}'] * 9))}"
        for below, name in pairwise(names)
    ]
    return "\n".join(lines) + "\n"


def nested_by_aliases() -> str:
    """Give a document of little depth as written, and of 1,200 levels as read."""
    lines = ["l0: &a0 x"]
    lines += [f"l{n}: &a{n} {'[' * 28}*a{n - 1}{']' * 28}" for n in range(1, 45)]
    return "\n".join(lines) + "\n"
