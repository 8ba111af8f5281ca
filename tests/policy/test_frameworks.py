import pytest

from checker.policy.frameworks import Shows, framework, framework_ids, nearest_control
from checker.policy.loader import read_rules
from checker.policy.packs import bundled_packs

FRAMEWORKS = (
    "cis-aws-v5.0.0",
    "cis-aws-v7.0.0",
    "iso-27001-2022",
    "nist-800-53-r5",
    "pci-dss-4.0.1",
    "soc2",
)


def test_the_frameworks_are_known_by_name() -> None:
    assert framework_ids() == FRAMEWORKS
    assert framework("nist-800-53") is None


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_a_catalogue_is_sound(name: str) -> None:
    known = framework(name)

    assert known is not None
    assert known.id == name
    assert len(known.by_id) == len(known.controls)
    for control in known.controls:
        assert bool(control.why) is (control.cloudtrail is not Shows.NONE), control.id


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("cis-aws-v5.0.0", 63),
        ("cis-aws-v7.0.0", 70),
        ("iso-27001-2022", 93),
        ("nist-800-53-r5", 1196),
        ("soc2", 61),
    ],
)
def test_a_catalogue_is_complete(name: str, count: int) -> None:
    known = framework(name)

    assert known is not None
    assert len(known.controls) == count


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("nist-800-53-r5", "AC-6(9)", "ac-6.9"),
        ("nist-800-53-r5", "ac-06.09", "ac-6.9"),
        ("nist-800-53-r5", "AC-69", ""),
        ("soc2", "cc_6_1", "CC6.1"),
        ("iso-27001-2022", "a.8.15", "A.8.15"),
        ("cis-aws-v7.0.0", "5.04", "5.4"),
    ],
)
def test_another_spelling_of_an_id_is_told_from_another_control(
    name: str, written: str, meant: str
) -> None:
    known = framework(name)

    assert known is not None
    assert nearest_control(known, written) == meant


def test_frameworks_are_no_pack() -> None:
    assert "frameworks" not in bundled_packs()
    assert all(rule.origin.pack != "frameworks" for rule in read_rules(bundled_packs()).rules)
