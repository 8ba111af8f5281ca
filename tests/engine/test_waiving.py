from datetime import UTC, datetime
from pathlib import Path

import pytest

from checker.engine.waiving import Standing, Waiving, cover
from checker.limits import DEFAULT
from checker.policy.waiver_document import load_waivers
from tests.builders import event
from tests.policy.test_waiver_document import waivers_text

RETROACTIVE = {"retroactive": "true", "retroactive_reason": "an incident"}


def waiving(tmp_path: Path, *changes: dict[str, str | None]) -> Waiving:
    path = tmp_path / "waivers.yaml"
    path.write_text(waivers_text(*changes), encoding="utf-8")
    return Waiving(enumerate(load_waivers(path).waivers), DEFAULT)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "time", "standing"),
    [
        ({}, "2024-04-30T23:59:59.999999", Standing.BEFORE_APPROVAL),
        ({}, "2024-05-01", Standing.COVERED),
        ({}, "2024-05-31T23:59:59.999999", Standing.COVERED),
        ({}, "2024-06-01", Standing.AFTER_END),
        (RETROACTIVE, "2024-04-30T23:59:59.999999", Standing.COVERED_RETROACTIVELY),
        (RETROACTIVE, "2024-05-01", Standing.COVERED),
        (RETROACTIVE, "2024-06-01", Standing.AFTER_END),
    ],
)
def test_the_event_s_own_time_decides(
    tmp_path: Path, change: dict[str, str | None], time: str, standing: Standing
) -> None:
    asked = waiving(tmp_path, change)

    assert asked.marks(asked.about(event()), day(time), day(time)) == ((0, standing),)


@pytest.mark.parametrize(
    ("first", "last", "standing"),
    [
        ("2024-05-01", "2024-05-31", Standing.COVERED),
        ("2024-04-30", "2024-05-31", Standing.BEFORE_APPROVAL),
        ("2024-05-31", "2024-06-01", Standing.AFTER_END),
        ("2024-04-30", "2024-06-01", Standing.AFTER_END),
    ],
)
def test_what_lasts_is_covered_by_its_whole_span(
    tmp_path: Path, first: str, last: str, standing: Standing
) -> None:
    asked = waiving(tmp_path, {})

    assert asked.marks((0,), day(first), day(last)) == ((0, standing),)


@pytest.mark.parametrize(
    ("scope", "about"),
    [
        ("{all: true}", (0,)),
        ("{match: {requestParameters.policyName: Example}}", (0,)),
        ("{match: {requestParameters.policyName: Other}}", ()),
        ("{match: [{awsRegion: us-east-1}, {awsRegion: eu-*}]}", (0,)),
        ("{where: \"userIdentity.userName == 'alice'\"}", (0,)),
        ("{where: \"userIdentity.userName == 'bob'\"}", ()),
        ("{match: {awsRegion: us-east-1}, where: \"userIdentity.userName == 'alice'\"}", ()),
    ],
)
def test_a_scope_says_which_violations(tmp_path: Path, scope: str, about: tuple[int, ...]) -> None:
    assert waiving(tmp_path, {"scope": scope}).about(event()) == about


@pytest.mark.parametrize(
    "scope",
    [
        "{where: \"contains(missing, 'x')\"}",
        "{where: \"requestParameters.policyName == 'Example'\"}",
        "{match: {requestParameters.policyName: Example}}",
    ],
)
def test_what_cannot_be_told_is_not_waived(tmp_path: Path, scope: str) -> None:
    hidden = event(requestParameters={"policyName": "HIDDEN_DUE_TO_SECURITY_REASONS"})

    assert waiving(tmp_path, {"scope": scope}).about(hidden) == ()


def test_the_first_waiver_that_covers_is_named() -> None:
    marks = [(0, Standing.AFTER_END), (2, Standing.COVERED), (1, Standing.COVERED_RETROACTIVELY)]

    assert cover(marks) == 1
    assert cover(marks[:1]) is None
