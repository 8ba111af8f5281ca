"""The hooks for pre-commit, tried by committing with the real program."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.builders import APPROVED, event, rule_text
from tests.scratch_repository import Repository, configuration, tracked_files

TOP = Path(__file__).resolve().parents[1]
MANIFEST = ".pre-commit-hooks.yaml"
CONFIGURATION = ".pre-commit-config.yaml"
DOCUMENTED, DOCUMENTED_FOR_A_FOLDER = (
    text
    for text in re.findall(
        r"```yaml\n(.*?)```",
        (TOP / "docs/gate-a-pipeline.md").read_text(encoding="utf-8"),
        re.DOTALL,
    )
    if "repos:" in text
)
LOGS = "tests/fixtures/trails"
TESTS = """\
tests:
  base: {eventSource: iot.amazonaws.com, eventName: AttachPolicy}
  cases:
    - name: the approved role attaches
      set: {userIdentity.arn: 'arn:aws:iam::111122223333:role/Approved'}
      expect: pass
    - name: someone else attaches
      expect: fail
"""
RULE = {"our-rules/a-rule.yaml": rule_text() + TESTS}
PACK = """\
id: our-rules
title: Ours
version: "1"
params:
  approved: {type: string, default: 'arn:aws:iam::111122223333:role/Approved'}
"""
RULE_OF_PACK = {"our-rules/a-rule.yaml": rule_text(require="userIdentity.arn == $approved") + TESTS}


def log(name: str, **changes: Any) -> dict[str, str]:
    """Give a fixture log with one event, that of an approved role unless a change says otherwise."""
    record = event(**{"userIdentity": APPROVED, "eventID": name, **changes})
    return {f"{LOGS}/{name}": json.dumps({"Records": [record]})}


GOOD = log("odd [1] é.json")
BAD = log("bad.json", userIdentity=event()["userIdentity"])


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Give a repository with our hooks as they are, except that they run what is installed here.

    With `language: python` pre-commit would build an environment from the package index first; the
    test marked slow does that.
    """
    folder = tmp_path_factory.mktemp("offered")
    repository = Repository(folder / "hooks", cache=folder / "cache")
    repository.start()
    manifest = (TOP / MANIFEST).read_text(encoding="utf-8")
    repository.record({MANIFEST: manifest.replace("language: python", "language: system")})
    return repository


@pytest.fixture(scope="module")
def hooked(offered: Repository, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Give a repository set up as the documentation shows, to be copied for each test."""
    repository = Repository(tmp_path_factory.mktemp("hooked") / "top", cache=offered.cache)
    repository.start()
    repository.record({CONFIGURATION: configuration(offered, DOCUMENTED)})
    repository.run("pre-commit", "install")
    return repository


@pytest.fixture
def project(hooked: Repository, tmp_path: Path) -> Repository:
    shutil.copytree(hooked.folder, tmp_path / "project")
    return Repository(tmp_path / "project", cache=hooked.cache)


@pytest.fixture
def set_up(project: Repository, offered: Repository) -> Callable[[str], None]:
    """Give a function that replaces the project's configuration."""

    def replace(documented: str) -> None:
        project.record({CONFIGURATION: configuration(offered, documented)})

    return replace


def test_the_documentation_sets_up_every_hook() -> None:
    manifest = yaml.safe_load((TOP / MANIFEST).read_text(encoding="utf-8"))
    (repository,) = yaml.safe_load(DOCUMENTED)["repos"]

    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in manifest]


@pytest.mark.parametrize(
    ("path", "is_handed"),
    [
        ("AWSLogs/111122223333/CloudTrail/eu-west-1/2024/05/01/a.json.gz", True),
        ("fixtures/AWSLogs/o-exampleorg/111122223333/CloudTrail/eu-west-1/2024/05/01/a.json", True),
        ("AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2024/05/01/a.json.gz", False),
        ("package.json", False),
    ],
)
def test_without_a_pattern_the_layout_of_cloudtrail_is_handed_over(
    path: str, *, is_handed: bool
) -> None:
    check, *_ = yaml.safe_load((TOP / MANIFEST).read_text(encoding="utf-8"))

    assert bool(re.search(check["files"], path)) is is_handed


def test_sound_logs_and_rules_are_committed(project: Repository) -> None:
    commit = project.commit({**GOOD, **RULE})

    assert commit.made, commit.said
    assert "1 rule: 1 passed, 0 failed, " in commit.said
    assert "1 rule, no problems" in commit.said
    assert "1 rule, 2 tests: 2 passed, 0 failed" in commit.said


def test_a_commit_without_logs_and_rules_asks_no_hook(project: Repository) -> None:
    commit = project.commit({"README.md": "Hello\n"})

    assert commit.made
    assert commit.said.count("(no files to check)Skipped") == 3


def test_a_log_that_breaks_a_rule_stops_the_commit(project: Repository) -> None:
    project.record(RULE)

    commit = project.commit({**GOOD, **BAD})

    assert not commit.made
    assert "1 exception in 2 events tested" in commit.said
    assert "arn:aws:iam::111122223333:user/alice" in commit.said
    assert "Exit 1: 1 rule of severity low or above failed." in commit.said


@pytest.mark.parametrize(
    "text", ['{"name": "x", "version": "1.0.0"}', '{"Records": ['], ids=["other JSON", "a cut log"]
)
def test_what_is_no_trail_log_stops_the_commit_and_is_named(project: Repository, text: str) -> None:
    project.record(RULE)

    commit = project.commit({**GOOD, f"{LOGS}/package.json": text})

    assert not commit.made
    assert f"error  {LOGS}/package.json:" in commit.said
    assert "hint: " in commit.said
    assert "Exit 3: not all of the input could be read." in commit.said


