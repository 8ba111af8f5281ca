"""What a check of the linter is: its code, what it means, and examples that prove it."""

from msgspec import Struct

from checker.errors import Level


class Check(Struct, frozen=True, kw_only=True):
    """One thing that the linter looks for; its page in the reference is made from this.

    Attributes:
        code: `TC` and three digits, never given to another check.
        name: In a few words, kebab-case.
        level: `error` for what cannot be meant, `warning` for what hardly is.
        meaning: What is wrong, in one line.
        why: What it does to a rule, and what to write, in a few sentences.
        bad: Keys of a rule that it finds something in; rules are told apart by a line of `---`.
        at: The text in the last rule of `bad` where its finding stands.
        good: The same, mended.
        pack: Parameters of the pack around the bad example, as YAML.
    """

    code: str
    name: str
    level: Level
    meaning: str
    why: str
    bad: str
    at: str
    good: str
    pack: str = ""


class Note(Struct, frozen=True, kw_only=True):
    """One finding in the text of an expression.

    Attributes:
        start: The first character that it is about.
        end: The character behind the last.
    """

    check: Check
    start: int
    end: int
    cause: str
    hint: str = ""
