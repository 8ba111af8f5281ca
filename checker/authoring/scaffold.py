"""The first draft of a rule: who may make one call, with comments, and tests that pass."""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from checker.authoring.guess import resource_of, spoken, words_of
from checker.authoring.scrub import ACCOUNTS, scrubbed
from checker.authoring.yaml_text import block, in_line, scalar
from checker.aws import Json
from checker.aws.dictionary import names_of
from checker.aws.identity import identity_type, principal
from checker.aws.outcome import outcome

_APPROVED_KINDS: Final = frozenset({"role", "sso_role", "service_linked_role", "iam_user"})
_ACCOUNT: Final = ACCOUNTS[0]
_IAM_ARN = re.compile(r"arn:(aws[a-z-]*):iam::[0-9]{12}:((?:role|user)/[\w+=,.@/-]+)")


class Draft(Struct, frozen=True, kw_only=True):
    """What a draft is made of.

    Attributes:
        id: Of the rule.
        base: The event that its tests share, scrubbed.
        approved: The pattern of the parameter's default.
        keeps_caller: Whether the caller of the base is approved by it.
        from_log: Whether the base was recorded, and not made up.
    """

    id: str
    base: dict[str, Json]
    approved: str
    keeps_caller: bool
    from_log: bool

    @property
    def source(self) -> str:
        """The event source, empty where there is none."""
        return str(self.base.get("eventSource") or "")

    @property
    def name(self) -> str:
        """The event name."""
        return str(self.base.get("eventName") or "")

    @property
    def outcome(self) -> str:
        """How the call of the base ended."""
        return outcome(self.base)


def draft_from_event(rule_id: str, event: dict[str, Json]) -> Draft:
    """Draft a rule about the call of an event.

    Args:
        rule_id: Of the rule.
        event: Canonical, from a log.
    """
    base = scrubbed(event)
    identity = base.get("userIdentity")
    if not isinstance(identity, dict):
        base["userIdentity"] = identity = _role("Deployer", "release-42")
    found = _IAM_ARN.fullmatch(principal(identity) or "")
    if found and identity_type(identity) in _APPROVED_KINDS:
        approved = f"arn:{found[1]}:iam::*:{found[2]}"
        return Draft(id=rule_id, base=base, approved=approved, keeps_caller=True, from_log=True)
    return Draft(
        id=rule_id,
        base=base,
        approved="arn:aws:iam::*:role/Deployer",
        keeps_caller=False,
        from_log=True,
    )


def draft_from_call(rule_id: str, source: str, name: str) -> Draft:
    """Draft a rule about a call of which no event is at hand."""
    base: dict[str, Json] = {
        "eventSource": source,
        "eventName": name,
        "eventTime": "2024-05-01T10:00:00Z",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.1",
        "recipientAccountId": _ACCOUNT,
        "userIdentity": _role("Deployer", "release-42"),
    }
    approved = "arn:aws:iam::*:role/Deployer"
    return Draft(id=rule_id, base=base, approved=approved, keeps_caller=True, from_log=False)


def rule_text(draft: Draft) -> str:
    """Write the draft as the file of a rule."""
    return "\n".join((*_head(draft), *_scope(draft), *_assertion(draft), *_tests(draft))) + "\n"


def pack_text(name: str) -> str:
    """Write the `pack.yaml` of a new pack."""
    return "\n".join(
        (
            "# A folder of rules with this file is a pack; its id is the folder's name.",
            f"id: {scalar(name)}",
            f"title: {scalar(f'Rules of {name}')}",
            'version: "0.1"',
            "# What a run of its rules can show, and what it cannot, for the reader of a report:",
            "# proves: [...]",
            "# limits: [...]",
            "",
        )
    )


def _role(name: str, session: str) -> dict[str, Json]:
    return {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::{_ACCOUNT}:assumed-role/{name}/{session}",
        "accountId": _ACCOUNT,
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "arn": f"arn:aws:iam::{_ACCOUNT}:role/{name}",
                "accountId": _ACCOUNT,
                "userName": name,
            }
        },
    }