def test_all_logs_of_a_commit_are_judged_together(project: Repository) -> None:
    project.record(RULE)
    logs = [log(f"{number}.json") for number in range(16)]

    commit = project.commit({name: text for each in logs for name, text in each.items()})

    assert commit.made, commit.said
    assert "16 events in 16 files" in commit.said


@pytest.mark.parametrize("broken", [None, 0], ids=["none", "in the first"])
def test_a_violation_in_any_part_stops_a_commit_too_long_for_one_command_line(
    project: Repository, broken: int | None
) -> None:
    project.record(RULE)
    folders = "/".join(letter * 180 for letter in "abc")
    logs = [log(f"{folders}/{number:03}.json") for number in range(250)]
    if broken is not None:
        ((name, text),) = logs[broken].items()
        logs[broken] = {name: text.replace(":role/Approved", ":user/alice")}

    commit = project.commit({name: text for each in logs for name, text in each.items()})

    assert commit.said.count("1 rule: ") == 2
    assert commit.made is (broken is None), commit.said
    assert commit.said.count("Exit 1: ") == (broken is not None)


def test_a_folder_in_the_arguments_is_judged_whole_whatever_changed(
    project: Repository, set_up: Callable[[str], None]
) -> None:
    set_up(DOCUMENTED_FOR_A_FOLDER)
    project.record({**RULE, **GOOD, f"{LOGS}/README.md": "Hello\n"})

    sound = project.commit(log("more.json"))
    unsound = project.commit(BAD)

    assert sound.made, sound.said
    assert "2 events in 2 files" in sound.said
    assert not unsound.made
    assert "1 exception in 3 events tested" in unsound.said


def test_a_mistake_in_a_rule_stops_the_commit_with_place_and_hint(project: Repository) -> None:
    commit = project.commit({"our-rules/a-rule.yaml": rule_text().replace("severity", "severty")})

    assert not commit.made
    assert "our-rules/a-rule.yaml:3:1: unknown key 'severty'" in commit.said
    assert "hint: did you mean 'severity'?" in commit.said


def test_a_pack_is_loaded_whole_whichever_of_its_files_changed(project: Repository) -> None:
    project.record({**RULE_OF_PACK, "our-rules/pack.yaml": PACK})

    sound = project.commit({"our-rules/pack.yaml": PACK.replace("Ours", "Still ours")})
    unsound = project.commit({"our-rules/pack.yaml": PACK.replace("approved", "allowed")})

    assert sound.made, sound.said
    assert not unsound.made
    assert "our-rules/a-rule.yaml:7:" in unsound.said
    assert "$approved is no parameter of rule a-rule" in unsound.said


def test_rules_that_lost_a_file_stop_the_commit_where_hooks_always_run(
    project: Repository, set_up: Callable[[str], None]
) -> None:
    set_up(DOCUMENTED.replace("args: [our-rules]", "args: [our-rules]\n        always_run: true"))
    project.record({**RULE_OF_PACK, "our-rules/pack.yaml": PACK})
    (project.folder / "our-rules/pack.yaml").unlink()

    commit = project.commit({})

    assert not commit.made
    assert "$approved is no parameter of rule a-rule" in commit.said


def test_a_rule_that_fails_its_test_stops_the_commit(project: Repository) -> None:
    rule = rule_text() + TESTS.replace("role/Approved", "role/Other")

    commit = project.commit({"our-rules/a-rule.yaml": rule})

    assert not commit.made
    assert "1 rule, no problems" in commit.said
    assert "our-rules/a-rule.yaml:11:13: rule a-rule: the approved role attaches" in commit.said
    assert "expected pass, found fail" in commit.said
    assert "1 rule, 2 tests: 1 passed, 1 failed" in commit.said


def test_rules_that_are_not_there_stop_the_commit(project: Repository) -> None:
    commit = project.commit({"elsewhere/a-rule.yaml": rule_text()})

    assert not commit.made
    assert commit.said.count("nothing was checked: 1 problem\n'our-rules' is no rule file") == 2


@pytest.mark.slow
def test_the_hooks_work_as_pre_commit_installs_them(tmp_path: Path) -> None:
    checkout = Repository(tmp_path / "checkout", cache=tmp_path / "cache")
    checkout.start()
    for path in tracked_files(TOP):
        (checkout.folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(TOP / path, checkout.folder / path)
    checkout.record({})
    project = Repository(tmp_path / "project", cache=checkout.cache)
    project.start()
    documented = DOCUMENTED.replace("[-r, our-rules]", "[-r, our-rules, -r, iot]")
    project.record({CONFIGURATION: configuration(checkout, documented)})
    project.run("pre-commit", "install")

    sound = project.commit({**log("good.json", eventSource="sts.amazonaws.com"), **RULE})
    unsound = project.commit({**BAD, "our-rules/a-rule.yaml": rule_text()})

    assert sound.made, sound.said
    assert sound.said.count("Passed") == 3
    assert list(checkout.cache.glob("repo*/py_env-*/**/trailcheck*")), "not what was installed here"
    assert not unsound.made
    assert "Exit 1: " in unsound.said
    assert "a-rule has no tests, so nothing shows that it works [TC601]" in unsound.said
    assert "1 rule without tests" in unsound.said
