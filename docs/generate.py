"""Writes the reference pages from the code: `make docs`.

A page that differs from what this writes fails the test suite, so the reference cannot drift.
"""

import inspect
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from checker.authoring.lint.catalogue import CHECKS
from checker.authoring.lint.check import Check
from checker.authoring.lint.texts_rules import IDLE_IGNORE
from checker.aws import Json
from checker.cli.configuration import (
    CONFIG_VARIABLE,
    CONFIGURATION,
    FILE,
    PYPROJECT,
    TABLE,
    variable_of,
)
from checker.cli.main import trailcheck
from checker.cli.schema import SCHEMAS
from checker.codes import COMMAND_LINE, INPUT, RULES
from checker.expression.extension import ExtensionFunction
from checker.expression.functions import EXTENSIONS
from checker.policy.loader import load_rules
from checker.policy.packs import PACK, bundled_packs
from checker.policy.parameters import Settings
from checker.policy.rule_document import rule_schema
from checker.report.words import STATEMENTS
from checker.verdict.verdicts import Verdict
from docs.rule_pages import rule_pages

FOLDER = Path(__file__).parent / "reference"
_LONGEST_EXAMPLE = 72
_NOTE = "<!-- Written by `make docs` from the code; changes here are lost. -->"


def pages() -> dict[str, str]:
    """Give every generated file's text by its name in the reference folder."""
    return {
        "rule.md": _page("The rule document", _rule()),
        "configuration.md": _page("The configuration", _configuration()),
        "functions.md": _page("Functions of conditions", _functions()),
        "commands.md": _page("Commands", _commands()),
        "verdicts.md": _page("Verdicts", _verdicts()),
        "messages.md": _page("Messages", _messages()),
        "lint/index.md": _page("What the linter finds", _checks()),
        **{
            f"lint/{each.code}.md": _page(f"{each.code}: {each.name}", _check(each))
            for each in CHECKS
        },
        **{f"rules/{name}": text for name, text in _of_rules().items()},
        **{f"{name}.schema.json": _json(schema()) for name, schema in SCHEMAS.items()},
    }


def _of_rules() -> dict[str, str]:
    book = load_rules(bundled_packs(), Settings())
    return rule_pages(book.rules, book.packs)


def _page(title: str, lines: Iterator[str]) -> str:
    return "\n".join([_NOTE, "", f"# {title}", "", *lines]).rstrip("\n") + "\n"


def _json(value: Json) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _rule() -> Iterator[str]:
    yield "One YAML file is one rule. An unknown key is an error. The same as a JSON Schema for"
    yield "editors: [rule.schema.json](rule.schema.json)."
    yield ""
    yield from _keys(rule_schema())
    yield ""
    yield "Exactly one of `require`, `forbid`, `correlation` and `cadence` is given. Conditions are"
    yield "JMESPath, with the [functions](functions.md) of trailcheck. Where a temporal correlation has"
    yield "`steps`, they stand in place of `match`, `where`, `outcome` and `requires`."
    yield ""
    yield "## pack.yaml"
    yield ""
    yield "A folder of rules is a pack when it holds a `pack.yaml`."
    yield ""
    yield from _keys(PACK.schema())


def _configuration() -> Iterator[str]:
    yield f"`trailcheck check` reads `{FILE}` in the working directory, or `[{'.'.join(TABLE)}]` in"
    yield f"`{PYPROJECT}` there, or what `--config` names; `trailcheck test` and `lint` take the rules from"
    yield "it. Paths in it are relative to it. `trailcheck config` prints what is in force."
    yield ""
    yield from _keys(CONFIGURATION.schema())
    yield ""
    yield "## Environment variables"
    yield ""
    yield "They win over the file, and the command line over them. A list or a mapping is written as YAML in"
    yield "brackets: `[iot, ./our-rules]`. Any other variable that begins with `TRAILCHECK_` is an error."
    yield ""
    yield "| variable | holds |"
    yield "|---|---|"
    yield f"| `{CONFIG_VARIABLE}` | The configuration file, as `--config` names it. |"
    yield from (f"| `{variable_of(each.name)}` | `{each.name}` |" for each in CONFIGURATION.fields)


def _keys(schema: Json) -> Iterator[str]:
    yield "| key | | meaning |"
    yield "|---|---|---|"
    yield from dict.fromkeys(_described(schema, ""))


def _described(schema: Json, prefix: str) -> Iterator[str]:
    """Give a row for every key of a schema and of the schemas in it."""
    for name, child in schema.get("properties", {}).items():
        path = f"{prefix}{name}"
        required = "required" if name in schema.get("required", ()) else ""
        told = [child["description"], *_valid(child), *_default(child), *_first_example(child)]
        yield f"| `{path}` | {required} | {' '.join(told)} |"
        yield from _described(child, f"{path}.")
    for inner in (schema.get("items"), *schema.get("anyOf", ())):
        if isinstance(inner, dict):
            yield from _described(inner, prefix)
    values = schema.get("additionalProperties")
    if isinstance(values, dict):
        yield from _described(values, f"{prefix}<name>.")


def _valid(schema: Json) -> Iterator[str]:
    choices = [f"`{choice}`" for choice in schema.get("enum", ())]
    meanings = schema.get("enumDescriptions")
    if meanings:
        told = (f"{choice} ({meaning})" for choice, meaning in zip(choices, meanings, strict=True))
        yield f"Valid: {', '.join(told).replace('.)', ')')}."
    elif choices:
        yield f"Valid: {', '.join(choices)}."


