from collections.abc import Callable, Iterable
from math import log2

import pytest

from checker.engine.correlate import Occurrence, Window, windows
from checker.policy.rule import Correlation, CorrelationType, Step

SECOND = 1_000_000
A_DAY = (0, 86_400 * SECOND)


def at(clock: str) -> int:
    """Give `10:03` or `10:03:07` in microseconds since midnight."""
    hours, minutes, seconds = [*clock.split(":"), "0"][:3]
    return (int(hours) * 3600 + int(minutes) * 60) * SECOND + round(float(seconds) * SECOND)


def seen(line: str) -> list[Occurrence]:
    """Give events written as `clock` or `clock=value`; an identity says when and which."""
    events: list[Occurrence] = []
    for number, word in enumerate(line.split()):
        clock, _, value = word.partition("=")
        events.append(Occurrence(at(clock), f"{clock}#{number}".encode(), value.encode()))
    return events


def counted(at_least: int, span: int, type_: CorrelationType) -> Correlation:
    return Correlation(type=type_, timespan=span, at_least=at_least)


def stepped(type_: CorrelationType, span: int, names: str) -> Correlation:
    """Give a correlation of steps; `!` before a name negates it."""
    steps = [Step(match=(), name=name, negated=name.startswith("!")) for name in names.split()]
    return Correlation(type=type_, timespan=span, steps=tuple(steps))


def told(found: Iterable[Window]) -> list[str]:
    """Give windows as `first last members`, with `?` when uncertain and `+` when cut off."""
    return [
        f"{clock(each.first)} {clock(each.last)} {len(each.members)}"
        f"{'' if each.certain else ' ?'}{' +' if each.cut_off else ''}"
        for each in found
    ]


def clock(time: int) -> str:
    seconds, fraction = divmod(time, SECOND)
    assert not fraction
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return text.removesuffix(":00") if text.count(":") > 1 else text


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        # five in exactly ten minutes, in a second more, and in a microsecond more
        ("10:00 10:02 10:04 10:06 10:10", ["10:00 10:10 5"]),
        ("10:00 10:02 10:04 10:06 10:10:01", []),
        ("10:00 10:02 10:04 10:06 10:10:00.000001", []),
        ("10:00 10:00 10:00 10:00 10:00", ["10:00 10:00 5"]),
        ("10:00 10:00 10:00 10:00", []),
        ("10:10 10:10 10:00 10:00 10:05", ["10:00 10:10 5"]),
        # two windows that overlap are one violation
        ("10:00 10:02 10:04 10:06 10:08 10:12", ["10:00 10:12 6"]),
        # so are two that share no more than an instant, 10:10
        (
            "10:06 10:07 10:08 10:09 10:10 10:16 10:17 10:18 10:19 10:20",
            ["10:06 10:20 10"],
        ),
        # the windows that end at 10:04 and 10:14:01 do not even share that
        (
            "10:00 10:01 10:02 10:03 10:04 10:14:01 10:14:01 10:14:01 10:14:01 10:14:01",
            ["10:00 10:04 5", "10:14:01 10:14:01 5"],
        ),
        # what happens long before and after is no part of it
        ("02:00 03:00 10:00 10:02 10:04 10:06 10:08 18:00", ["10:00 10:08 5"]),
        # one more is part of it while five are in its window
        ("10:00 10:00 10:00 10:00 10:00 10:09", ["10:00 10:09 6"]),
        ("10:00 10:00 10:00 10:00 10:00 10:11", ["10:00 10:00 5"]),
        # the logs end at 24:00
        ("23:40 23:41 23:42 23:43 23:50", ["23:40 23:50 5"]),
        ("23:40 23:41 23:42 23:43 23:50:01", []),
        ("23:41 23:42 23:43 23:44 23:50:01", ["23:41 23:50:01 5 +"]),
    ],
)  # fmt: skip
def test_five_failed_logins_in_ten_minutes(events: str, expected: list[str]) -> None:
    rule = counted(5, 600, CorrelationType.EVENT_COUNT)

    assert told(windows(rule, [seen(events)], A_DAY)) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ("10:00=us-east-1 10:30=eu-west-1 11:00=us-west-2", ["10:00 11:00 3"]),
        ("10:00=us-east-1 10:30=eu-west-1 11:00:01=us-west-2", []),
        ("10:00=us-east-1 10:30=eu-west-1 11:00=us-east-1", []),
        # null is no value
        ("10:00=us-east-1 10:30=eu-west-1 11:00", []),
        # an event without a value, and one whose value is there already, are behind it all the same
        ("10:00=us-east-1 10:10 10:20=us-east-1 10:30=eu-west-1 11:00=us-west-2", ["10:00 11:00 5"]),
        # a value leaves with the last event that has it: at 11:20 that of 10:20 keeps it
        ("10:00=a 10:20=a 10:40=b 11:20=c", ["10:20 11:20 3"]),
        ("10:00=a 10:20=a 10:40=b 11:20:01=c", []),
        # four values in two windows of three each: one violation
        ("10:00=a 10:30=b 11:00=c 11:30=d", ["10:00 11:30 4"]),
        ("10:00=a 10:00=b 10:00=c", ["10:00 10:00 3"]),
    ],
)  # fmt: skip
def test_three_regions_in_an_hour(events: str, expected: list[str]) -> None:
    rule = counted(3, 3600, CorrelationType.VALUE_COUNT)

    assert told(windows(rule, [seen(events)], A_DAY)) == expected


