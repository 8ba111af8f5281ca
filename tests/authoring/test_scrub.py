import json
import re

from hypothesis import given
from hypothesis import strategies as st

from checker.authoring.scrub import ACCOUNTS, MOST_CHARACTERS, MOST_ELEMENTS, scrubbed
from checker.aws import Json
from tests.builders import event

digits = st.integers(0, 999_999_999_999).map("{:012}".format)
octets = st.integers(0, 255)
v4 = st.tuples(octets, octets, octets, octets).map(lambda each: ".".join(map(str, each)))


def of_parameters(parameters: Json, **changes: Json) -> Json:
    return scrubbed(event(requestParameters=parameters, **changes))["requestParameters"]


def test_the_owner_s_account_becomes_the_first_and_any_other_the_second() -> None:
    found = of_parameters(
        {"a": "arn:aws:iam::999988887777:role/x", "b": "555566667777", "c": 222233334444},
        recipientAccountId="999988887777",
    )

    assert found == {
        "a": f"arn:aws:iam::{ACCOUNTS[0]}:role/x",
        "b": ACCOUNTS[1],
        "c": int(ACCOUNTS[1]),
    }


def test_addresses_become_those_of_documentation_and_the_same_one_the_same() -> None:
    found = of_parameters(
        {"a": "203.0.113.9", "b": "10.1.2.3/32", "c": "203.0.113.9", "d": "2a00:1450::1"}
    )

    assert found == {
        "a": "192.0.2.2",
        "b": "192.0.2.3/32",
        "c": "192.0.2.2",
        "d": "2001:db8::4",
    }


def test_four_numbers_that_are_no_address_are_taken_for_one() -> None:
    assert of_parameters("075.050.255.67") == "192.0.2.2"


def test_any_address_and_what_is_no_address_stay_as_they_are() -> None:
    kept = {"a": "0.0.0.0/0", "b": "::/0", "c": "1.2.3", "d": "arn:aws:s3:::bucket", "e": "12:30"}

    assert of_parameters(kept) == kept


def test_keys_ids_of_principals_and_mail_addresses_are_replaced() -> None:
    found = of_parameters(
        {
            "key": "ASIAY34FZKBOKMUTVV7A",
            "role": "AROAY34FZKBOKMUTVV7AB:jane.doe@corp.example.org",
            "password": "correct horse",
        }
    )

    assert found == {
        "key": "AKIAIOSFODNN7EXAMPLE",
        "role": "AROAEXAMPLE:person@example.com",
        "password": "(removed)",
    }


def test_only_what_a_test_needs_is_kept() -> None:
    found = scrubbed(event(additionalEventData={"x": 1}, userAgent="x"))

    assert "eventID" not in found
    assert "userAgent" not in found
    assert found["userIdentity"] == {
        "type": "IAMUser",
        "arn": "arn:aws:iam::111122223333:user/alice",
        "accountId": "111122223333",
        "userName": "alice",
    }


def test_a_sign_in_keeps_what_tells_how_it_ended() -> None:
    found = scrubbed(
        event(
            eventName="ConsoleLogin",
            responseElements={"ConsoleLogin": "Failure"},
            additionalEventData={"MFAUsed": "No"},
        )
    )

    assert found["responseElements"] == {"ConsoleLogin": "Failure"}
    assert found["additionalEventData"] == {"MFAUsed": "No"}


def test_what_is_long_or_deep_is_cut() -> None:
    deep: Json = "x"
    for _ in range(20):
        deep = {"a": deep}
    found = of_parameters({"text": "x" * 1000, "list": list(range(9)), "deep": deep})

    assert len(found["text"]) == MOST_CHARACTERS
    assert len(found["list"]) == MOST_ELEMENTS
    assert json.dumps(found["deep"]).count("{") < 10


@given(st.lists(st.one_of(digits, v4), min_size=1, max_size=6))
def test_no_account_and_no_address_of_the_log_is_left(texts: list[str]) -> None:
    written = json.dumps(of_parameters({"a": " ".join(texts)}))

    assert set(re.findall(r"\b[0-9]{12}\b", written)) <= set(ACCOUNTS)
    addresses = re.findall(r"\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b", written)
    assert all(each.startswith(("192.0.2.", "127.", "0.")) for each in addresses)
