"""No name of a principal and no address is left in any byte of any format."""

import json
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checker.report.exceptions_model import ViolationGroups
from checker.report.formats import FORMATS
from checker.report.model import Report
from checker.report.redact import redact
from checker.report.redaction import key_name
from checker.report.saved import read_json, render_json
from tests.report.sample import hostile_report, sample_report
from tests.report.sample_rules import FIRST_ACCOUNT, ROLE

KEY = b"0123456789abcdef"

NAMES = st.from_regex(
    r"Zq[\w+=,.@-]{4,20}[A-Za-z0-9]", fullmatch=True, alphabet=st.characters(codec="ascii")
)
ADDRESSES = st.one_of(
    st.ip_addresses(v=4, network="203.0.113.0/24"), st.ip_addresses(v=6, network="2001:db8::/32")
)


def report_with(role: str, user: str, address: IPv4Address | IPv6Address) -> Report:
    """Give the sample report with names and an address in every place that a log's text reaches."""
    text = render_json(sample_report()).replace("203.0.113.7", str(address))
    report = read_json(text.replace("/Developer", f"/{role}").encode(), "report.json")
    identity = {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::{FIRST_ACCOUNT}:assumed-role/{role}/{user}",
        "principalId": f"AROAMLQ9F6KHQ07JKA0WY:{user}",
        "sessionContext": {"sessionIssuer": {"userName": role}, "sourceIdentity": user},
    }
    failed = report.rules[0]
    evidence = replace(
        failed.violations.shown[0],
        message=f"{user}: {quote(user, safe='')} {json.dumps(user)} x{user}x of {role} {address}",
        reason=f"by {user}",
        resources=[f"arn:aws:iam::{FIRST_ACCOUNT}:user/{user}", user],
        evidence={"who": user, user: [{"deep": f"<{user}>"}], "from": str(address)},
        event={
            "userIdentity": identity,
            "sourceIPAddress": str(address),
            "userAgent": f"tool ({user})",
            "requestParameters": {
                "userName": user,
                "policyDocument": json.dumps({"Principal": {"AWS": ROLE}, "who": user}),
                "encoded": quote(json.dumps({"userName": user})),
                user: "a key",
            },
        },
    )
    group = replace(failed.groups.shown[0], principal=user, resources=[user, ROLE])
    rule = replace(
        failed,
        title=f"Only {user} may",
        procedure=f"Took every event with userIdentity.userName {user} or {role}.",
        reason=f"1 exception, of {user}",
        parameters={"approved_users": [user], "text": f"not {user}"},
        violations=replace(failed.violations, shown=[evidence]),
        groups=ViolationGroups(total=1, shown=[replace(group, fingerprint="f" * 64)]),
    )
    waivers, baseline = report.waivers, report.baseline
    assert waivers
    assert baseline
    scope = f"userIdentity.userName {user} and sourceIPAddress {address}"
    return replace(
        report,
        rules=[rule, *report.rules[1:]],
        waivers=replace(waivers, entries=[replace(waivers.entries[0], scope=scope)]),
        baseline=replace(
            baseline, fixed=[replace(baseline.fixed[0], what=f"x by {user} on {address}")]
        ),
        problems=[replace(report.problems[0], cause=f"{user} said no")],
    )


# Shrinking would render reports for minutes, and the names say enough as they are.
@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])
@given(NAMES, NAMES, ADDRESSES)
def test_no_canary_is_left_in_any_byte_of_any_format(
    role: str, user: str, address: IPv4Address | IPv6Address
) -> None:
    report = redact(report_with(role, user, address), KEY)

    for each in FORMATS:
        # Escapes of a format do not hide a name from a reader.
        text = each.render(report).replace("\\", "").casefold()
        assert role.casefold() not in text
        assert user.casefold() not in text
        assert quote(user, safe="").casefold() not in text
        assert str(address) not in text


def test_the_same_value_has_the_same_pseudonym_everywhere() -> None:
    report = redact(sample_report(), KEY)
    text = render_json(report)
    again = redact(sample_report(), KEY)
    principals = {each.principal for rule in report.rules for each in rule.violations.shown}

    assert text == render_json(again)
    assert len(principals) == 1
    assert {group.principal for rule in report.rules for group in rule.groups.shown} == principals
    assert principals.pop().startswith(f"arn:aws:iam::{FIRST_ACCOUNT}:role/aws-reserved/")


def test_account_ids_calls_and_counts_stay() -> None:
    before, after = sample_report(), redact(sample_report(), KEY)

    assert after.population == before.population
    assert after.totals == before.totals
    assert after.inputs == before.inputs
    assert [rule.counts for rule in after.rules] == [rule.counts for rule in before.rules]
    evidence = after.rules[0].violations.shown[0]
    assert evidence.event["eventName"] == "AttachPolicy"
    assert evidence.event["eventSource"] == "iot.amazonaws.com"
    assert evidence.account == FIRST_ACCOUNT


def test_fingerprints_are_replaced_and_still_belong_together() -> None:
    before, after = sample_report().rules[0], redact(sample_report(), KEY).rules[0]
    was = {group.fingerprint for group in before.groups.shown}
    found = {group.fingerprint for group in after.groups.shown}

    assert not was & found
    assert {each.fingerprint for each in after.violations.shown} == found


def test_a_report_says_that_it_is_redacted_and_by_which_key() -> None:
    report = redact(sample_report(), KEY)

    assert report.provenance.settings["redact"] == key_name(KEY)
    assert "pseudonyms" in report.notes[-1]


@pytest.mark.parametrize("key", [KEY, b"another key of 16 bytes"])
def test_a_hostile_report_is_redacted_without_an_error(key: bytes) -> None:
    report = redact(hostile_report(), key)

    assert len(report.rules) == len(hostile_report().rules)
    assert "203.0.113.7" not in render_json(report)
