from pathlib import Path
from typing import Any

from checker.engine.evidence import Describer, Evidence
from checker.engine.exceptions import Excepter
from checker.engine.exhibits import Exhibit
from checker.engine.finding import Finding
from checker.engine.orders import NO_ORDERS
from checker.limits import DEFAULT
from tests.builders import event, rule_of, rule_text


def described(
    folder: Path, text: str, record: dict[str, Any], finding: Finding = Finding.VIOLATION
) -> Evidence:
    exhibit = Exhibit(
        identity=b"", time="", event_id="1", reason="why", path="log.json", index=3, record=record
    )
    rule = rule_of(folder, text)
    excepter = Excepter((rule,), NO_ORDERS, DEFAULT)
    return Describer(rule, DEFAULT, excepter, 0).describe(exhibit, finding)


def test_a_violation_is_described_in_the_rule_s_words(tmp_path: Path) -> None:
    text = rule_text(
        message='"{userIdentity.userName} attached {requestParameters.policyName}"',
        resource="requestParameters.target || requestParameters.policyName",
        evidence="{policy: requestParameters.policyName, broken: length(responseElements)}",
    )
    said = described(tmp_path, text, event())

    assert said.message == "alice attached Example"
    assert said.resources == ("Example",)
    assert said.evidence == {"policy": "Example", "broken": "?"}


def test_an_event_is_described_by_what_is_in_it(tmp_path: Path) -> None:
    said = described(tmp_path, rule_text(), event(errorCode="AccessDenied", awsRegion=None))

    assert (said.account, said.region, said.outcome) == ("111122223333", "", "denied")
    assert (said.event_source, said.event_name) == ("iot.amazonaws.com", "AttachPolicy")
    assert (said.path, said.index, said.reason) == ("log.json", 3, "why")


def test_a_rule_s_message_is_no_word_for_an_event_that_was_not_judged(tmp_path: Path) -> None:
    text = rule_text(message="root was used")

    assert described(tmp_path, text, event()).message == "root was used"
    assert described(tmp_path, text, event(), Finding.COUNTED).message == "root was used"
    unjudged = described(tmp_path, text, event(), Finding.UNDETERMINED)
    assert unjudged.message.startswith("AttachPolicy by ")


def test_a_number_that_no_report_can_write_is_no_crash(tmp_path: Path) -> None:
    text = rule_text(resource="sum(requestParameters.n)", evidence="{x: sum(requestParameters.n)}")

    said = described(tmp_path, text, event(requestParameters={"n": [10**4299] * 11}))

    assert said.resources == ("?",)
    assert said.evidence == {"x": "?"}


def test_the_event_s_own_resources_are_the_default(tmp_path: Path) -> None:
    listed = [{"ARN": "arn:aws:s3:::one"}, {"type": "AWS::S3::Object"}, "odd"]

    said = described(tmp_path, rule_text(), event(resources=listed))

    assert said.resources == ("arn:aws:s3:::one",)
    assert said.message == "AttachPolicy by arn:aws:iam::111122223333:user/alice"
