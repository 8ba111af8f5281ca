"""Values that many tests need: an event, a rule's text, rules on a disk, a run."""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from checker.aws.period import EVER, Period
from checker.engine.executors import SerialExecutor
from checker.engine.found import Found, settle
from checker.engine.scan import Shard
from checker.engine.tally import unite
from checker.limits import DEFAULT
from checker.policy.audit_scope import UNSTATED, AuditScope
from checker.policy.loader import RuleBook, load_rules
from checker.policy.parameters import Settings
from checker.policy.rule import Rule
from checker.trail.again import read_again
from checker.trail.source import find_sources
from checker.verdict.coverage import cover
from checker.verdict.inputs import is_whole
from checker.verdict.verdicts import RuleResult, judge

RULE = """\
id: {id}
title: Policies are attached by approved roles only
severity: high
match:
  eventSource: iot.amazonaws.com
  eventName: AttachPolicy
require: userIdentity.arn == 'arn:aws:iam::111122223333:role/Approved'
"""


def rule_text(rule_id: str = "a-rule", /, **changes: str | None) -> str:
    """Give a rule's YAML; a change replaces a key's lines, None takes the key out."""
    keys = {line.split(":")[0]: line for line in RULE.format(id=rule_id).splitlines()}
    blocks = {
        "id": keys["id"],
        "title": keys["title"],
        "severity": keys["severity"],
        "match": f"match:\n{keys['  eventSource']}\n{keys['  eventName']}",
        "require": keys["require"],
    }
    for key, value in changes.items():
        if value is None:
            blocks.pop(key, None)
        else:
            blocks[key] = f"{key}: {value}"
    return "\n".join(blocks.values()) + "\n"


def write_rules(folder: Path, *texts: str) -> str:
    """Write rules into a folder, each under its id, and give the folder's name."""
    folder.mkdir(parents=True, exist_ok=True)
    for text in texts:
        stem = text.partition("id: ")[2].partition("\n")[0]
        (folder / f"{stem}.yaml").write_text(text, encoding="utf-8")
    return folder.as_posix()


def book_of(folder: Path, *texts: str, settings: Settings | None = None) -> RuleBook:
    """Load rules given as text."""
    return load_rules([write_rules(folder, *texts)], settings or Settings())


def rule_of(folder: Path, text: str, settings: Settings | None = None) -> Rule:
    """Load one rule given as text."""
    (rule,) = book_of(folder, text, settings=settings).rules
    return rule


def event(**changes: Any) -> dict[str, Any]:
    """Give a CloudTrail record; a change replaces a field, `...` takes it out."""
    fields: dict[str, Any] = {
        "eventVersion": "1.09",
        "userIdentity": {
            "type": "IAMUser",
            "principalId": "AIDAEXAMPLE",
            "arn": "arn:aws:iam::111122223333:user/alice",
            "accountId": "111122223333",
            "userName": "alice",
        },
        "eventTime": "2024-05-01T10:00:00Z",
        "eventSource": "iot.amazonaws.com",
        "eventName": "AttachPolicy",
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "192.0.2.10",
        "userAgent": "aws-cli/2.15.0",
        "requestParameters": {"policyName": "Example"},
        "responseElements": None,
        "requestID": "5c1f6e0a-2f3f-4a54-9d3f-000000000001",
        "eventID": "5c1f6e0a-2f3f-4a54-9d3f-0000000000a1",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": "111122223333",
        "eventCategory": "Management",
    }
    merged = {**fields, **changes}
    return {key: value for key, value in merged.items() if value is not ...}


APPROVED: Mapping[str, str] = {
    "type": "IAMUser",
    "arn": "arn:aws:iam::111122223333:role/Approved",
    "accountId": "111122223333",
}


def write_trail(path: Path, records: Sequence[Mapping[str, Any]]) -> str:
    """Write a CloudTrail file and give its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"Records": list(records)}), encoding="utf-8")
    return path.as_posix()


def found_in(book: RuleBook, *paths: str, stdin: bytes = b"", period: Period = EVER) -> Found:
    """Scan trail logs."""
    sources, problems = find_sources(paths)
    assert not problems
    executor = SerialExecutor(io.BytesIO(stdin), period=period)
    tally = unite(executor.tallies(book, [Shard(sources)]))
    by_path = {source.path: source for source in sources}
    return settle(
        tally,
        book.rules,
        read_again=lambda path, indexes: read_again(
            by_path[path], io.BytesIO(stdin), indexes, DEFAULT
        ),
        period=period,
    )


def results_of(
    book: RuleBook, *paths: str, scope: AuditScope = UNSTATED, period: Period = EVER
) -> tuple[RuleResult, ...]:
    """Scan trail logs and judge every rule."""
    found = found_in(book, *paths, period=period)
    coverage = cover(found, scope, period)
    return judge(book.rules, found, coverage, whole=is_whole((), found))
