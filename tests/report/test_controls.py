from msgspec.structs import replace

from checker.report.controls import frameworks_of, natural_key
from checker.report.frameworks_model import CatalogueControl, FrameworkEntry
from tests.report.sample import sample_report
from tests.report.sample_exceptions import sample_frameworks


def test_controls_are_listed_in_natural_order_with_the_rules_behind_them() -> None:
    frameworks = frameworks_of(sample_report().rules, [])

    assert [framework.id for framework in frameworks] == [
        "cis-aws-v7.0.0",
        "nist-800-53-r5",
        "soc2",
    ]
    assert [control.id for control in frameworks[0].controls] == ["5.3", "5.4", "5.10"]
    (line,) = frameworks[2].controls
    assert [(backing.rule.verdict, backing.relation) for backing in line.backings] == [
        ("fail", "tests"),
        ("pass", "supports"),
    ]
    assert (line.count("pass"), line.count("error"), line.worst) == (1, 0, "fail")
    assert line.owner == "Platform Security"


def test_controls_without_a_rule_are_those_of_which_cloudtrail_can_tell_something() -> None:
    (entry, *_) = sample_frameworks()
    beyond = CatalogueControl(id="1.1", title="Contact details", cloudtrail="none")

    cis, *_ = frameworks_of(
        sample_report().rules, [replace(entry, controls=[beyond, *entry.controls])]
    )

    assert [(each.id, each.title) for each in cis.open] == [("5.5", "Changes of trails")]
    assert cis.controls[0].title == "Use of root"
    assert cis.results == ["fail", "fail", "waived", ""]
    assert cis.count("fail") == 2


def test_a_framework_that_no_rule_of_the_report_names_is_listed_too() -> None:
    entry = FrameworkEntry(id="our-own", title="Ours", source="", controls=[], beyond=3)

    (ours,) = frameworks_of([], [entry])

    assert (ours.entry, ours.controls, ours.open) == (entry, [], [])


def test_natural_order_survives_any_digits() -> None:
    assert natural_key("5.4") < natural_key("5.10") < natural_key("5.10.1")
    assert natural_key("9" * 5000) > natural_key("8")
    assert natural_key("٣" * 5000) == ((1, 0, "٣" * 5000),)
