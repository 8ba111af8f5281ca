"""Pages on the bundled rules: one for each, and an index by pack, framework, service and severity."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from checker.aws.time import format_time
from checker.policy.packs import Pack
from checker.policy.rule import Case, Expectation, Rule, Severity
from checker.report.words import procedure

NOTE = "<!-- Written by `make docs` from the rule; changes here are lost. -->"

_LONGEST_EVENT = 60  # lines of an example, beyond which it is left out
_EXAMPLES = ((Expectation.FAIL, "An exception"), (Expectation.PASS, "Not an exception"))


def rule_pages(rules: Sequence[Rule], packs: Sequence[Pack]) -> dict[str, str]:
    """Give every page's text by its name in the folder of pages."""
    return {
        "README.md": "\n".join(_index(rules, packs)) + "\n",
        "by-framework.md": "\n".join(_by("Rules by framework", rules, _frameworks)) + "\n",
        "by-service.md": "\n".join(_by("Rules by service", rules, _services)) + "\n",
        **{f"{rule.id}.md": "\n".join(_page(rule)).rstrip("\n") + "\n" for rule in rules},
    }


def _page(rule: Rule) -> Iterator[str]:
    yield NOTE
    yield ""
    yield f"# {_prose(rule.title)}"
    yield ""
    yield f"`{rule.id}` · {rule.severity} · pack [{rule.origin.pack}](README.md#{rule.origin.pack})"
    yield ""
    yield from _test(rule)
    yield from _section("Why", rule.description)
    yield from _section("What to do about an exception", rule.remediation)
    yield from _facts(rule)
    yield from _parameters(rule)
    yield from _controls(rule)
    for expected, title in _EXAMPLES:
        yield from _example(rule, expected, title)
    yield "## Sources"
    yield ""
    yield from (f"- <{each}>" for each in rule.references)


def _test(rule: Rule) -> Iterator[str]:
    """Say what is tested: in words, and by which condition."""
    condition = rule.require or rule.forbid
    yield from _section("What is tested", procedure(rule))
    if rule.procedure and condition is not None and condition.text != "`true`":
        yield "What is required of each event:" if rule.require else "What no event may be:"
        yield ""
        yield "```"
        yield condition.text.strip()
        yield "```"
        yield ""


def _section(title: str, text: str) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield _prose(text)
    yield ""


def _facts(rule: Rule) -> Iterator[str]:
    effective, facts = rule.effective, []
    if effective.start:
        facts.append(f"in force from {format_time(effective.start)}")
    if effective.until:
        facts.append(f"in force until {format_time(effective.until)}")
    if rule.notice:
        facts.append(f"{rule.notice // 86_400} days before, calls are listed as upcoming")
    if rule.tags:
        facts.append(f"tags: {', '.join(f'`{each}`' for each in sorted(rule.tags))}")
    facts.append(f"tests in the rule: {len(rule.tests)}")
    yield "## Facts"
    yield ""
    yield from (f"- {fact}" for fact in facts)
    yield ""


def _parameters(rule: Rule) -> Iterator[str]:
    used = sorted(rule.used_parameters)
    if used:
        yield "## Parameters"
        yield ""
        yield "| name | type | default | meaning |"
        yield "|---|---|---|---|"
    for name in used:
        parameter = rule.params[name]
        default = f"`{_default(rule, name)}`" if parameter.default is not None else "none"
        yield f"| `{name}` | {parameter.type} | {_cell(default)} | {_cell(parameter.description)} |"
    if used:
        yield ""


def _default(rule: Rule, name: str) -> str:
    return json.dumps(rule.values[name], ensure_ascii=False)


def _controls(rule: Rule) -> Iterator[str]:
    yield "## Controls"
    yield ""
    yield "| framework | control | relation |"
    yield "|---|---|---|"
    for framework, controls in sorted(rule.controls.items()):
        yield from (f"| {framework} | {each.id} | {each.relation} |" for each in controls)
    yield ""


def _example(rule: Rule, expected: Expectation, title: str) -> Iterator[str]:
    """Give the first test of the rule that shows what is expected, if it is short enough."""
    for case in rule.tests:
        text = _event(case)
        if case.expect is expected and text:
            yield f"## {title}: {_prose(case.name)}"
            yield ""
            yield "```json"
            yield text
            yield "```"
            yield ""
            return


def _event(case: Case) -> str:
    if len(case.events) != 1:
        return ""
    text = json.dumps(case.events[0], indent=2, ensure_ascii=False)
    return text if text.count("\n") < _LONGEST_EVENT else ""


def _index(rules: Sequence[Rule], packs: Sequence[Pack]) -> Iterator[str]:
    yield NOTE
    yield ""
    yield "# The bundled rules"
    yield ""
    own = sum(1 for each in packs if not each.include)
    yield f"{len(rules)} rules in {own} packs; `trailcheck check logs/ -r PACK` applies one."
    yield "Every rule carries its own tests. A rule *tests* a control where a violation is an exception to"
    yield "it, and *supports* it otherwise. None of them says that a control is satisfied."
    yield ""
    yield "[By pack](#by-pack) · [by severity](#by-severity) · [by framework](by-framework.md) · "
    yield "[by service](by-service.md)"
    yield ""
    yield "## By pack"
    for pack in packs:
        yield from _of_pack(pack, [each for each in rules if each.origin.pack == pack.id])
    yield "## By severity"
    yield ""
    for severity in reversed(Severity):
        listed = [each for each in rules if each.severity is severity]
        if listed:
            yield f"### {severity}"
            yield ""
            yield ", ".join(_link(each) for each in listed)
            yield ""


def _of_pack(pack: Pack, rules: Iterable[Rule]) -> Iterator[str]:
    yield ""
    yield f"### {pack.id}"
    yield ""
    yield f"{_prose(pack.title)}. {_prose(pack.description)}"
    yield ""
    if pack.include:
        chosen = ", ".join(f"`{each}`" for each in pack.include)
        yield f"A selection: {chosen}."
        yield ""
    yield from (f"- Shows: {_prose(each)}" for each in pack.proves)
    yield from (f"- Does not show: {_prose(each)}" for each in pack.limits)
    yield ""
    listed = list(rules)
    if listed:
        yield "| severity | rule | |"
        yield "|---|---|---|"
        yield from (f"| {each.severity} | {_link(each)} | {_cell(each.title)} |" for each in listed)
        yield ""


def _by(
    title: str, rules: Sequence[Rule], names_of: Callable[[Rule], Iterable[str]]
) -> Iterator[str]:
    yield NOTE
    yield ""
    yield f"# {title}"
    yield ""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for name in sorted(set(names_of(rule))):
            found.setdefault(name, []).append(rule)
    yield "| | rules |"
    yield "|---|---|"
    for name in sorted(found):
        yield f"| {name} | {', '.join(_link(each) for each in found[name])} |"
    yield ""


def _frameworks(rule: Rule) -> Iterable[str]:
    return (
        f"{framework} {control.id}"
        for framework, controls in rule.controls.items()
        for control in controls
    )


def _services(rule: Rule) -> Iterable[str]:
    return (
        pattern.removesuffix(".amazonaws.com")
        for step in rule.steps
        for alternative in step.match
        for entry in alternative
        if entry.key.text == "eventSource"
        for pattern in entry.patterns
    )


def _link(rule: Rule) -> str:
    return f"[{rule.id}]({rule.id}.md)"


def _prose(text: str) -> str:
    """Write text so that Markdown takes nothing in it for markup."""
    return re.sub(r"([\\`*_\[\]<>{}|#])", r"\\\1", " ".join(text.split()))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
