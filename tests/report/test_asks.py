from pathlib import Path

import pytest

from checker.report.asks import asks
from checker.report.words import procedure
from tests.builders import rule_of, rule_text

STEPS = """
  steps:
    - {name: stopped, match: {eventName: StopLogging}}
    - {name: written, match: {readOnly: false}, outcome: any, where: "eventSource != 'x'"}"""

CORRELATIONS = {
    "at least 5 events within 10 minutes": """
  type: event_count
  timespan: 10m
  condition: {gte: 5}""",
    "at least 1 event of one sourceIPAddress within 90 seconds": """
  type: event_count
  group_by: sourceIPAddress
  timespan: 90s
  condition: {gte: 1}""",
    "at least 3 distinct values of awsRegion in events of one principal(userIdentity) and "
    "one sourceIPAddress within 1 hour": """
  type: value_count
  field: awsRegion
  group_by: [principal(userIdentity), sourceIPAddress]
  timespan: 1h
  condition: {gt: 2}""",
    "at least 2 distinct values of awsRegion within 1 hour": """
  type: value_count
  field: awsRegion
  timespan: 1h
  condition: {gte: 2}""",
    "stopped and written, in any order, within 1 hour": f"""
  type: temporal
  timespan: 1h{STEPS}""",
    "stopped, then written within 1 day, of one principal(userIdentity)": f"""
  type: temporal_ordered
  timespan: 1d
  group_by: principal(userIdentity){STEPS}""",
    "no agreed, then stopped within 1 hour": """
  type: temporal_ordered
  timespan: 1h
  steps:
    - {name: agreed, match: {eventName: A}, negated: true}
    - {name: stopped, match: {eventName: B}}""",
}

CADENCES = {
    "at least once every 90 days in every account": "{every: 90d, per: account}",
    "at least once every 12 hours in every region": "{every: 12h, per: region}",
    "at least once every 7 days in every account and region": "{every: 1w, per: account+region}",
    "at least once in every calendar half-year (UTC) in every account": (
        "{calendar: half, per: account}"
    ),
    "at least once every 90 days for every requestParameters.keyId": (
        "{every: 90d, group_by: requestParameters.keyId}"
    ),
    "at least once every 90 days for every requestParameters.keyId listed in keys": (
        "{every: 90d, group_by: requestParameters.keyId, groups: $keys}"
    ),
}


@pytest.mark.parametrize("sentence", CORRELATIONS)
def test_a_correlation_says_what_it_looks_for(sentence: str, tmp_path: Path) -> None:
    written = CORRELATIONS[sentence]
    own = {"match": None} if "steps" in written else {}
    rule = rule_of(tmp_path, rule_text(require=None, correlation=written, **own))

    assert asks(rule) == sentence
    assert f"Looked for {sentence}." in procedure(rule)


@pytest.mark.parametrize("sentence", CADENCES)
def test_a_cadence_says_how_often_and_for_whom(sentence: str, tmp_path: Path) -> None:
    params = "{keys: {type: [string], default: [a]}}" if "$keys" in CADENCES[sentence] else "{}"
    text = rule_text(require=None, cadence=CADENCES[sentence], params=params)
    rule = rule_of(tmp_path, text)

    assert asks(rule) == sentence
    assert f"Such an event must occur {sentence}." in procedure(rule)


def test_a_rule_of_single_events_asks_nothing_of_many(tmp_path: Path) -> None:
    assert not asks(rule_of(tmp_path, rule_text()))


def test_the_procedure_tells_the_steps_apart(tmp_path: Path) -> None:
    correlation = CORRELATIONS["stopped and written, in any order, within 1 hour"]
    rule = rule_of(tmp_path, rule_text(require=None, match=None, correlation=correlation))

    assert procedure(rule) == (
        "Took every event supplied that belongs to a step. stopped: eventName StopLogging, whose "
        "outcome was success. written: readOnly false, for which this holds: eventSource != 'x'. "
        "Looked for stopped and written, in any order, within 1 hour. Each such group of "
        "events is an exception; those that overlap are one."
    )
