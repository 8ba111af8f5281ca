"""The rules of a SARIF log: what each says, and how GitHub ranks what it finds."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from checker.aws import Json
from checker.report import markdown_text
from checker.report.markdown_text import escaped
from checker.report.model import Control, RuleResult, SeverityName
from checker.visible import visible

LEVELS: Final[Mapping[SeverityName, str]] = {
    "info": "note",
    "low": "note",
    "medium": "warning",
    "high": "error",
    "critical": "error",
}

# The middle of each of GitHub's bands; what is below its lowest has none.
_SECURITY_SEVERITIES: Final[Mapping[SeverityName, str]] = {
    "low": "2.5",
    "medium": "5.5",
    "high": "8.0",
    "critical": "9.5",
}
_PROBLEM_SEVERITIES: Final = {"note": "recommendation", "warning": "warning", "error": "error"}
_MOST_TAGS: Final = 20
_MAX_DESCRIPTION: Final = 1_024
_MAX_HELP: Final = 8_000
_MAX_NAME: Final = 255


def descriptor(rule: RuleResult) -> dict[str, Json]:
    """Give a rule as a SARIF reportingDescriptor."""
    level = LEVELS[rule.severity]
    title = shown(rule.title, _MAX_DESCRIPTION) or rule_id(rule)
    described: dict[str, Json] = {
        "id": rule_id(rule),
        "name": _pascal(rule.id),
        "shortDescription": {"text": title},
        "fullDescription": {"text": shown(rule.description, _MAX_DESCRIPTION) or title},
        "help": {"text": _help_text(rule) or title, "markdown": _help_markdown(rule) or title},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": _tags(rule),
            "precision": "very-high",
            "problem.severity": _PROBLEM_SEVERITIES[level],
            "severity": rule.severity,
            "verdict": rule.verdict,
            "verdictReason": shown(rule.reason, _MAX_DESCRIPTION) or rule.verdict,
        },
    }
    if rule.severity in _SECURITY_SEVERITIES:
        described["properties"]["security-severity"] = _SECURITY_SEVERITIES[rule.severity]
    address = next((each for each in rule.references if _is_address(each)), "")
    return {**described, "helpUri": address} if address else described


def rule_id(rule: RuleResult) -> str:
    """Give the id of a rule as SARIF has it, never empty."""
    return shown(rule.id, _MAX_NAME) or "rule"


def shown(text: str, most: int) -> str:
    """Give a text with nothing hidden in it, cut to a length."""
    seen = visible(text, keep_newlines=True).strip()
    return seen if len(seen) <= most else f"{seen[: most - 1]}…"


def _tags(rule: RuleResult) -> list[str]:
    """Give distinct tags: `security`, by which GitHub shows a severity, the rule's, its controls."""
    controls = (f"{each.framework}:{each.id}" for each in rule.controls)
    tags = dict.fromkeys(shown(tag, _MAX_NAME) for tag in ("security", *rule.tags, *controls))
    return [tag for tag in tags if tag][:_MOST_TAGS]


def _help_text(rule: RuleResult) -> str:
    parts = [
        rule.description,
        f"How it was tested: {rule.procedure}" if rule.procedure else "",
        f"What to do: {rule.remediation}" if rule.remediation else "",
        f"Controls: {', '.join(map(_control, rule.controls))}" if rule.controls else "",
        "\n".join(("References:", *rule.references)) if rule.references else "",
    ]
    return shown("\n\n".join(part.strip() for part in parts if part), _MAX_HELP)


def _help_markdown(rule: RuleResult) -> str:
    parts = [
        _prose("", rule.description),
        _prose("How it was tested", rule.procedure),
        _prose("What to do", rule.remediation),
        _list("Controls", map(_control, rule.controls)),
        _list("References", rule.references),
    ]
    return "\n\n".join(part for part in parts if part)


def _prose(heading: str, text: str) -> str:
    prose = markdown_text.paragraphs(shown(text, _MAX_HELP // 4))
    return f"**{heading}**\n\n{prose}" if heading and prose else prose


def _list(heading: str, texts: Iterable[str]) -> str:
    lines = [f"- {escaped(text)}" for text in list(texts)[:_MOST_TAGS] if text.strip()]
    return "\n".join((f"**{heading}**\n", *lines)) if lines else ""


def _control(control: Control) -> str:
    return f"{control.framework} {control.id} ({control.relation})"


def _pascal(text: str) -> str:
    """Give a rule's id as SARIF writes names: `RootNotUsed`."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    return "".join(word[:1].upper() + word[1:] for word in words)[:_MAX_NAME] or "Rule"


def _is_address(text: str) -> bool:
    return bool(re.fullmatch(r"https://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~/?#=&%+-]*)?", text))
