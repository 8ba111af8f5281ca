import re
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.report.pseudonyms import (
    Pseudonyms,
    copies_of,
    is_name_field,
    names_in,
    names_of,
)

KEY = b"0123456789abcdef"
USE = Pseudonyms(KEY)
ALICE = USE.name("alice")
ADDRESS = USE.text("203.0.113.7")

NAME = st.from_regex(
    r"[A-Za-z0-9][\w+=,.@-]{0,30}", fullmatch=True, alphabet=st.characters(codec="ascii")
)
FACTS = (
    "arn:aws:iam::111122223333:root",
    "arn:aws:s3:::a-bucket/key",
    "arn:aws:iot:eu-west-1:111122223333:cert/4f9d0c1e",
    "iot.amazonaws.com",
    "2025-01-15T08:00:30.123Z",
    "08:20:30",
    "10 exceptions in 16 events tested",
    "0.0.0.0/0 ::/0 127.0.0.1",
    "aws-cli/2.15.30 Python/3.11.8",
    "AWS Internal",
    "0f8fad5b-d9cb-469f-a165-7086772895aa",
)  # fmt: skip


@pytest.mark.parametrize("text", FACTS)
def test_what_names_nobody_stays(text: str) -> None:
    assert USE.text(text) == text
    assert USE.value({"x": text}) == {"x": text}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arn:aws:iam::111122223333:user/alice", f"arn:aws:iam::111122223333:user/{ALICE}"),
        ("arn:aws-cn:iam::1:user/Alice.", f"arn:aws-cn:iam::1:user/{ALICE}."),
        (
            "arn:aws:sts::111122223333:assumed-role/alice/alice",
            f"arn:aws:sts::111122223333:assumed-role/{ALICE}/{ALICE}",
        ),
        (
            "arn:aws:iam::1:role/aws-reserved/sso.amazonaws.com/eu-west-1/alice",
            f"arn:aws:iam::1:role/aws-reserved/sso.amazonaws.com/eu-west-1/{ALICE}",
        ),
        ("from 203.0.113.7, port 22", f"from {ADDRESS}, port 22"),
        ("203.0.113.7/32", f"{ADDRESS}/32"),
        ("::ffff:203.0.113.7", ADDRESS),
        ("203.000.113.007", ADDRESS),
        ("ip-203-0-113-7.ec2.internal", f"host-{ADDRESS}.ec2.internal"),
    ],
)
def test_names_and_addresses_are_known_by_their_form(text: str, expected: str) -> None:
    assert USE.text(text) == expected


def test_one_address_has_one_pseudonym_however_it_is_written() -> None:
    assert USE.text("2001:db8::1") == USE.text("2001:0DB8:0:0:0:0:0:1")
    assert re.fullmatch("addr-[0-9a-f]{12}", USE.text("2001:db8::1"))


def test_a_unique_id_and_a_session_are_told_apart() -> None:
    shown = USE.principal("AROAMLQ9F6KHQ07JKA0WY:alice")

    assert shown == f"{USE.text('AROAMLQ9F6KHQ07JKA0WY')}:{ALICE}"
    assert re.fullmatch("id-[0-9a-f]{12}:name-[0-9a-f]{12}", shown)


@pytest.mark.parametrize(
    "text",
    ["", "*", "root", "AWS Internal", "111122223333", "service:iot.amazonaws.com", "(removed)"],
)
def test_a_principal_that_is_nobody_stays(text: str) -> None:
    assert USE.principal(text) == text
    assert USE.value({"userName": text}) == {"userName": text}


@pytest.mark.parametrize(
    "value",
    [
        {"userName": "alice"},
        {"user_name": ["alice"]},
        {"RoleSessionName": "alice"},
        {"sessionContext": {"sourceIdentity": "alice"}},
        {"document": '{"userName": "alice"}'},
        {"document": "%7B%22userName%22%3A%20%22alice%22%7D"},
        {"document": "arn%3Aaws%3Aiam%3A%3A1%3Auser%2Falice"},
        {"arn:aws:iam::1:user/alice": 1},
        {"text": "made by alice@example.com"},
    ],
)
def test_a_name_is_replaced_by_its_field_or_by_its_form(value: object) -> None:
    assert "alice" not in str(USE.value(value))


