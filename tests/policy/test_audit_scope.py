from datetime import UTC, datetime

import pytest
from jsonschema import Draft202012Validator

from checker.policy.audit_scope import SCOPE, AuditScope, Declared
from checker.policy.shape import ShapeError
from checker.policy.yaml_source import load_bytes

WHOLE = """
accounts: ["111122223333", "444455556666"]
regions: [eu-west-1, us-east-1]
trails: ["arn:aws:cloudtrail:eu-west-1:111122223333:trail/main", main]
period: {from: 2026-Q3, until: 2026-10-15}
declared:
  - reason: the plant is shut in August
    accounts: "444455556666"
    regions: eu-west-1
    from: 2026-08-01
    until: 2026-08-16T06:00:00Z
  - {reason: seen in the trail's selectors, resource_types: ['AWS::S3::Object'], read_only: true}
"""


def read(text: str) -> AuditScope:
    return SCOPE.read(load_bytes(text.encode(), "scope.yaml").root)


def test_a_scope_is_read_as_it_is_stated() -> None:
    assert read(WHOLE) == AuditScope(
        accounts=("111122223333", "444455556666"),
        regions=("eu-west-1", "us-east-1"),
        trails=("arn:aws:cloudtrail:eu-west-1:111122223333:trail/main", "main"),
        since="2026-Q3",
        until="2026-10-15",
        declared=(
            Declared(
                reason="the plant is shut in August",
                accounts=("444455556666",),
                regions=("eu-west-1",),
                start=datetime(2026, 8, 1, tzinfo=UTC),
                until=datetime(2026, 8, 16, 6, tzinfo=UTC),
            ),
            Declared(
                reason="seen in the trail's selectors",
                resource_types=("AWS::S3::Object",),
                read_only=True,
            ),
        ),
    )


def test_only_a_declaration_without_kinds_of_events_is_of_hours() -> None:
    hours, kinds = read(WHOLE).declared

    assert hours.is_of_hours
    assert not kinds.is_of_hours
    assert hours.speaks_of("444455556666")
    assert not hours.speaks_of("111122223333")
    assert kinds.speaks_of("111122223333")


WRONG = {
    "an account": ("accounts: [1234]", "expected an account id, found '1234'"),
    "no account": ("accounts: []", "expected a list of account ids, found an empty list"),
    "a region": ("regions: Europe", "expected a Region, found 'Europe'"),
    "a time": ("period: {from: last year}", "'last year': "),
    "a period": ("period: 2026-Q3", "expected a period, found '2026-Q3'"),
    "no reason": ("declared: [{from: 2026-08-01}]", "a declaration lacks 'reason'"),
    "times the wrong way round": (
        "declared: [{reason: shut, from: 2026-08-02, until: 2026-08-01}]",
        "declared: 'from' is not before 'until'",
    ),
    "a key": ("acounts: '111122223333'", "unknown key 'acounts' in the scope"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_scope_is_refused(name: str) -> None:
    text, cause = WRONG[name]

    with pytest.raises(ShapeError) as refused:
        read(text)

    assert cause in str(refused.value)


def test_its_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCOPE.schema())
