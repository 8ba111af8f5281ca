from pathlib import Path

import pytest

from checker.errors import UsageError
from checker.policy.loader import load_rules, read_rules
from checker.policy.parameters import Settings, settings_from_options
from tests.builders import book_of, rule_of, rule_text, write_rules

PARAMS = "\n  approved:\n    type: [string]\n    default: [a, b]"


def problems_of(folder: Path, *texts: str) -> list[str]:
    with pytest.raises(UsageError) as caught:
        book_of(folder, *texts)
    return [str(problem) for problem in caught.value.problems]


def test_a_rule_is_read_whole(tmp_path: Path) -> None:
    text = rule_text(
        description="Why.",
        controls="\n  nist-800-53-r5: [{id: ac-6.9, relation: tests}, cm-5.1]\n  soc2: CC6.1",
        effective="{from: 2024-12-16, until: 2025-01-01T08:00:00+02:00}",
        tags="[iot]",
        evidence="{policy: requestParameters.policyName}",
    )

    rule = rule_of(tmp_path, text)

    assert rule.severity.value == "high"
    assert [(c.id, c.relation.value) for c in rule.controls["nist-800-53-r5"]] == [
        ("ac-6.9", "tests"),
        ("cm-5.1", "supports"),
    ]
    assert [c.id for c in rule.controls["soc2"]] == ["CC6.1"]
    assert rule.effective.start is not None
    assert rule.effective.start.isoformat() == "2024-12-16T00:00:00+00:00"
    assert rule.effective.until is not None
    assert rule.effective.until.isoformat() == "2025-01-01T06:00:00+00:00"
    assert rule.origin.path.endswith("a-rule.yaml")


def test_every_problem_of_every_file_is_reported_at_once(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path,
        rule_text("one", severity="hihg", requir="x", require=None),
        rule_text("two", where="eventName = 'x'", effective="{from: 2024-02-30}"),
    )

    places = [line.split(".yaml:")[1].split(":")[0] for line in found]
    assert places == ["1", "3", "7", "8", "9"]


UNSOUND = {
    "no rule at all": ("- a\n- b", "1:1: expected a rule, found a list"),
    "unknown key": (rule_text(requre="x"), "did you mean 'require'?"),
    "unknown severity": (rule_text(severity="hgih"), "did you mean 'high'? (valid: info,"),
    "missing title": (rule_text(title=None), "a rule lacks 'title'"),
    "empty title": (rule_text(title=""), "expected a title, found nothing"),
    "missing match": (rule_text(match=None), "a rule lacks 'match'"),
    "empty match": (rule_text(match="{}"), "match: expected paths and values"),
    "no assertion": (
        rule_text(require=None),
        "exactly one of require, forbid, correlation, cadence; found none",
    ),
    "two assertions": (
        rule_text(forbid="true"),
        "exactly one of require, forbid, correlation, cadence; found require and",
    ),
    "a condition that is a list": (
        rule_text(require="[a]"),
        "expected a JMESPath expression, found a",
    ),
    "a condition that is a word": (rule_text(require="true"), "would read a field of that name"),
    "a function in a match key": (
        rule_text(match="{length(x): 1}"),
        "match: 'length(x)' is more than a path of the event",
    ),
    "a mapping as a match value": (rule_text(match="{a: {b: c}}"), "expected a value or a list"),
    "an effective that ends first": (
        rule_text(effective="{from: 2025-01-01, until: 2024-01-01}"),
        "'from' is not before 'until'",
    ),
    "a day that does not exist": (rule_text(effective="{from: 2024-02-30}"), "'2024-02-30'"),
    "an undeclared parameter": (rule_text(require="a == $b"), "$b is no parameter of rule a-rule"),
    "a parameter misspelt": (
        rule_text(params=PARAMS, require="glob(a, $aproved)"),
        "did you mean '$approved'?",
    ),
    "a default of another type": (
        rule_text(params="\n  n:\n    type: integer\n    default: many"),
        "expected a value of type integer, found 'many'",
    ),
    "an unknown parameter type": (
        rule_text(params="\n  n:\n    type: strng"),
        "did you mean 'string'?",
    ),
    "a script as a reference": (rule_text(references="['javascript:x']"), "expected an http(s)"),
    "an id that is a path": (rule_text().replace("id: a-rule", "id: ../x"), "expected a rule id"),
    "an unknown expectation": (
        rule_text(tests="\n  base: {}\n  cases: [{name: x, expect: passed}]"),
        "did you mean 'pass'?",
    ),
    "a case without an event": (
        rule_text(tests="\n  cases: [{name: x, expect: pass}]"),
        "there is neither a base nor an event",
    ),
    "a case that sets and replaces": (
        rule_text(tests="\n  cases: [{name: x, event: {}, set: {a: 1}, expect: pass}]"),
        "set and unset change the base",
    ),
    "a case that takes out what is not there": (
        rule_text(tests="\n  base: {a: 1}\n  cases: [{name: x, unset: b, expect: pass}]"),
        "'b': there is nothing at 'b'",
    ),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_an_unsound_rule_is_refused_with_its_place_and_a_way_out(tmp_path: Path, name: str) -> None:
    text, said = UNSOUND[name]
    path = tmp_path / "a-rule.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError) as caught:
        load_rules([path.as_posix()], Settings())

    assert said in str(caught.value)
    assert all(problem.place and problem.place.line for problem in caught.value.problems)


def test_an_expression_error_points_at_its_character(tmp_path: Path) -> None:
    text = (
        rule_text(require=None)
        + "forbid: >-\n  eventName == 'x' &&\n  lenth(requestParameters) > `1`\n"
    )
    rule = tmp_path / "a-rule.yaml"
    rule.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError) as caught:
        load_rules([rule.as_posix()], Settings())

    (problem,) = caught.value.problems
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (9, 3)
    assert "^" in problem.excerpt
    assert "length" in problem.hint


