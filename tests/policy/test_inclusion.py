from pathlib import Path

import pytest

from checker.errors import UsageError
from checker.policy.loader import load_rules, read_rules
from checker.policy.parameters import Settings
from tests.builders import rule_text, write_rules

PACK = "id: {id}\ntitle: A pack\nversion: '1'\n"


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    for name, ids in {"one": ["one-a", "one-b"], "two": ["two-a"]}.items():
        write_rules(tmp_path / name, *(rule_text(each) for each in ids))
        (tmp_path / name / "pack.yaml").write_text(PACK.format(id=name), encoding="utf-8")
    return tmp_path


def choose(packs: Path, text: str, *own: str) -> Path:
    folder = packs / "chosen"
    folder.mkdir()
    write_rules(folder, *own)
    (folder / "pack.yaml").write_text(PACK.format(id="chosen") + text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("include: one-a", ["one-a"]),
        ("include: ['*-a']", ["one-a", "two-a"]),
        ("include: ['pack:one']", ["one-a", "one-b"]),
        ("include: ['pack:*']\nexclude: [one-b]", ["one-a", "two-a"]),
    ],
)
def test_a_pack_may_be_a_selection_of_others_rules(packs: Path, text: str, ids: list[str]) -> None:
    book = load_rules([str(choose(packs, text))], Settings())

    assert [rule.id for rule in book.rules] == ids
    assert {rule.origin.pack for rule in book.rules} == {each.split("-")[0] for each in ids}
    assert "chosen" in [pack.id for pack in book.packs]


def test_it_may_have_rules_of_its_own_beside(packs: Path) -> None:
    folder = choose(packs, "include: two-a", rule_text("own"))

    assert [rule.id for rule in read_rules([str(folder)]).rules] == ["own", "two-a"]


def test_a_rule_that_two_packs_name_is_judged_once(packs: Path) -> None:
    folder = choose(packs, "include: ['pack:one']")

    book = read_rules([str(folder), str(packs / "one")])

    assert [rule.id for rule in book.rules] == ["one-a", "one-b"]


@pytest.mark.parametrize("key", ["include: ['*']\nexclude", "include"])
def test_what_means_no_rule_is_an_error(packs: Path, key: str) -> None:
    folder = choose(packs, f"{key}: [three-*]")

    with pytest.raises(UsageError, match="'three-\\*' means no rule of a pack beside it"):
        read_rules([str(folder)])