@pytest.mark.parametrize(
    ("stopped", "written", "together", "in_order"),
    [
        ("10:00", "11:00", ["10:00 11:00 2"], ["10:00 11:00 2"]),
        ("10:00", "11:00:01", [], []),
        ("11:00", "10:00", ["10:00 11:00 2"], []),
        # at the same second either may have been the first
        ("10:00", "10:00", ["10:00 10:00 2"], ["10:00 10:00 2"]),
        ("10:00", "", [], []),
        # what is in order counts the writes from the stop on, what is together all in the window
        ("10:00", "09:30 10:10", ["09:30 10:10 3"], ["10:00 10:10 2"]),
        # the chain that begins the latest is the evidence
        ("10:00 10:30", "10:40", ["10:00 10:40 3"], ["10:30 10:40 2"]),
        ("10:00 10:30", "10:20 10:40", ["10:00 10:40 4"], ["10:00 10:40 4"]),
        # 10:00 to 10:01 and 12:00 to 12:01: two violations an hour apart
        ("10:00 12:00", "10:01 12:01", ["10:00 10:01 2", "12:00 12:01 2"], ["10:00 10:01 2", "12:00 12:01 2"]),
        # what ends at 11:01 is within an hour of what ended at 10:01: one violation; no more at 11:02
        ("10:00 11:01", "10:01 11:01", ["10:00 11:01 4"], ["10:00 11:01 4"]),
        ("10:00 11:02", "10:01 11:02", ["10:00 10:01 2", "11:02 11:02 2"], ["10:00 10:01 2", "11:02 11:02 2"]),
        ("23:30", "23:31", ["23:30 23:31 2 +"], ["23:30 23:31 2 +"]),
    ],
)  # fmt: skip
def test_a_stop_and_a_write_within_an_hour(
    stopped: str, written: str, together: list[str], in_order: list[str]
) -> None:
    steps = [
        seen(stopped),
        [each._replace(identity=b"w" + each.identity) for each in seen(written)],
    ]
    either = stepped(CorrelationType.TEMPORAL, 3600, "stopped written")
    ordered = stepped(CorrelationType.TEMPORAL_ORDERED, 3600, "stopped written")

    assert told(windows(either, steps, A_DAY)) == together
    assert told(windows(ordered, steps, A_DAY)) == in_order


