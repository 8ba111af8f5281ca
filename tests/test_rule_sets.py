"""Folders, packs and parameters that are wrong: nothing is left out in silence, nothing hangs."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.cli.main import main
from checker.policy.packs import bundled_packs
from tests.builders import event, rule_text, write_rules, write_trail

PARAMS = "\n  who:\n    type: string\n  days:\n    type: integer\n    default: 90"
USES = "userIdentity.arn == $who || length($who) > $days"
PACK = "id: rules\ntitle: Ours\nversion: 1.0.0\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_rules(Path("rules"), rule_text())
    write_trail(Path("trail.json"), [event()])
    return tmp_path


def _with(path: str, content: str | bytes) -> list[str]:
    """Put one more file there, and give the option that names the folder of rules."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.encode() if isinstance(content, str) else content)
    return ["-r", "rules"]


def _linked(name: str, target: str) -> list[str]:
    Path(name).symlink_to(target)
    return ["-r", "rules"]


def _pipe(name: str) -> list[str]:
    os.mkfifo(name)
    return ["-r", "rules"]


def _asking(*options: str) -> list[str]:
    """Give the option for a rule with parameters, and more options."""
    write_rules(Path("rules"), rule_text(params=PARAMS, require=USES))
    return ["-r", "rules", *options]


def _params(text: str) -> list[str]:
    _with("p.yaml", text)
    return _asking("--params", "p.yaml")


def _config(text: str) -> list[str]:
    _with("trailcheck.yaml", text)
    return ["-r", "rules"]


def _empty() -> list[str]:
    Path("empty").mkdir()
    return ["-r", "empty"]


