"""Rules made of the examples of checks: a sound rule with some of its keys replaced."""

from pathlib import Path

from checker.authoring.lint.check import Check
from checker.authoring.lint.linter import lint
from checker.errors import Problem
from checker.policy.loader import read_rules

_BASE = {
    "id": "id: example\n",
    "title": "title: An example\n",
    "severity": "severity: low\n",
    "match": "match: {eventSource: iam.amazonaws.com, eventName: CreateUser}\n",
    "forbid": "forbid: sourceIPAddress == '192.0.2.1'\n",
    "tests": """\
tests:
  base: {eventSource: iam.amazonaws.com, eventName: CreateUser, eventTime: "2024-05-01T10:00:00Z",
    userIdentity: {type: IAMUser, arn: "arn:aws:iam::111122223333:user/alice", userName: alice,
      sessionContext: {attributes: {mfaAuthenticated: "true"}, sourceIdentity: alice}},
    sourceIPAddress: 192.0.2.2, awsRegion: us-east-1, readOnly: false, recipientAccountId: "111122223333",
    requestParameters: {userName: bob, path: /, maxSessionDuration: 3600}, additionalEventData: {MFAUsed: "Yes"}}
  cases:
    - {name: another address, expect: pass}
    - {name: the address, set: {sourceIPAddress: 192.0.2.1}, expect: fail}
""",
}
_ASSERTIONS = ("require", "forbid", "correlation", "cadence")


def rule_with(keys: str) -> str:
    """Give the base rule with some keys replaced; the comment `# and no tests` takes them out."""
    blocks = dict(_BASE)
    given: dict[str, str] = {}
    for line in keys.splitlines(keepends=True):
        if line.startswith("#"):
            continue
        if line[0] not in " \n":
            name = line.partition(":")[0]
            given[name] = ""
        given[name] += line
    if any(name in given for name in _ASSERTIONS):
        del blocks["forbid"]
    if "# and no tests" in keys:
        del blocks["tests"]
    if "correlation" in given and "steps:" in given["correlation"]:
        del blocks["match"]
    return "".join({**blocks, **given}.values())


def write_example(folder: Path, keys: str, pack: str = "") -> list[Path]:
    """Write the rules of an example, and the pack around them, if it has one."""
    folder = folder / "own"
    folder.mkdir()
    if pack:
        head = 'id: own\ntitle: Own\nversion: "1"\nparams:\n  '
        (folder / "pack.yaml").write_text(head + pack, encoding="utf-8")
    paths = []
    for fragment in keys.split("---\n"):
        text = rule_with(fragment)
        name = text.partition("id: ")[2].partition("\n")[0]
        paths.append(folder / f"{name}.yaml")
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def linted(folder: Path) -> tuple[Problem, ...]:
    """Lint the rules of a folder."""
    book = read_rules([str(folder / "own")])
    return lint(book.rules, book.packs)


def place_of(check: Check, path: Path, keys: str) -> tuple[int, int]:
    """Give the line and column where the finding of a bad example stands."""
    text = path.read_text(encoding="utf-8")
    fragment = keys.rsplit("---\n", maxsplit=1)[-1] if check.at in keys else ""
    start = text.find(fragment) if fragment and check.at in fragment else -1
    offset = text.index(check.at, max(start, 0))
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
