import re
from datetime import UTC, datetime

from msgspec.structs import replace

from checker.report.coverage_model import Gap
from checker.report.model import Period
from checker.report.pictures import (
    COLUMNS,
    HEIGHT,
    HoursPicture,
    Path,
    columns,
    hours_picture,
    timeline_picture,
)
from tests.report.sample import sample_report
from tests.report.sample_coverage import sample_coverage

BOX = re.compile(r"M(\S+) (\S+)h(\S+)v(\S+)h-(\S+)z")


def boxes(path: Path) -> list[tuple[float, ...]]:
    found = [tuple(map(float, each[:4])) for each in BOX.findall(path.data)]
    assert BOX.sub("", path.data) == ""
    return found


def test_columns_that_look_alike_are_one_path_and_neighbours_one_box() -> None:
    assert columns(["a", "a", "", "b", "a"]) == [
        Path("a", "M0 0h2v1h-2zM4 0h1v1h-1z"),
        Path("b", "M3 0h1v1h-1z"),
    ]
    assert columns([]) == []


def test_bars_stand_on_one_another_and_the_highest_fills_the_picture() -> None:
    picture = timeline_picture(sample_report())

    assert picture is not None
    assert picture.series == ["high", "medium", "waived"]
    found = [boxes(path)[0] for path in picture.paths]
    assert round(sum(height for *_, height in found)) == HEIGHT
    assert min(top for _, top, _, _ in found) == 0
    assert {left for left, *_ in found} == {45.1}
    assert picture.ticks == ["2024-12-01", "2024-12-16", "2024-12-31", "2025-01-15", "2025-01-31"]


def test_what_is_small_beside_much_is_still_seen() -> None:
    report = sample_report()
    rules = [
        replace(rule, counts=replace(rule.counts, violations=rule.counts.violations + 1))
        for rule in report.rules
    ]
    groups = [
        replace(rule, groups=replace(rule.groups, shown=[replace(each, count=10_000) for each in rule.groups.shown]))
        for rule in rules
    ]  # fmt: skip

    picture = timeline_picture(replace(report, rules=groups))

    assert picture is not None
    assert all(height >= 3 for path in picture.paths for *_, height in boxes(path))


def test_there_is_no_picture_of_nothing() -> None:
    report = sample_report()
    nowhere = Period(first=None, last=None, source="")
    far = replace(report, coverage=replace(report.coverage, hours=10**12))

    assert timeline_picture(replace(report, rules=[])) is None
    assert hours_picture(replace(report, period=nowhere)) is None
    assert hours_picture(replace(report, coverage=replace(report.coverage, hours=0))) is None
    assert hours_picture(far) is None
    picture = timeline_picture(far)
    assert picture is not None
    assert picture.logs == []


def test_an_hour_is_drawn_darker_the_more_of_its_column_has_events() -> None:
    picture = HoursPicture(datetime(2025, 1, 1, tzinfo=UTC), COLUMNS * 4)
    region = replace(
        sample_coverage().accounts[0].regions[0],
        observed_runs=[0, 1, 3, 2, 2, 4],
        declared_runs=[12, 4],
    )

    assert picture.of_region(region) == [
        Path("declared", "M3 0h1v1h-1z"),
        Path("level-2", "M0 0h1v1h-1z"),
        Path("level-3", "M1 0h1v1h-1z"),
        Path("level-4", "M2 0h1v1h-1z"),
    ]


def test_a_gap_is_drawn_over_the_hours_of_its_account_however_short_it_is() -> None:
    picture = hours_picture(sample_report())
    account = sample_coverage().accounts[0]
    early = Gap(start="2024-01-01T00:00:00Z", until=None, cause="", region="", trail="")

    assert picture is not None
    *_, gaps = picture.of_account(account)
    assert gaps.name == "gap"
    assert [width for _, _, width, _ in boxes(gaps)] == [1, 7.74]
    *_, whole = picture.of_account(replace(account, gaps=[early]))
    assert boxes(whole) == [(0, 0, COLUMNS, 1)]


def test_a_short_period_has_a_column_for_each_hour_and_says_the_time() -> None:
    picture = HoursPicture(datetime(2025, 1, 1, 22, tzinfo=UTC), 8)

    assert picture.width == 8
    assert picture.edges == list(range(9))
    assert picture.ticks[0] == "2025-01-01 22:00"
    assert picture.ticks[-1] == "2025-01-02 06:00"
