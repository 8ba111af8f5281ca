"""Makes rule sets of any size, and the same rules for a plain loop with jmespath.py."""

from pathlib import Path

# What a busy account's rules look for; together about a tenth of the events of the trail.
SCOPES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("iam.amazonaws.com", ("AttachRolePolicy", "PutRolePolicy")),
    ("iam.amazonaws.com", ("CreateAccessKey", "CreateUser")),
    ("ec2.amazonaws.com", ("AuthorizeSecurityGroupIngress",)),
    ("ec2.amazonaws.com", ("RunInstances",)),
    ("s3.amazonaws.com", ("PutBucketPolicy", "DeleteBucketPolicy")),
    ("iot.amazonaws.com", ("AttachPolicy", "CreateKeysAndCertificate")),
    ("secretsmanager.amazonaws.com", ("GetSecretValue",)),
    ("cloudtrail.amazonaws.com", ("StopLogging", "LookupEvents")),
    ("rds.amazonaws.com", ("ModifyDBInstance",)),
    ("signin.amazonaws.com", ("ConsoleLogin",)),
)
CONDITION = (
    "userIdentity.sessionContext.sessionIssuer.userName == 'DeployPipeline'"
    " || starts_with(sourceIPAddress, '203.0.113.1')"
)
RULE = """\
id: rule-{number}
title: Rule {number}
severity: low
match:
  eventSource: {source}
  eventName: [{names}]
require: >-
  {condition}
"""


CORRELATION = """\
id: correlation-{number}
title: Correlation {number}
severity: low
match:
  eventSource: {source}
  eventName: [{names}]
correlation:
  type: event_count
  group_by: [recipientAccountId, sourceIPAddress]
  timespan: 10m
  condition: {{gte: 5}}
"""
ORDERED = """\
id: correlation-{number}
title: Correlation {number}
severity: low
correlation:
  type: temporal_ordered
  group_by: userIdentity.principalId
  timespan: 1h
  steps:
    - name: before
      match: {{eventSource: {source}, eventName: [{names}]}}
    - name: after
      match: {{eventSource: {after}, eventName: [{after_names}]}}
"""


def write_correlations(folder: Path, count: int) -> None:
    """Write rules over many events into a folder: counts and sequences in turn.

    They are about the same events as the first of the single rules: a tenth of all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (source, names), (after, after_names) = (
            SCOPES[at % len(SCOPES)] for at in (number // 2, number // 2 + 1)
        )
        shape = ORDERED if number % 2 else CORRELATION
        text = shape.format(
            number=number,
            source=source,
            names=", ".join(names),
            after=after,
            after_names=", ".join(after_names),
        )
        (folder / f"correlation-{number}.yaml").write_text(text, encoding="utf-8")


def write_rules(folder: Path, count: int) -> None:
    """Write rules into a folder: the first ones about what the trail holds, the rest about others."""
    folder.mkdir(parents=True)
    for number in range(count):
        source, names = _scope(number)
        text = RULE.format(
            number=number, source=source, names=", ".join(names), condition=CONDITION
        )
        (folder / f"rule-{number}.yaml").write_text(text, encoding="utf-8")


def expressions(count: int) -> list[str]:
    """Give for each rule the JMESPath that is true of a violation."""
    found = []
    for number in range(count):
        source, names = _scope(number)
        listed = ", ".join(f"'{name}'" for name in names)
        scope = f"eventSource == '{source}' && contains([{listed}], eventName)"
        found.append(f"{scope} && errorCode == `null` && !({CONDITION})")
    return found


def _scope(number: int) -> tuple[str, tuple[str, ...]]:
    if number < len(SCOPES):
        return SCOPES[number]
    return f"service{number % 97}.amazonaws.com", (f"Create{number}", f"Delete{number}*")
