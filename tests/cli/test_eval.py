from pathlib import Path

import pytest

from checker.cli.main import main
from tests.builders import event, write_trail


@pytest.fixture
def log(here: Path) -> str:
    return write_trail(
        Path("log.json"), [event(), event(eventID="x", requestParameters=None, readOnly=True)]
    )


def test_there_is_a_line_of_json_for_every_event(
    log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "[eventName, readOnly]", log]) == 0
    assert capsys.readouterr().out == '["AttachPolicy", false]\n["AttachPolicy", true]\n'


def test_the_value_of_one_event_is_indented(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "{name: eventName}", f"{log}#0"]) == 0
    assert capsys.readouterr().out == '{\n  "name": "AttachPolicy"\n}\n'


def test_parameters_have_values(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--param", "names=[AttachPolicy]", "--param", "n=1"]

    assert main(["eval", "[contains($names, eventName), $n]", log, *arguments]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "[true, 1]"


def test_what_raises_is_null_and_told_with_carets(
    log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "length(requestParameters) == `1`", log]) == 1
    out, err = capsys.readouterr()
    assert out == "true\nnull\n"
    assert err == (
        "log.json#1: length(requestParameters): expected a string or an array or an object, found "
        "null [expression-raises]\n"
        "    length(requestParameters) == `1`\n"
        "    ^^^^^^^^^^^^^^^^^^^^^^^^^\n"
    )


def test_an_expression_that_is_wrong_has_carets_too(
    log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "eventName = 'x'", log]) == 2
    err = capsys.readouterr().err
    assert "    eventName = 'x'\n              ^" in err
    assert "[expression]" in err


def test_secrets_are_removed_unless_they_are_asked_for(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = write_trail(Path("log.json"), [event(requestParameters={"password": "correct horse"})])

    assert main(["eval", "requestParameters.password", log]) == 0
    assert main(["eval", "requestParameters.password", log, "--show-secrets"]) == 0
    assert capsys.readouterr().out == '"(removed)"\n"correct horse"\n'