def test_copies_of_a_record_s_names_are_replaced_however_they_are_written() -> None:
    own = copies_of({'al"ice@example.com', "bob"})
    text = 'al"ice@example.com al\\"ice@example.com al%22ice%40example.com AL"ICE@EXAMPLE.COM'

    assert USE.text(text, own) == " ".join([USE.name('al"ice@example.com')] * 4)
    bob, local = USE.name("bob"), USE.name('al"ice')
    assert USE.text('(bob) bob_x bobby al"ice', own) == f"({bob}) {bob}_x bobby {local}"


def test_what_is_no_name_is_not_noted_as_one() -> None:
    hardware = {"macAddress": "0a:44:8e:30:47:63", "userName": "203.0.113.7"}

    assert set(names_in(hardware)) == {"0a:44:8e:30:47:63"}
    assert USE.value({"userName": "203.0.113.7"}) == {"userName": ADDRESS}
    assert USE.text("203.0.113.999") not in ("203.0.113.999", ADDRESS)


def test_a_name_that_was_noted_is_replaced_where_it_is_a_word() -> None:
    use = Pseudonyms(KEY)
    use.add(["alice", "x"])

    assert use.text("Only alice, or Alice. Not alices or x.") == (
        f"Only {ALICE}, or {ALICE}. Not alices or x."
    )


def test_a_phrase_may_name_a_principal_without_an_arn() -> None:
    assert USE.phrase("userIdentity.userName alice or bob and eventName x") == (
        f"userIdentity.userName {ALICE} or {USE.name('bob')} and eventName x"
    )


def test_parameters_that_speak_of_principals_are_replaced_whole() -> None:
    assert USE.listed(["alice", "111122223333"], "approved_users") == [ALICE, "111122223333"]
    assert USE.listed(["alice"], "colours") == ["alice"]
    assert USE.listed(5, "users") == 5


def test_names_are_found_in_a_record() -> None:
    record = {
        "userIdentity": {
            "arn": "arn:aws:sts::111122223333:assumed-role/Deploy/alice",
            "principalId": "AROAMLQ9F6KHQ07JKA0WY:alice",
            "invokedBy": "iot.amazonaws.com",
        },
        "requestParameters": {"userName": "bob", "body": '{"roleName": "Other"}', "n": [1]},
    }

    assert set(names_in(record)) == {"Deploy", "alice", "bob", "Other"}
    assert list(names_of("account:111122223333")) == []
    assert is_name_field("assumed_role-id")
    assert not is_name_field("groupName")


@given(st.ip_addresses(), st.ip_addresses())
def test_addresses_differ_where_they_are_different(one: object, other: object) -> None:
    shown = [USE.text(str(each)) for each in (one, other)]

    assert (shown[0] == shown[1]) == (one == other)
    address = ip_address(str(one))
    plain = getattr(address, "ipv4_mapped", None) or address
    if not plain.is_unspecified and not plain.is_loopback:
        assert str(one) not in shown[0]


@given(NAME)
def test_a_name_in_an_arn_is_the_name_alone(name: str) -> None:
    own = copies_of([name])
    shown = USE.text(f"arn:aws:iam::111122223333:user/{name}", own)

    if len(name) > 1 and not name.isdigit():
        assert shown == f"arn:aws:iam::111122223333:user/{USE.principal(name)}"


@given(st.binary(min_size=16, max_size=32), st.binary(min_size=16, max_size=32), NAME)
def test_another_key_gives_other_pseudonyms(one: bytes, other: bytes, name: str) -> None:
    first, second = Pseudonyms(one), Pseudonyms(other)

    assert (first.name(name) == second.name(name)) == (one == other)
    assert (first.token(name) == second.token(name)) == (one == other)
    assert first.name(name) not in first.token(name)
