"""How the runner of GitHub Actions reads a line of a log, after its ActionCommand."""

from typing import NamedTuple

# Those that the runner registers, whether it still obeys them or not.
COMMANDS = frozenset(
    [
        "error",
        "warning",
        "notice",
        "debug",
        "group",
        "endgroup",
        "add-mask",
        "add-path",
        "add-matcher",
        "remove-matcher",
        "set-env",
        "set-output",
        "save-state",
        "echo",
        "internal-set-repo-path",
        "stop-commands",
        "command",
        "section",
    ]
)
# What Azure Pipelines and TeamCity read.
FOREIGN = ("##vso[", "##teamcity[")


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    data: str


def command_in(line: str) -> Command | None:
    """Give the command that the runner takes a line for, in the new form or else the old one."""
    return _new(line) or _old(line)


def _new(line: str) -> Command | None:
    trimmed = line.lstrip()
    end = trimmed.find("::", 2)
    if not trimmed.startswith("::") or end < 0:
        return None
    name, space, properties = trimmed[2:end].partition(" ")
    if name not in COMMANDS:
        return None
    marks = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}
    found = dict(
        each.split("=", 1) for each in properties.strip().split(",") if space and "=" in each
    )
    told = {key: _unescaped(value, marks) for key, value in found.items()}
    data = _unescaped(trimmed[end + 2 :], {"%0D": "\r", "%0A": "\n", "%25": "%"})
    return Command(name, told, data)


def _old(line: str) -> Command | None:
    start = line.find("##[")
    end = line.find("]", start)
    if start < 0 or end < 0:
        return None
    name = line[start + 3 : end].partition(" ")[0]
    return Command(name, {}, line[end + 1 :]) if name in COMMANDS else None


def _unescaped(text: str, marks: dict[str, str]) -> str:
    for mark, sign in marks.items():
        text = text.replace(mark, sign)
    return text