def _default(schema: Json) -> Iterator[str]:
    if "default" in schema:
        yield f"Default: `{json.dumps(schema['default']).strip(chr(34))}`."


def _first_example(schema: Json) -> Iterator[str]:
    """Give the first example as YAML in one line, where it is short; a bar would end the cell."""
    for example in schema.get("examples", ())[:1]:
        text = example if isinstance(example, str) else json.dumps(example)
        if len(text) <= _LONGEST_EXAMPLE and "|" not in text:
            yield f"For example `{text}`."


def _functions() -> Iterator[str]:
    yield "Conditions are standard [JMESPath](https://jmespath.org/specification.html) with the"
    yield "functions below. All of them follow one law: null gives the stated value; any other wrong"
    yield "type, or text that cannot be parsed, raises, and the event becomes an `error` of the rule."
    for function in EXTENSIONS:
        yield ""
        yield from _function(function)


def _function(function: ExtensionFunction) -> Iterator[str]:
    yield f"## `{function.signature}`"
    yield ""
    yield function.doc
    yield ""
    for parameter in function.parameters:
        yield f"- `{parameter.name}`: {', '.join(parameter.types)}"
    null = json.dumps(function.when_null)
    yield f"- gives: {', '.join(function.returns)}; null gives `{null}`"
    if function.extra:
        yield f"- needs the extra `{function.extra}`: `pip install trailcheck[{function.extra}]`"
    yield ""
    yield "```"
    yield function.example
    yield f"=> {json.dumps(function.gives)}"
    yield "```"


def _commands() -> Iterator[str]:
    yield from _command(trailcheck, click.Context(trailcheck, info_name="trailcheck"))


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    pieces = [piece for each in command.params for piece in each.get_usage_pieces(context)]
    usage = " ".join([context.command_path, "[OPTIONS]", *pieces])
    yield f"## {context.command_path}"
    yield ""
    yield f"`{usage}`"
    yield ""
    yield inspect.cleandoc(command.help or "")
    options = [each for each in command.params if isinstance(each, click.Option)]
    if options:
        yield ""
        yield "| option | meaning |"
        yield "|---|---|"
    yield from (_option(each, context) for each in options)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                yield ""
                yield from _command(child, click.Context(child, info_name=name, parent=context))


def _option(option: click.Option, context: click.Context) -> str:
    value = "" if option.is_flag else f" {option.make_metavar(context)}"
    names = ", ".join(f"`{name}{value}`" for name in (*option.opts, *option.secondary_opts))
    return f"| {names.replace('|', chr(92) + '|')} | {option.help} |"


def _verdicts() -> Iterator[str]:
    yield "A rule has one verdict for each account and one overall, which is the worst of them: the"
    yield "first in this list that holds."
    yield ""
    yield "| verdict | means |"
    yield "|---|---|"
    for verdict in Verdict:
        yield f"| `{verdict}` | {STATEMENTS[verdict]} |"


def _messages() -> Iterator[str]:
    yield "Every message ends with its code in brackets. An error means that evidence or meaning was"
    yield "lost or is ambiguous; a warning, that something is odd but complete. The codes that begin with `TC` are"
    yield "those of the [linter](lint/index.md)."
    for title, codes in (
        ("About the input", INPUT),
        ("About rules, packs and parameters", RULES),
        ("About the command line and the reports", COMMAND_LINE),
    ):
        yield ""
        yield f"## {title}"
        yield ""
        yield "| code | meaning |"
        yield "|---|---|"
        yield from (f"| `{code}` | {meaning} |" for code, meaning in sorted(codes.items()))


def _checks() -> Iterator[str]:
    yield "`trailcheck lint` finds these in rules that load. An error cannot be meant; a warning hardly is. What"
    yield "stops a rule from loading is an error, too, and has a code of its own among the [messages](../messages.md)."
    yield ""
    yield "A rule ignores a check by its key `lint`, with a reason:"
    yield ""
    yield "```yaml"
    yield IDLE_IGNORE.good.partition("forbid")[0].rstrip()
    yield "```"
    yield ""
    yield "| code | name | | meaning |"
    yield "|---|---|---|---|"
    for each in CHECKS:
        yield f"| [{each.code}]({each.code}.md) | `{each.name}` | {each.level} | {each.meaning} |"


def _check(check: Check) -> Iterator[str]:
    yield f"{check.meaning} ({check.level.value.capitalize()}.)"
    yield ""
    yield from textwrap.wrap(check.why, 110, break_long_words=False, break_on_hyphens=False)
    yield ""
    yield "## Found"
    yield ""
    if check.pack:
        yield "In a pack with"
        yield ""
        yield from _example(f"params:\n  {check.pack}")
        yield ""
        yield "and this rule alone:"
        yield ""
    yield from _example(check.bad)
    yield ""
    yield "## Not found"
    yield ""
    yield from _example(check.good)


def _example(keys: str) -> Iterator[str]:
    yield "```yaml"
    yield keys.rstrip()
    yield "```"


def main() -> None:
    """Write the pages, and take away those of what there is no more."""
    written = pages()
    for path in FOLDER.rglob("*.*"):
        if path.relative_to(FOLDER).as_posix() not in written:
            path.unlink()
    for name, text in written.items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
