"""What a stranger, a bad disk or a hasty hand makes of a file."""

import gzip
import json
import random

from hypothesis import strategies as st

from checker.aws import Json
from tests.builders import event, rule_text

SCRAPS = (
    *(b"", b"\0", b"\n", b"\r\n", b"\xff", b"\xef\xbb\xbf", b'"', b"'", b"`", b"\\", b"\\u0000"),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b": ",
        b",",
        b"- ",
        b"#",
        b" #",
        b"&a ",
        b"*a",
        b"!x ",
        b"<<: ",
    ),
    *(b"null", b"true", b"1e999", b"NaN", b"-1", b"9" * 400, b"[" * 400, b"{{", b"}}", b"$", b"@"),
    *(
        b"|",
        b">-\n  ",
        b"\t",
        b"---\n",
        b"...\n",
        b"%YAML 1.1\n",
        b"\x85",
        b"\xe2\x80\xa8",
        b"\x1b[",
    ),
    *(b'"Records":', b'"eventName":', b'"eventName":null,', b"require: ", b"match: ", b"tests: "),
    *(b"&&", b"||", b"==", b"!", b"[?", b"[*]", b"[]", b"length(", b"policy(", b"$event", b"&"),
)

RULE = rule_text(
    params="{who: {type: [string], default: [a]}}",
    where="userIdentity.type != `null`",
    require=">-\n  arn_like(userIdentity.arn, 'arn:aws:iam::*:role/*') || any_in(resources[].a, $who)",
    message="'{userIdentity.arn} did {eventName}'",
    evidence="{policy: requestParameters.policyName}",
    effective="{from: 2024-01-01}",
    tests="{base: {eventName: x}, cases: [{name: one, set: {a.b: 1}, expect: out_of_scope}]}",
).encode()

_FILE = json.dumps({"Records": [event(), event(eventID="2")]}).encode()
LOGS = (
    _FILE,
    json.dumps([event()], indent=2).encode(),
    b"\n".join(json.dumps(event(eventID=str(n))).encode() for n in range(3)),
    gzip.compress(_FILE, mtime=0),
    gzip.compress(_FILE, mtime=0) + gzip.compress(b"\n" + _FILE, mtime=0),
    json.dumps({"Events": [{"CloudTrailEvent": json.dumps(event())}]}).encode(),
    json.dumps({"detail-type": "AWS API Call via CloudTrail", "detail": event()}).encode(),
    json.dumps({"logEvents": [{"message": json.dumps(event())}]}).encode(),
    json.dumps({"eventData": event()}).encode(),
)


def mutated(content: bytes, seed: int) -> bytes:
    """Give the content with up to three pieces changed, lost, doubled or put in."""
    choice = random.Random(seed)  # noqa: S311 - not for secrets
    changed = bytearray(content)
    for _ in range(choice.randint(1, 3)):
        start = choice.randint(0, len(changed))
        end = min(len(changed), start + choice.choice((0, 1, 1, 2, 8, 64)))
        piece = bytes(changed[start:end])
        changed[start:end] = choice.choice((b"", piece * 2, piece[::-1], choice.choice(SCRAPS)))
    return bytes(changed)


logs = st.builds(mutated, st.sampled_from(LOGS), st.integers(0, 1 << 32)) | st.binary(max_size=64)
rules = st.builds(mutated, st.just(RULE), st.integers(0, 1 << 32)) | st.binary(max_size=64)

values: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["Root", "AssumedRole", "arn:aws:iam::1:role/x", "2024-05-01T10:00:00Z", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "arn", "omitted", "sessionContext"]), inner)
    ),
    max_leaves=6,
)
events = st.dictionaries(st.sampled_from(sorted(event())), values, max_size=4).map(
    lambda changes: event(**changes)
)

_WORDS = (
    *(
        "a",
        "eventName",
        "userIdentity",
        "'x'",
        "`1`",
        "`null`",
        '"a-b"',
        "$event",
        "$who",
        "@",
        "*",
    ),
    *(
        ".",
        "[",
        "]",
        "[*]",
        "[?",
        "[]",
        "(",
        ")",
        "{",
        "}",
        ":",
        ",",
        "|",
        "||",
        "&&",
        "!",
        "&",
        "==",
    ),
    *(
        "<",
        "1",
        "-1",
        " ",
        "\n",
        "length(",
        "contains(",
        "policy(",
        "arn_like(",
        "regex(",
        "`",
        "'",
    ),
)
expressions = st.lists(st.sampled_from(_WORDS), max_size=20).map("".join) | st.text(max_size=30)