# Times of steps are divided by |; the logs cover 00:00 to 24:00; the timespan is an hour.
@pytest.mark.parametrize(
    ("names", "steps", "expected"),
    [
        # a user is made and, within the hour, a policy attached and a key made
        ("user policy key", "10:00 | 10:20 | 11:00", ["10:00 11:00 3"]),
        ("user policy key", "10:00 | 10:20 | 11:00:01", []),
        ("user policy key", "10:00 | 10:20 | 10:10", []),
        ("user policy key", "10:00 | 10:00 | 10:00", ["10:00 10:00 3"]),
        ("user policy key", "00:00 | 00:10 | 00:20", ["00:00 00:20 3"]),
        # the first chain began too early, the second not
        ("user policy key", "10:00 10:15 | 10:20 | 11:10", ["10:15 11:10 3"]),
        ("user policy key", "10:00 10:25 | 10:20 | 11:10", []),
        # logging stops and does not start again within the hour
        ("stop !start", "10:00 |", ["10:00 10:00 1"]),
        ("stop !start", "10:00 | 10:30", []),
        ("stop !start", "10:00 | 11:00", []),
        ("stop !start", "10:00 | 11:00:01", ["10:00 10:00 1"]),
        ("stop !start", "10:00 | 09:59:59", ["10:00 10:00 1"]),
        # a start in the very second may have come after
        ("stop !start", "10:00 | 10:00", []),
        # an hour before the logs end it can still be told
        ("stop !start", "23:00 |", ["23:00 23:00 1"]),
        ("stop !start", "23:00:01 |", ["23:00:01 23:00:01 1 ? +"]),
        ("stop !start", "23:30 | 23:40", []),
        # certain beside uncertain: two violations, though the windows overlap
        ("stop !start", "22:50 23:10 |", ["22:50 22:50 1", "23:10 23:10 1 ? +"]),
        ("stop !start", "23:10 22:40 22:50 23:20 |", ["22:40 22:50 2", "23:10 23:20 2 ? +"]),
        # the second stop is made good, the first not within its hour
        ("stop !start", "10:00 11:30 | 12:00", ["10:00 10:00 1"]),
        # a console login, and no use of a second factor in the hour before
        ("!factor login", "| 10:00", ["10:00 10:00 1"]),
        ("!factor login", "09:00 | 10:00", []),
        ("!factor login", "08:59:59 | 10:00", ["10:00 10:00 1"]),
        ("!factor login", "10:00 | 10:00", []),
        ("!factor login", "10:00:01 | 10:00", ["10:00 10:00 1"]),
        ("!factor login", "| 01:00", ["01:00 01:00 1"]),
        ("!factor login", "| 00:59:59", ["00:59:59 00:59:59 1 ?"]),
        ("!factor login", "00:10 | 00:59:59", []),
        ("!factor login", "| 00:30 01:10", ["00:30 00:30 1 ?", "01:10 01:10 1"]),
        # nothing approved between what is asked and what is done
        ("ask !approve do", "10:00 | | 10:30", ["10:00 10:30 2"]),
        ("ask !approve do", "10:00 | 10:10 | 10:30", []),
        ("ask !approve do", "10:00 | 10:00 | 10:30", []),
        ("ask !approve do", "10:00 | 10:30 | 10:30", []),
        ("ask !approve do", "10:00 | 09:59:59 10:30:01 | 10:30", ["10:00 10:30 2"]),
        ("ask !approve do", "10:00 | 10:30 | 10:30 10:20", ["10:00 10:20 2"]),
        ("ask !approve do", "10:00 10:20 | 10:10 | 10:30", ["10:20 10:30 2"]),
        ("ask !approve do", "23:50 | | 23:55", ["23:50 23:55 2 +"]),
        # each of two negated steps side by side is enough to break the chain
        ("ask !approve !cancel do", "10:00 | | 10:10 | 10:30", []),
        ("ask !approve !cancel do", "10:00 | 10:10 | | 10:30", []),
        ("ask !approve !cancel do", "10:00 | 10:40 | 09:50 | 10:30", ["10:00 10:30 2"]),
        # in all places at once; the logs begin too late, or end too soon
        ("!a b !c d !e", "| 10:00 | | 10:30 |", ["10:00 10:30 2"]),
        ("!a b !c d !e", "| 00:30 | | 01:10 |", ["00:30 01:10 2 ?"]),
        ("!a b !c d !e", "| 00:30 01:00 | | 01:10 |", ["01:00 01:10 2"]),
        ("!a b !c d !e", "| 22:30 | | 23:10 |", ["22:30 23:10 2 ? +"]),
        ("!a b !c d !e", "| 10:00 | | 10:30 | 11:30", []),
        ("!a b !c d !e", "09:00 | 10:00 | | 10:30 |", []),
        # where the later beginning is barred, an earlier one stands in for it
        ("!a b c", "10:00 | 08:30 10:10 | 10:20", []),
        ("!a b c", "10:05 | 09:50 10:10 | 10:20", ["09:50 10:20 3"]),
    ],
)  # fmt: skip
def test_steps_in_order_within_an_hour(names: str, steps: str, expected: list[str]) -> None:
    rule = stepped(CorrelationType.TEMPORAL_ORDERED, 3600, names)
    events = [
        [each._replace(identity=bytes([number]) + each.identity) for each in seen(line)]
        for number, line in enumerate(steps.split("|"))
    ]

    assert told(windows(rule, events, A_DAY)) == expected


def test_members_are_in_order_of_time_and_then_identity() -> None:
    early, one, other = Occurrence(1, b"z"), Occurrence(2, b"a"), Occurrence(2, b"b")

    (found,) = windows(counted(2, 60, CorrelationType.EVENT_COUNT), [[other, early, one]], A_DAY)

    assert found.members == (b"z", b"a", b"b")


