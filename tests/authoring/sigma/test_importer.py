"""The import as a whole: which rules come out, what they say, and what is told of the rest."""

from pathlib import Path

import pytest

pytest.importorskip("sigma.collection", reason="needs pysigma")

from checker.authoring.lint.linter import lint
from checker.authoring.rule_tests import run_tests
from checker.authoring.sigma.document import document
from checker.authoring.sigma.folder import write_rules
from checker.authoring.sigma.importer import Imported, import_sigma
from checker.errors import Level, UsageError
from checker.policy.loader import read_rules
from checker.policy.parameters import Settings

RULES = Path(__file__).with_name("rules")
HERE = Path(__file__).parent
GOLDEN = HERE / "golden"

RULE = """\
title: {title}
logsource: {{product: aws, service: cloudtrail}}
detection:
  selection: {{eventSource: s3.amazonaws.com, eventName: DeleteBucket}}
  condition: selection
level: low
"""


def imported(folder: Path, *texts: str) -> Imported:
    for index, text in enumerate(texts):
        (folder / f"rule-{index}.yml").write_text(text, encoding="utf-8")
    return import_sigma([str(folder)])


def test_no_rule_that_is_imported_has_an_error_of_lint_and_all_pass_their_tests(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "sigma"
    drafts = import_sigma([str(RULES)]).drafts
    write_rules(folder, drafts)

    rules = read_rules([str(folder)]).rules

    assert len(rules) == len(drafts) > 30
    # A warning may be about what the Sigma rule itself asks: a call of another service, say.
    assert [each for each in lint(rules) if each.level is Level.ERROR] == []
    results = list(run_tests(rules, Settings()))
    assert [result for result in results if not result.passed] == []
    assert [draft.id for draft in drafts if not draft.cases] == []
    tested = {(result.rule.id, result.case.expect.value) for result in results}
    assert {rule.id for rule in rules} == {name for name, expect in tested if expect == "fail"}


@pytest.mark.parametrize("title", ["Many failed sign-ins", "One of some, and not another"])
def test_a_rule_is_written_for_people(
    title: str, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE)
    (draft,) = (each for each in import_sigma(["rules"]).drafts if each.source.title == title)
    golden = GOLDEN / f"{draft.id}.yaml"
    if pytestconfig.getoption("--update-golden"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(document(draft), encoding="utf-8")

    assert document(draft) == golden.read_text(encoding="utf-8")


def test_what_is_not_translated_is_told_with_its_construct_and_its_line() -> None:
    told = {
        each.title: (each.construct, each.line)
        for each in import_sigma([str(RULES / "refused.yml")]).refused
    }

    assert told == {
        "Keywords": ("keywords", 4),
        "Look-ahead": ("regularexpression", 7),
        "Pipe": ("condition", 18),
        "Placeholder": ("userIdentity.userName|expand", 24),
        "Part of a time": ("eventTime|hour", 31),
        "Index in a field": ("field resources[0].ARN", 38),
        "Unknown modifier": ("modifier", 41),
        "A selection that is not there": ("condition", 52),
        "Another log": ("logsource", 55),
        "Other base": ("correlation", 67),
        "Too few": ("condition lt", 79),
        "A sum": ("value_sum", 83),
        "Nothing referred to": ("rules", 91),
        "Either of two": ("condition gte 1", 100),
        "One, and not the other": ("condition base and not other_base", 105),
        "Chain": ("rules", 109),
        "An alias of one alone": ("aliases", 128),
    }


def test_a_filter_goes_into_the_rules_that_it_means_and_no_others() -> None:
    found = import_sigma([str(RULES / "filters.yml")])

    (draft,) = found.drafts
    assert "!(glob(lower(userIdentity.arn), '*:assumed-role/deploy/*'))" in document(draft)
    assert "It takes in: filter Deployments delete buckets." in document(draft)
    assert [each.title for each in found.refused] == ["Nobody else's filter"]


def test_rules_of_one_title_get_ids_of_their_own(tmp_path: Path) -> None:
    found = imported(tmp_path, *[RULE.format(title="'Bücket: deleted!'")] * 3)

    assert [draft.id for draft in found.drafts] == [
        "b-cket-deleted",
        "b-cket-deleted-2",
        "b-cket-deleted-3",
    ]


def test_rules_about_other_logs_are_counted_and_left_alone(tmp_path: Path) -> None:
    other = RULE.format(title="Other").replace("product: aws, service: cloudtrail", "product: okta")
    found = imported(tmp_path, RULE.format(title="Ours"), other)

    assert (len(found.drafts), found.others, found.refused) == (1, 1, ())


def test_a_rule_of_another_log_that_was_named_itself_is_not_translated(tmp_path: Path) -> None:
    path = tmp_path / "okta.yml"
    text = RULE.format(title="Other").replace("product: aws, service: cloudtrail", "product: okta")
    path.write_text(text, encoding="utf-8")

    (refused,) = import_sigma([str(path)]).refused
    assert (refused.construct, refused.why) == ("logsource", "okta: not AWS CloudTrail")


def test_a_fault_in_what_a_rule_says_of_itself_is_a_note(tmp_path: Path) -> None:
    text = RULE.format(title="Odd") + "falsepositives: none known\ndate: someday\nid: no-uuid\n"
    (draft,) = imported(tmp_path, text).drafts

    assert "pySigma says: Sigma rule falsepositives must be a list" in draft.notes
    assert "False positives: none known." in document(draft)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: [", "not valid YAML"),
        ("- a list", "a document is no mapping"),
        ("", "a document is no mapping"),
        ("a: &a {b: c}\nd: {<<: *a}", "a merge key"),
        ("a: " + "[" * 60 + "]" * 60, "nested too deep"),
        ("a: &a [x]\nb: [" + ", ".join(["*a"] * 60) + "]", "too many values or aliases"),
        ("title: x\ndate: 2024-02-30", "day is out of range"),
        ("title: 5\nlogsource: text\ndetection: 7\n", "logsource"),
        ("title: x\ncorrelation: 3\n", "must be a dict"),
        ("title: x\naction: fly\n", "Unknown Sigma collection action"),
        (
            RULE.format(title="x").replace("selection:", "selection: {}\n  other:"),
            "Detection is empty",
        ),
    ],
)
def test_a_file_that_is_no_sigma_rule_is_told_and_stops_no_other(
    text: str, why: str, tmp_path: Path
) -> None:
    found = imported(tmp_path, text, RULE.format(title="Sound"))

    assert [draft.source.title for draft in found.drafts] == ["Sound"]
    assert [each.path for each in found.refused] == [f"{tmp_path.as_posix()}/rule-0.yml"]
    assert why in found.refused[0].why


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "condition: selection",
            "condition: " + "not (selection or " * 150 + "selection" + ")" * 150,
        ),
        ("level: low", "level: low\ndescription: " + "long " * 3000),
        ("condition: selection", "condition: 5"),
        ("eventName: DeleteBucket", "eventName: {a: b}"),
    ],
)
def test_what_is_too_much_for_a_rule_is_told(old: str, new: str, tmp_path: Path) -> None:
    found = imported(tmp_path, RULE.format(title="Too much").replace(old, new))

    assert found.drafts == ()
    assert len(found.refused) == 1


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "rule.yml").write_bytes(b"title: \xff\xfe")

    assert "utf-8" in import_sigma([str(tmp_path)]).refused[0].why


