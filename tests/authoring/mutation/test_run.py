from pathlib import Path

import pytest

from checker.authoring.mutation.report import mutation_text
from checker.authoring.mutation.run import mutate, pack_scores, percent
from checker.policy.loader import read_rules
from checker.policy.parameters import Settings
from tests.builders import rule_text, write_rules

TESTS = """
  base: {eventSource: iot.amazonaws.com, eventName: AttachPolicy, awsRegion: x}
  cases:
    - {name: one, expect: pass}
    - {name: two, set: {awsRegion: z}, expect: fail}
"""
PACK = """\
id: ours
title: Ours
version: "1"
params:
  where: {type: [string], default: [x, y]}
"""


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    condition = "contains($where, awsRegion)"
    texts = [rule_text(f"rule-{n}", require=condition, tests=TESTS) for n in range(9)]
    write_rules(Path("ours"), *texts, rule_text("untested", require=condition))
    Path("ours/pack.yaml").write_text(PACK, encoding="utf-8")
    return ["ours"]


def test_processes_find_what_one_finds(pack: list[str]) -> None:
    book = read_rules(pack)

    assert mutate(book, Settings(), jobs=2) == mutate(book, Settings(), jobs=1)


def test_defaults_of_a_pack_have_a_score_of_their_own(pack: list[str]) -> None:
    results = mutate(read_rules(pack), Settings())

    shared, *rules = results
    assert (shared.rule, shared.path) == ("", "ours/pack.yaml")
    (survivor,) = shared.survivors
    assert str(survivor.diff.place) == "ours/pack.yaml:5:40"
    assert survivor.diff.before == ("  where: {type: [string], default: [x, y]}",)
    assert survivor.diff.after == ("  where: {type: [string], default: [x]}",)
    assert len(rules) == 10
    assert all(each.key != "params.where.default" for rule in rules for each in rule.survivors)


def test_scores_add_up(pack: list[str]) -> None:
    results = mutate(read_rules(pack), Settings())
    (score,) = pack_scores(results)

    assert score.killed == sum(each.killed for each in results) < score.mutants
    assert score.percent == percent(results) == 100 * score.killed / score.mutants
    assert percent([]) == 100


def test_survivors_are_told_with_place_diff_and_hint(pack: list[str]) -> None:
    lines = list(mutation_text(mutate(read_rules([f"{pack[0]}/rule-0.yaml"]), Settings())))

    assert lines[1] == (
        "ours/rule-0.yaml:5:3: match.eventSource: no test notices: eventSource left out of match\n"
        "    -   eventSource: iot.amazonaws.com\n"
        "    hint: a case that is out of scope by its eventSource alone"
    )
    assert lines[-1].endswith("  all")


def test_a_rule_that_cannot_be_mutated_is_named(pack: list[str]) -> None:
    lines = list(mutation_text(mutate(read_rules([f"{pack[0]}/untested.yaml"]), Settings())))

    assert lines == [
        "ours/untested.yaml: rule untested was not mutated: it has no tests",
        "no mutants  all",
    ]