def test_an_id_is_its_file_s_name(tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(rule_text(), encoding="utf-8")

    with pytest.raises(UsageError, match=r"the id 'a-rule' is not the file's name 'other'"):
        read_rules([path.as_posix()])


def test_an_id_stands_once_in_a_run(tmp_path: Path) -> None:
    one = write_rules(tmp_path / "one", rule_text())
    two = write_rules(tmp_path / "two", rule_text())

    with pytest.raises(UsageError, match="is also that of"):
        read_rules([one, two])


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    folder = write_rules(tmp_path, rule_text())

    assert len(read_rules([folder, f"{folder}/a-rule.yaml"]).rules) == 1


@pytest.mark.parametrize("location", ["nowhere", "iott", "missing/rule.yaml"])
def test_a_location_that_is_nothing_says_what_would_be(location: str) -> None:
    with pytest.raises(UsageError, match="is no rule file, no folder and no bundled pack"):
        read_rules([location])


def test_a_folder_without_rules_is_no_rule_set(tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("nothing here", encoding="utf-8")

    with pytest.raises(UsageError, match="no rule files in this folder"):
        read_rules([tmp_path.as_posix()])


def test_a_name_that_is_a_pack_and_a_folder_is_ambiguous(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_rules(Path("iot"), rule_text())

    with pytest.raises(UsageError, match=r"write \./iot .* pack:iot"):
        read_rules(["iot"])
    assert [rule.id for rule in read_rules(["./iot"]).rules] == ["a-rule"]
    assert len(read_rules(["pack:iot"]).rules) > 1


def test_a_pack_s_problem_names_its_file_as_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_rules(Path("mine"), rule_text())
    Path("mine/pack.yaml").write_text("id: mine\ntitle: Mine\n", encoding="utf-8")

    with pytest.raises(UsageError, match=r"^mine/pack.yaml:1:1: a pack lacks 'version'"):
        read_rules(["mine"])


def test_hidden_files_are_not_rules(tmp_path: Path) -> None:
    folder = write_rules(tmp_path, rule_text())
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "workflow.yaml").write_text("on: push", encoding="utf-8")

    assert [rule.id for rule in read_rules([folder]).rules] == ["a-rule"]


def test_a_pack_lends_its_parameters_to_its_rules(tmp_path: Path) -> None:
    text = rule_text(require="glob(userIdentity.arn, $approved)")
    folder = write_rules(tmp_path / "mine", text)
    pack = f"id: mine\ntitle: Mine\nversion: '1'\nparams:{PARAMS}\n"
    (tmp_path / "mine" / "pack.yaml").write_text(pack, encoding="utf-8")

    book = load_rules([folder], Settings())

    assert book.rules[0].values == {"approved": ["a", "b"]}
    assert book.rules[0].origin.pack == "mine"
    assert [pack.id for pack in book.packs] == ["mine"]


def test_a_pack_has_its_folder_s_name(tmp_path: Path) -> None:
    folder = write_rules(tmp_path / "mine", rule_text())
    pack = tmp_path / "mine" / "pack.yaml"
    pack.write_text("id: other\ntitle: Mine\nversion: '1'\n", encoding="utf-8")

    with pytest.raises(UsageError, match=r"pack.yaml:1:5: the pack's id 'other' is not its folder"):
        read_rules([folder])


def test_values_from_outside_win_and_one_rule_s_own_wins_over_all(tmp_path: Path) -> None:
    texts = [
        rule_text(name, params=PARAMS, require="glob(a, $approved)") for name in ("one", "two")
    ]
    settings = settings_from_options(("approved=x", "approved=y", "two.approved=[z]"))

    book = book_of(tmp_path, *texts, settings=settings)

    assert [rule.values["approved"] for rule in book.rules] == [["x", "y"], ["z"]]


def test_a_value_for_no_parameter_is_refused(tmp_path: Path) -> None:
    text = rule_text(params=PARAMS, require="glob(a, $approved)")

    with pytest.raises(UsageError, match=r"no rule reads a parameter 'aproved'(.|\n)*'approved'"):
        book_of(tmp_path, text, settings=settings_from_options(("aproved=x",)))


def test_a_parameter_without_a_value_is_refused_when_rules_are_to_judge(tmp_path: Path) -> None:
    text = rule_text(params="\n  roles:\n    type: [string]", require="glob(a, $roles)")

    assert len(read_rules([write_rules(tmp_path, text)]).rules) == 1
    with pytest.raises(UsageError, match=r"\$roles \(\[string\]\) has no value"):
        book_of(tmp_path, text)


def test_a_value_that_a_function_cannot_work_with_is_refused_when_rules_are_loaded(
    tmp_path: Path,
) -> None:
    text = rule_text(
        params="\n  office:\n    type: [string]\n    default: [192.0.2.0/33]",
        require="ip_in(sourceIPAddress, $office)",
    )

    with pytest.raises(UsageError, match=r"a-rule: the value of \$office: .*192.0.2.0/33"):
        book_of(tmp_path, text)


def test_a_case_sets_only_parameters_that_the_rule_has(tmp_path: Path) -> None:
    tests = "\n  cases:\n    - {name: n, event: {a: 1}, params: {aproved: x}, expect: fail}"
    text = rule_text(params=PARAMS, require="glob(a, $approved)", tests=tests)

    with pytest.raises(
        UsageError, match=r"a-rule.yaml:\d+:\d+: the case 'n' sets aproved(.|\n)*approved"
    ):
        book_of(tmp_path, text)


def test_two_packs_of_one_name_are_not_taken_for_one(tmp_path: Path) -> None:
    folders = []
    for side in ("left", "right"):
        folder = tmp_path / side / "mine"
        folders.append(write_rules(folder, rule_text(f"of-{side}")))
        pack = "id: mine\ntitle: Mine\nversion: '1'\n"
        (folder / "pack.yaml").write_text(pack, encoding="utf-8")

    with pytest.raises(UsageError, match="two packs have the id 'mine'"):
        read_rules(folders)


def test_the_folder_that_one_stands_in_is_not_above_a_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rules(tmp_path, rule_text(require="glob(userIdentity.arn, $approved)"))
    here = tmp_path / "here"
    here.mkdir()
    pack = f"id: here\ntitle: Here\nversion: '1'\nparams:{PARAMS}\n"
    (here / "pack.yaml").write_text(pack, encoding="utf-8")
    monkeypatch.chdir(here)

    for path in ("../a-rule.yaml", "../here/../a-rule.yaml"):
        with pytest.raises(UsageError, match=r"\$approved is no parameter"):
            read_rules([path])