def test_a_place_without_rules_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        import_sigma([str(tmp_path), str(tmp_path / "nothing")])

    assert {problem.code for problem in caught.value.problems} == {"sigma-not-found"}


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    text = RULE.format(title='"Ti\\e[31mtle\\n# id: x ##[command]"') + (
        'author: "x\\nid: evil\\u202e"\ndescription: "a\\n\\n- b: c\\ttab # no"\n'
        'tags: ["attack.t1 !{}"]\nreferences: ["https://x.example/a b", "https://x.example/`"]\n'
    )
    (draft,) = imported(tmp_path, text).drafts
    folder = tmp_path / "sigma"
    write_rules(folder, [draft])

    (rule,) = read_rules([str(folder)]).rules
    assert rule.id == draft.id
    assert rule.references == ("https://x.example/`",)
    assert "\u202e" not in document(draft)


def test_an_import_may_be_repeated_and_overwrites_no_other_file(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    drafts = imported(source, RULE.format(title="One")).drafts
    folder = tmp_path / "sigma"
    write_rules(folder, drafts)
    write_rules(folder, drafts)
    (folder / "one.yaml").write_text("id: one\n", encoding="utf-8")

    with pytest.raises(UsageError) as caught:
        write_rules(folder, drafts)
    assert caught.value.problems[0].code == "import-overwrites"


def test_a_folder_whose_name_is_no_id_gets_no_pack(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    drafts = imported(source, RULE.format(title="One")).drafts

    assert "no pack.yaml" in write_rules(tmp_path / "My Rules", drafts)
    assert write_rules(tmp_path / "my-rules", drafts) == ""
    assert (tmp_path / "my-rules" / "pack.yaml").is_file()