def _head(draft: Draft) -> Iterator[str]:
    service = spoken(draft.source)
    call = f"{draft.name} of {service}" if service else draft.name
    made = "called" if draft.outcome == "success" else "tried"
    yield "# The id is the file's name without its ending."
    yield f"id: {draft.id}"
    yield "# What should hold, in one line."
    yield f"title: {scalar(_one_line(f'{call} is {made} by approved principals only'))}"
    yield "# info, low, medium, high or critical."
    yield "severity: medium"
    yield "# For the auditor: why it matters who makes this call."
    yield "description: >-"
    yield f"  {_one_line(call)} is left to those whose task it is."
    yield "# Where the facts come from, what to do about a violation, for selection, what it tests:"
    yield "# references: [https://…]"
    yield "# remediation: Ask the caller …"
    yield "# tags: [change-management]"
    yield "# controls: {nist-800-53-r5: [{id: cm-5, relation: supports}]}"


def _scope(draft: Draft) -> Iterator[str]:
    yield "# Which events it is about: paths of the event, and what may stand there; [a, b] is any of them."
    yield "match:"
    if draft.source:
        yield f"  eventSource: {scalar(_literal(draft.source))}"
    yield f"  eventName: {scalar(_literal(draft.name))}"
    if draft.outcome == "success":
        yield "# Calls that succeeded; denied, failed and any are the others."
        yield "outcome: success"
    else:
        yield f"# The event that this was drafted from was {draft.outcome}; leave the line out for success."
        yield f"outcome: {draft.outcome}"


def _assertion(draft: Draft) -> Iterator[str]:
    resource = resource_of(draft.base)
    yield "# Without these nobody can tell: the event is then undetermined, and no pass."
    yield "requires: [userIdentity]"
    yield "# What must be true of every event in scope. principal() is the role's ARN, not the session's."
    yield "require: arn_like(principal(userIdentity), $approved_principals)"
    yield "# $name is a parameter: trailcheck check … --param approved_principals=…"
    yield "params:"
    yield "  approved_principals:"
    yield "    type: [string]"
    yield "    description: ARNs of the roles and users who may make the call; globs allowed."
    if draft.from_log and draft.keeps_caller:
        yield "    # The caller of the event that this was drafted from: put here who may."
    yield f"    default: {in_line([draft.approved])}"
    if resource:
        yield "# What was acted on: violations of one principal and one resource are one group."
        yield f"resource: {resource}"
    acted_on = f" on {{{resource}}}" if resource else ""
    yield "# One line about a violation; in braces stand expressions."
    who = "{principal(userIdentity) || userIdentity.type}"
    yield f"message: {in_line(f'{who} called {_braced(draft.name)}{acted_on}')}"
    yield "# What a reader of a violation wants to see beside that."
    yield "evidence:"
    yield "  caller: identity_type(userIdentity)"
    if resource:
        yield f"  resource: {resource}"
    yield "  address: sourceIPAddress"


def _tests(draft: Draft) -> Iterator[str]:
    yield "tests:"
    if draft.from_log:
        yield "  # From the log: trimmed, with ids and addresses of documentation. Read it before you share it."
    else:
        yield "  # Made up: put a real event here, or begin anew with --from-event."
    yield from block("base", draft.base, 1)
    yield "  cases:"
    if draft.keeps_caller:
        yield "    - name: the caller of the base, whom the default approves"
        yield "      expect: pass"
    else:
        yield "    - name: the caller of the log, who is not approved"
        yield "      expect: fail"
        yield "    - name: an approved role"
        yield "      set:"
        yield from block("userIdentity", _role("Deployer", "release-42"), 4)
        yield "      expect: pass"
    yield "    - name: another role"
    yield "      set:"
    yield from block("userIdentity", _role("SomebodyElse", "maria"), 4)
    yield "      expect: fail"
    yield "    - name: no identity in the record"
    yield "      unset: [userIdentity]"
    yield "      expect: undetermined"
    yield "    - name: another call"
    yield f"      set: {{eventName: {in_line(_another_call(draft))}}}"
    yield "      expect: out_of_scope"
    if draft.outcome == "success":
        yield "    - name: a denied attempt"
        yield "      set: {errorCode: AccessDenied}"
        yield "      expect: out_of_scope"


def _another_call(draft: Draft) -> str:
    """Give the name of another call of the same service, one that sounds alike if there is one."""
    own = set(words_of(draft.name))
    others = [each for each in names_of(draft.source) if each != draft.name]
    ranked = sorted(others, key=lambda each: (-len(own & set(words_of(each))), each))
    return ranked[0] if ranked else "AnotherCall"


def _literal(text: str) -> str:
    """Give the pattern that matches a text alone."""
    return re.sub(r"([*?\\])", r"\\\1", text)


def _braced(text: str) -> str:
    return _one_line(text).replace("{", "{{").replace("}", "}}")


def _one_line(text: str) -> str:
    return " ".join(text.split())