# fmt: off
# A case a line: its name, what makes it and names it, what the command says.
WRONG: dict[str, tuple[Callable[[], list[str]], str]] = {
    "a folder that is not there": (lambda: ["-r", "nowhere"], "'nowhere' is no rule file, no folder and no bundled pack"),
    "a pack misspelt": (lambda: ["-r", "itt"], "did you mean 'iot'?"),
    "a name of 5,000 characters": (lambda: ["-r", "x" * 5_000], "is no rule file, no folder and no bundled pack"),
    "a name with a NUL": (lambda: ["-r", "a\0b"], "'a\\x00b' is no rule file"),
    "a folder that is also the name of a pack": (lambda: _with("iot/a-rule.yaml", rule_text()) and ["-r", "iot"], "'iot' is a bundled pack, and a file or folder here"),
    "a pack of another name than its folder": (lambda: _with("rules/pack.yaml", PACK.replace("id: rules", "id: house")), "house"),
    "a configuration with an odd number": (lambda: _config("limits: {rules: 1_}"), "trailcheck.yaml:1:17: expected a quantity, found '1_'"),
    "a configuration with an absurd number": (lambda: _config("limits: {rules: 9999999999999999999 GiB}"), "trailcheck.yaml:1:17: a quantity out of range"),
    "an empty name": (lambda: ["-r", ""], "'' is no rule file"),
    "an empty folder": (_empty, "empty: no rule files in this folder"),
    "a folder of other files": (lambda: [*_with("other/rule.json", "{}")[:1], "other"], "other: no rule files in this folder"),
    "a folder of hidden files": (lambda: [*_with("other/.rule.yaml", rule_text())[:1], "other"], "other: no rule files in this folder"),
    "one broken rule among sound ones": (lambda: _with("rules/b-rule.yaml", "id: b-rule"), "rules/b-rule.yaml:1:1: a rule lacks 'title', 'severity', 'match'"),
    "a rule whose ending is in capitals": (lambda: _with("rules/B-RULE.YAML", "x"), "rules/B-RULE.YAML:1:1: expected a rule, found 'x'"),
    "a rule in a folder below": (lambda: _with("rules/deep/er/b-rule.yml", "x"), "rules/deep/er/b-rule.yml:1:1: expected a rule"),
    "an id in two files": (lambda: _with("rules/more/a-rule.yaml", rule_text()), "rules/more/a-rule.yaml:1: the id 'a-rule' is also that of rules/a-rule.yaml"),
    "a link that leads nowhere": (lambda: _linked("rules/b-rule.yaml", "gone.yaml"), "rules/b-rule.yaml: cannot be read: No such file or directory"),
    "a link to itself": (lambda: _linked("rules/b-rule.yaml", "b-rule.yaml"), "rules/b-rule.yaml: cannot be read: "),
    "a link to a folder": (lambda: _linked("rules/more", "."), "rules/more: a link to a folder, which is not followed"),
    "a pipe": (lambda: _pipe("rules/b-rule.yaml"), "rules/b-rule.yaml: this is no regular file"),
    "a pipe that is named": (lambda: [*_pipe("b-rule.yaml")[:1], "b-rule.yaml"], "'b-rule.yaml' is no rule file"),
    "a pack's own file": (lambda: [*_with("rules/pack.yaml", PACK)[:1], "rules/pack.yaml"], "rules/pack.yaml: this file describes a pack of rules"),
    "a pack with an unknown key": (lambda: _with("rules/pack.yaml", PACK + "titel: x\n"), "rules/pack.yaml:4:1: unknown key 'titel' in a pack"),
    "a pack without a version": (lambda: _with("rules/pack.yaml", "id: rules\ntitle: Ours\n"), "rules/pack.yaml:1:1: a pack lacks 'version'"),
    "a pack that is no YAML": (lambda: _with("rules/pack.yaml", "{"), "rules/pack.yaml:2:1: a value is missing here"),
    "more rules than are read": (lambda: _config("limits: {rules: 1}") if _with("rules/b-rule.yaml", rule_text("b-rule")) else [], "2 rule files; at most 1 are read"),
    "a larger rule than is read": (lambda: _config("limits: {rule_file_bytes: 10}"), "rules/a-rule.yaml: the file is larger than 10 bytes"),
    "a parameter without a value": (_asking, "rule a-rule: the parameter $who (string) has no value"),
    "a parameter that no rule has": (lambda: _asking("--param", "who=x", "--param", "day=1"), "did you mean 'days'?"),
    "a parameter of a rule that has it not": (lambda: _asking("--param", "a-rule.whom=x"), "did you mean 'a-rule.who'?"),
    "a parameter of another type": (lambda: _asking("--param", "who=x", "--param", "days=many"), "--param days: expected a value of type integer, found 'many'"),
    "a parameter without its value": (lambda: _asking("--param", "who"), "--param who: expected name=value"),
    "a parameter of an open list": (lambda: _asking("--param", "who=[a"), "--param who:1:1: the '[' that opens here is not closed"),
    "a list for a parameter that is none": (lambda: _asking("--param", "who=[a, b]"), "expected a value of type string, found a list"),
    "a number out of range": (lambda: _asking("--param", "who=x", "--param", "days=1e999"), "--param days: a number out of range: '1e999'"),
    "a number of a thousand digits": (lambda: _asking("--param", "who=x", "--param", f"days={'9' * 1_000}"), "--param days: a number of 1000 digits"),
    "a file of parameters that is not there": (lambda: _asking("--params", "p.yaml"), "p.yaml: cannot be read: No such file or directory"),
    "a file of parameters that is a folder": (lambda: _asking("--params", "rules"), "rules: cannot be read: Is a directory"),
    "a file of parameters that is empty": (lambda: _params(""), "p.yaml: the file is empty"),
    "a file of parameters that is a list": (lambda: _params("[a]"), "p.yaml:1:1: expected a mapping of parameter names to values, found a list"),
    "a file with a parameter twice": (lambda: _params("who: a\nwho: b"), "p.yaml:2:1: the key 'who' stands twice"),
    "a file with a parameter misspelt": (lambda: _params("hwo: a"), "p.yaml:1:6: no rule reads a parameter 'hwo'"),
    "a file with a parameter of another type": (lambda: _params("who: a\ndays: [1]"), "p.yaml:2:7: expected a value of type integer, found a list"),
    "a file with a parameter that is null": (lambda: _params("who: null"), "p.yaml:1:6: expected a value of type string, found null"),
    "an empty configuration": (lambda: _config(""), "trailcheck.yaml: the file is empty"),
    "a configuration with an unknown limit": (lambda: _config("limits: {file_byte: 1}"), "did you mean 'file_bytes'?"),
    "a configuration with a limit of nought": (lambda: _config("limits: {rules: 0}"), "trailcheck.yaml:1:17: expected a quantity, found '0'"),
    "a configuration with a limit that is no number": (lambda: _config("limits: {file_bytes: lots}"), "write a whole number above zero"),
    "a configuration with rules of no place": (lambda: _config("rules: []\npaths:"), "trailcheck.yaml:2:7: expected a path, found nothing"),
}
# fmt: on


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="links and pipes are of POSIX")
@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_the_rules_stops_the_run(
    here: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    make, said = WRONG[name]

    code = main(["check", "trail.json", *make()])

    err = capsys.readouterr().err
    assert code == 2, err
    assert err.startswith("trailcheck: nothing was checked: ")
    assert said in err
    assert "Traceback" not in err


# fmt: off
ODD_BUT_SOUND: dict[str, Callable[[], list[str]]] = {
    "a byte order mark": lambda: _with("rules/a-rule.yaml", b"\xef\xbb\xbf" + rule_text().encode()),
    "line ends of Windows": lambda: _with("rules/a-rule.yaml", rule_text().replace("\n", "\r\n")),
    "line ends of an old Mac": lambda: _with("rules/a-rule.yaml", rule_text().replace("\n", "\r")),
    "no line end at its end": lambda: _with("rules/a-rule.yaml", rule_text().rstrip("\n")),
    "a document's marks": lambda: _with("rules/a-rule.yaml", "%YAML 1.2\n---\n" + rule_text() + "...\n"),
    "comments": lambda: _with("rules/a-rule.yaml", "# one\n" + rule_text().replace("\n", " # two\n")),
    "a rule in JSON": lambda: _with("rules/a-rule.yaml", '{"id": "a-rule", "title": "T", "severity": "low", "match": {"eventName": "AttachPolicy"}, "require": "`false`"}'),
    "an anchor and its alias": lambda: _with("rules/a-rule.yaml", rule_text(tags="[&a iot]", controls="{soc2: *a}")),
    "letters of other scripts": lambda: _with("rules/a-rule.yaml", rule_text(title="Правило 規則 😀")),
    "a word of Norway": lambda: _with("rules/a-rule.yaml", rule_text(title="no")),
    "a number as a title": lambda: _with("rules/a-rule.yaml", rule_text(title="0012")),
    "a day as a title": lambda: _with("rules/a-rule.yaml", rule_text(title="2024-02-30")),
    "the same folder twice": lambda: ["-r", "rules", "-r", "rules"],
    "a folder and a file in it": lambda: ["-r", "rules", "-r", "rules/a-rule.yaml"],
    "a hidden folder": lambda: _with("rules/.git/b-rule.yaml", "x"),
    "a file of another kind": lambda: _with("rules/README.md", "x"),
    "a link to a rule": lambda: [*_linked("a-rule.yaml", "rules/a-rule.yaml")[:1], "a-rule.yaml"],
    "a pack": lambda: _with("rules/pack.yaml", PACK),
    "a value for a parameter": lambda: _asking("--param", "who=x"),
}
# fmt: on


@pytest.mark.parametrize("name", ODD_BUT_SOUND)
def test_what_is_odd_but_sound_is_taken(here: Path, name: str) -> None:
    assert main(["check", "trail.json", *ODD_BUT_SOUND[name]()]) == 1


# fmt: off
COSTLY = {
    "lists that multiply": "[@,@,@,@,@,@,@,@,@,@] | " + " | ".join(["[@[],@[],@[],@[],@[],@[],@[],@[],@[]][]"] * 6),
    "text that doubles": " | ".join(["[@,@]"] * 24) + " | to_string(@)",
    "text that is joined to itself": "eventName | " + " | ".join(["join('', [@, @])"] * 30),
    "a sort of what doubles": "eventName | [@] | " + " | ".join(["[@, @][]"] * 20) + " | sort(@)",
    "a path through text": "length(userIdentity.nothing)",
    "a number against text": "eventName > `5`",
}
# fmt: on


@pytest.mark.parametrize("name", COSTLY)
def test_a_condition_that_costs_too_much_or_raises_is_an_error_not_a_verdict(
    here: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    write_rules(Path("rules"), rule_text(forbid=f">-\n  {COSTLY[name]}", require=None))

    code = main(["check", "trail.json", "-r", "rules"])

    assert code == 3
    assert "1 error. Exit 3" in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_listed_is_not_skipped(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _with("rules/closed/b-rule.yaml", rule_text("b-rule"))
    Path("rules/closed").chmod(0)

    code = main(["check", "trail.json", "-r", "rules"])

    Path("rules/closed").chmod(0o700)
    assert code == 2
    assert "rules/closed: the folder cannot be listed" in capsys.readouterr().err


def test_the_packs_that_come_along_are_named_when_rules_are_not_found(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["lint", "nowhere"])

    assert f"bundled packs: {', '.join(bundled_packs())}" in capsys.readouterr().err
