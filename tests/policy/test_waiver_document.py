from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from checker.errors import UsageError
from checker.policy.scalars import JsonValue
from checker.policy.waiver import Waiver
from checker.policy.waiver_document import load_waivers, refuse_unknown_rules, waivers_schema
from checker.policy.yaml_source import load_file

WAIVER = {
    "id": "rollout",
    "rule": "a-rule",
    "scope": "{match: {requestParameters.policyName: Example}}",
    "kind": "authorised_change",
    "reason": "the rollout of May",
    "owner": "A. Example",
    "approved_by": "B. Example",
    "ticket": "CHG-1",
    "approved_on": "2024-05-01",
    "expires": "2024-06-01",
}


def waivers_text(*changes: dict[str, str | None]) -> str:
    """Give a file of waivers; a change replaces a key's value, None takes the key out."""
    lines = ["waivers:"]
    for change in changes:
        fields = {**WAIVER, **change}
        given = [f"{key}: {value}" for key, value in fields.items() if value is not None]
        lines += [f"  - {given[0]}", *(f"    {line}" for line in given[1:])]
    return "\n".join(lines) + "\n"


def read(tmp_path: Path, *changes: dict[str, str | None]) -> tuple[Waiver, ...]:
    path = tmp_path / "waivers.yaml"
    path.write_text(waivers_text(*changes), encoding="utf-8")
    return load_waivers(path).waivers


def test_a_waiver_is_read_whole(tmp_path: Path) -> None:
    (waiver,) = read(tmp_path, {"retroactive": "true", "retroactive_reason": "an incident"})

    assert (waiver.id, waiver.rule, waiver.kind) == ("rollout", "a-rule", "authorised_change")
    assert waiver.scope.match[0][0].key.text == "requestParameters.policyName"
    assert waiver.approved_on.isoformat() == "2024-05-01T00:00:00+00:00"
    assert waiver.expires.isoformat() == "2024-06-01T00:00:00+00:00"
    assert waiver.retroactive == "an incident"
    assert waiver.place.line == 2


def test_waivers_are_in_the_order_of_their_ids(tmp_path: Path) -> None:
    assert [each.id for each in read(tmp_path, {"id": "b"}, {"id": "a"})] == ["a", "b"]


def test_the_schema_takes_what_the_program_takes(tmp_path: Path) -> None:
    read(tmp_path, {}, {"id": "other", "scope": "{all: true}"})
    path = tmp_path / "waivers.yaml"
    document = JsonValue().read(load_file(path, "waivers.yaml").root)

    assert not list(Draft202012Validator(waivers_schema()).iter_errors(document))


WRONG: dict[str, tuple[dict[str, str | None], str, str]] = {
    "no end": ({"expires": None}, "a waiver lacks 'expires'", ":2:"),
    "no approver": ({"approved_by": None}, "a waiver lacks 'approved_by'", ":2:"),
    "an end before its beginning": ({"expires": "2024-05-01"}, "expires before it begins", ":2:"),
    "a kind that there is not": ({"kind": "ignored"}, "expected a kind of waiver", ":5:"),
    "a scope of nothing": ({"scope": "{}"}, "it has no condition, and does not say all", ":4:"),
    "all: false": ({"scope": "{all: false}"}, "it has no condition", ":4:"),
    "all, and a condition": ({"scope": "{all: true, where: a}"}, "a condition beside it", ":4:"),
    "a parameter": ({"scope": "{where: a == $x}"}, "a waiver has no parameters", ":4:"),
    "an unknown key": ({"until": "2024-06-01"}, "unknown key 'until'", ":12:"),
    "retroactive for no reason": ({"retroactive": "true"}, "without a retroactive_reason", ":2:"),
    "a reason for nothing": ({"retroactive_reason": "x"}, "without retroactive: true", ":2:"),
    "an expression that is none": ({"scope": "{where: 'a =='}"}, "where: ", ":4:"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_at_its_place(tmp_path: Path, name: str) -> None:
    change, said, place = WRONG[name]

    with pytest.raises(UsageError) as caught:
        read(tmp_path, change)

    assert said in str(caught.value)
    assert f"waivers.yaml{place}" in str(caught.value)


def test_two_waivers_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the waiver id 'rollout' is also that in line 2"):
        read(tmp_path, {}, {})


def test_a_waiver_of_no_rule_is_refused_with_what_was_meant(tmp_path: Path) -> None:
    read(tmp_path, {"rule": "a-role"})

    with pytest.raises(UsageError, match="there is no rule 'a-role'") as caught:
        refuse_unknown_rules(load_waivers(tmp_path / "waivers.yaml"), ["a-rule"])

    assert "did you mean 'a-rule'?" in str(caught.value)
