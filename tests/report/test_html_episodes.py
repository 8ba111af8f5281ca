import pytest

from checker.report.html import render_html
from checker.report.model import Report
from tests.report.html_page import Page
from tests.report.sample import sample_report


@pytest.fixture(scope="module")
def report() -> Report:
    return sample_report()


@pytest.fixture(scope="module")
def page(report: Report) -> Page:
    return Page(render_html(report))


def test_every_episode_and_every_event_of_it_can_be_reached(report: Report, page: Page) -> None:
    html = render_html(report)
    ids = set(page.values("id"))
    episodes = [
        (f"rule-{rule.id}-{kind}-{number}", episode)
        for rule in report.rules
        for kind, certain in (("exception", True), ("untold", False))
        for number, episode in enumerate(
            (each for each in rule.episodes.shown if each.certain is certain), start=1
        )
    ]

    assert len(episodes) == 6
    for name, episode in episodes:
        assert name in ids
        assert episode.summary in page.words
        for number, evidence in enumerate(episode.evidence, start=1):
            assert f"{name}-event-{number}" in ids
            assert f"Event id\t{evidence.event_id}\n" in html


def test_an_episode_shows_its_group_its_time_and_how_many_events(page: Page) -> None:
    for words in (
        "Exceptions: groups of events 3 of 4 shown, earliest first",
        "3 events in 3 min Group sourceIPAddress 203.0.113.7 awsRegion (absent)",
        "Time 2025-01-15 08:20:30 UTC to 2025-01-15 08:23:30 UTC Account 111122223333 Events 3",
        "Events 240; 3 shown, the first and the last",
        "Group its values could not be read again",
        "Group all events together Time 2025-01-15 08:20:30 UTC Account none named Events 1",
        "Could not be told: the logs begin too late or end too soon 1 of 1 shown",
        "Exceptions: intervals without an occurrence 1 of 1 shown",
        "Must occur at least once every 90 days in every account",
        "Events at its ends none",
    ):
        assert words in page.text


def test_an_absent_value_is_told_from_text_that_says_so(report: Report) -> None:
    html = render_html(report)

    assert '<dd><span class="absent">(absent)</span></dd>' in html
    assert '<dd><code class="block">(absent)</code></dd>' in html