@pytest.mark.parametrize("type_", [CorrelationType.TEMPORAL, CorrelationType.TEMPORAL_ORDERED])
def test_one_event_may_stand_for_several_steps(type_: CorrelationType) -> None:
    steps = [seen("10:00"), seen("10:00")]

    assert told(windows(stepped(type_, 3600, "policy admin"), steps, A_DAY)) == ["10:00 10:00 1"]


def test_an_event_of_the_chain_that_matches_the_negated_step_breaks_it() -> None:
    rule = stepped(CorrelationType.TEMPORAL_ORDERED, 3600, "stop !write")

    assert windows(rule, [seen("10:00"), seen("10:00")], A_DAY) == []


def test_one_event_delivered_five_times_is_not_five() -> None:
    rule = counted(5, 600, CorrelationType.EVENT_COUNT)

    assert windows(rule, [seen("10:00") * 5], A_DAY) == []


def test_one_is_enough_when_one_is_asked_for() -> None:
    rule = counted(1, 60, CorrelationType.EVENT_COUNT)

    assert told(windows(rule, [seen("10:00 10:01 10:02:01")], A_DAY)) == [
        "10:00 10:01 2",
        "10:02:01 10:02:01 1",
    ]


class Counted(int):
    """A time that counts how often one is compared or reckoned with."""

    operations = 0
    __hash__ = int.__hash__

    def __eq__(self, other: object) -> bool:
        Counted.operations += 1
        return int.__eq__(self, other)

    def __lt__(self, other: int) -> bool:
        Counted.operations += 1
        return int.__lt__(self, other)

    def __gt__(self, other: int) -> bool:
        Counted.operations += 1
        return int.__gt__(self, other)

    def __le__(self, other: int) -> bool:
        Counted.operations += 1
        return int.__le__(self, other)

    def __ge__(self, other: int) -> bool:
        Counted.operations += 1
        return int.__ge__(self, other)

    def __sub__(self, other: int) -> "Counted":
        Counted.operations += 1
        return Counted(int.__sub__(self, other))


LONG, SHORT = 1_000_000, 10
"""Timespans: longer than a whole group, and of a few of its events, of which there is one a second."""


def every_second(number: int) -> int:
    return number * SECOND


def all_at_once(number: int) -> int:
    return 0


@pytest.mark.parametrize("size", [20_000, pytest.param(200_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("time_of", [every_second, all_at_once])
@pytest.mark.parametrize(
    "rule",
    [
        counted(5, LONG, CorrelationType.EVENT_COUNT),
        counted(5, SHORT, CorrelationType.EVENT_COUNT),
        counted(10_000, LONG, CorrelationType.VALUE_COUNT),
        counted(5, SHORT, CorrelationType.VALUE_COUNT),
        stepped(CorrelationType.TEMPORAL, LONG, "a b"),
        stepped(CorrelationType.TEMPORAL, SHORT, "a b"),
        stepped(CorrelationType.TEMPORAL_ORDERED, LONG, "a b"),
        stepped(CorrelationType.TEMPORAL_ORDERED, SHORT, "a !n b"),
        stepped(CorrelationType.TEMPORAL_ORDERED, LONG, "!n a b"),
        stepped(CorrelationType.TEMPORAL_ORDERED, SHORT, "a b !n"),
    ],
    ids=lambda rule: f"{rule.type}-{rule.timespan}" if isinstance(rule, Correlation) else None,
)
def test_a_large_group_takes_a_few_steps_an_event(
    rule: Correlation,
    time_of: Callable[[int], int],
    size: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Counted, "operations", 0)
    identities = [number.to_bytes(4) for number in range(size)]
    events = [Occurrence(Counted(time_of(n)), each, each) for n, each in enumerate(identities)]
    share = max(1, len(rule.steps))
    steps = [events[number::share] for number in range(share)]

    windows(rule, steps, (0, size * SECOND))

    assert Counted.operations > size
    # Sorting and bisecting have their share; a look at every pair would be `size` an event.
    assert Counted.operations < 6 * size * log2(size)


def test_two_hundred_thousand_events_are_one_violation() -> None:
    events = [Occurrence(n * SECOND, n.to_bytes(4), bytes([n % 7])) for n in range(200_000)]

    for type_ in (CorrelationType.EVENT_COUNT, CorrelationType.VALUE_COUNT):
        (found,) = windows(counted(5, 3600, type_), [events], (0, 200_000 * SECOND))

        assert len(found.members) == 200_000
