from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from checker.aws import Json
from checker.engine.episodes import Episode
from checker.engine.evidence import Evidence
from checker.engine.grouping import Key
from checker.policy.rule import Rule
from checker.report.episodes import episodes_of, summary
from checker.report.mask import REMOVED, Masked, Shown
from tests.builders import rule_of, rule_text

START = datetime(2024, 5, 1, tzinfo=UTC)
LOGS = (START, START + timedelta(days=100))
BURST = Episode(
    digest=b"",
    group=("192.0.2.10",),
    account="111122223333",
    first=START + timedelta(days=1),
    last=START + timedelta(days=1, minutes=8, seconds=12),
    events=7,
)


def burst_rule(folder: Path, group_by: str = "sourceIPAddress") -> Rule:
    correlation = f"""
  type: event_count
  group_by: {group_by}
  timespan: 10m
  condition: {{gte: 5}}"""
    return rule_of(folder, rule_text(require=None, correlation=correlation))


def ordered_rule(folder: Path, *negated: bool) -> Rule:
    steps = "".join(
        f"\n    - {{name: step-{n}, match: {{eventName: E{n}}}, negated: {str(each).lower()}}}"
        for n, each in enumerate(negated)
    )
    correlation = f"\n  type: temporal_ordered\n  timespan: 1h\n  steps:{steps}"
    return rule_of(folder, rule_text(require=None, match=None, correlation=correlation))


def cadence_rule(folder: Path, cadence: str) -> Rule:
    return rule_of(folder, rule_text(require=None, cadence=cadence))


def evidence_of(record: Json) -> Evidence:
    return Evidence(
        time="2024-05-02T00:00:00Z", account="111122223333", region="", principal="",
        identity_type="", source_address="", event_source="", event_name="AttachPolicy",
        event_id="1", outcome="success", resources=(), message="", reason="", evidence={},
        path="a.json", index=0, record=record,
    )  # fmt: skip


def values_of(rule: Rule, group: Key | None, *records: Json) -> list[str | None]:
    episode = replace(BURST, group=group, evidence=tuple(map(evidence_of, records)))
    (shown,) = episodes_of(rule, [episode], 1, LOGS, Masked).shown
    return [each.value for each in shown.group]


def test_an_episode_says_how_many_events_in_what_time(tmp_path: Path) -> None:
    rule = burst_rule(tmp_path)

    assert summary(rule, BURST, LOGS) == "7 events in 8 min 12 s"
    assert summary(rule, replace(BURST, last=BURST.first), LOGS) == "7 events at one instant"
    assert summary(rule, replace(BURST, last=BURST.first, events=1), LOGS) == "1 event"


def test_an_episode_that_the_end_of_the_logs_cuts_off_says_so(tmp_path: Path) -> None:
    assert summary(burst_rule(tmp_path), replace(BURST, cut_off=True), LOGS) == (
        "7 events in 8 min 12 s; the logs end within the window: more may follow"
    )


@pytest.mark.parametrize(
    ("negated", "at", "words"),
    [
        ((False, True), LOGS[1], "end too soon to tell whether step-1 followed within 1 hour"),
        (
            (True, True, False),
            LOGS[0],
            "begin too late to tell whether step-0 or step-1 came within 1 hour before",
        ),
    ],
)
def test_what_cannot_be_told_names_the_step_and_why(
    negated: tuple[bool, ...], at: datetime, words: str, tmp_path: Path
) -> None:
    untold = replace(BURST, first=at, last=at, events=1, certain=False)

    said = summary(ordered_rule(tmp_path, *negated), untold, LOGS)

    assert said == f"1 event; the logs {words}"


def test_both_ends_of_the_logs_can_be_too_near(tmp_path: Path) -> None:
    untold = replace(BURST, events=2, certain=False)

    said = summary(ordered_rule(tmp_path, True, False, True), untold, (BURST.first, BURST.last))

    assert said == (
        "2 events in 8 min 12 s; the logs begin too late to tell whether step-0 came within 1 hour "
        "before and end too soon to tell whether step-2 followed within 1 hour"
    )


@pytest.mark.parametrize(
    ("cadence", "days", "certain", "words"),
    [
        ("every: 90d", 120, True, "120 days without an occurrence (at most 90 days)"),
        (
            "every: 90d",
            60,
            False,
            "60 days without an occurrence: too short a time to tell (at most 90 days)",
        ),
        ("calendar: month", 31, True, "31 days without an occurrence, all of 2024-05"),
        ("calendar: quarter", 91, True, "91 days without an occurrence, all of 2024-Q2"),
        ("calendar: half", 184, True, "184 days without an occurrence, all of 2024-H1"),
        ("calendar: year", 366, True, "366 days without an occurrence, all of 2024"),
        (
            "calendar: year",
            9,
            False,
            "9 days without an occurrence: no whole calendar year to tell by",
        ),
    ],
)
def test_an_interval_says_how_long_it_is_and_how_long_it_may_be(
    cadence: str,
    days: int,
    certain: bool,  # noqa: FBT001
    words: str,
    tmp_path: Path,
) -> None:
    interval = replace(
        BURST, first=START, last=START + timedelta(days=days), events=0, certain=certain
    )

    assert summary(cadence_rule(tmp_path, f"{{{cadence}, per: account}}"), interval, LOGS) == words


def test_a_group_value_is_masked_as_its_events_are(tmp_path: Path) -> None:
    rule = burst_rule(tmp_path, "[requestParameters.name, userIdentity.accessKeyId]")
    record = {"requestParameters": {"password": "canary", "name": "canary"}}

    values = values_of(rule, ("a canary", "EXAMPLE_KEY_ID"), {}, record)

    assert values == [f"a {REMOVED}", "**********Y_ID"]
    assert values_of(rule, ("AKIAIOSFODNN7EXAMPLE", None)) == ["****************MPLE", None]


def test_a_value_named_as_a_secret_is_removed(tmp_path: Path) -> None:
    rule = burst_rule(tmp_path, "responseElements.sessionToken")

    assert values_of(rule, ("x",), {}) == [REMOVED]


def test_a_group_is_known_or_is_said_not_to_be(tmp_path: Path) -> None:
    grouped, one = burst_rule(tmp_path / "a"), ordered_rule(tmp_path / "b", False, True)
    unread = replace(BURST, group=None)

    assert episodes_of(grouped, [BURST], 1, LOGS, Shown).shown[0].known
    assert not episodes_of(grouped, [unread], 1, LOGS, Shown).shown[0].known
    assert episodes_of(one, [unread], 1, LOGS, Shown).shown[0].known


def test_as_many_are_shown_as_carry_their_events_and_all_are_counted(tmp_path: Path) -> None:
    episodes = [replace(BURST, events=count) for count in range(1, 9)]

    found = episodes_of(burst_rule(tmp_path), episodes, 3, LOGS, Shown)

    assert found.total == 8
    assert [each.events for each in found.shown] == [1, 2, 3]


def test_the_events_of_an_episode_are_masked(tmp_path: Path) -> None:
    episode = replace(BURST, evidence=(evidence_of({"password": "canary"}),))

    (shown,) = episodes_of(burst_rule(tmp_path), [episode], 1, LOGS, Masked).shown

    assert [each.event for each in shown.evidence] == [{"password": REMOVED}]
    assert (shown.first, shown.last) == ("2024-05-02T00:00:00Z", "2024-05-02T00:08:12Z")
