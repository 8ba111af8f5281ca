from pathlib import Path

import pytest

from checker.cli.main import main
from tests.builders import event, write_trail


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "somewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_draft_from_an_id_lints_clean_and_its_tests_pass(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "my-pack/s3-bucket-policy-deleted", "--pack"]) == 0
    out = capsys.readouterr().out

    assert "a draft about DeleteBucketPolicy of s3.amazonaws.com, 5 tests passed" in out
    assert main(["lint", "my-pack"]) == main(["test", "my-pack"]) == 0
    names = sorted(each.name for each in Path("my-pack").iterdir())
    assert names == ["pack.yaml", "s3-bucket-policy-deleted.yaml"]


def test_a_draft_from_an_event_is_named_after_it_and_judges_the_log(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = write_trail(Path("log.json"), [event(), event(eventID="x", eventName="DetachPolicy")])

    assert main(["new", "--from-event", f"{log}#0"]) == 0
    assert main(["lint", "iot-attach-policy-by-approved-principals.yaml"]) == 0
    assert main(["test", "iot-attach-policy-by-approved-principals.yaml"]) == 0
    assert main(["check", log, "-r", "iot-attach-policy-by-approved-principals.yaml"]) == 0
    capsys.readouterr()


def test_the_second_rule_of_a_pack_leaves_its_file_alone(empty: Path) -> None:
    assert main(["new", "my-pack/iam-access-keys-created", "--pack"]) == 0
    before = Path("my-pack/pack.yaml").stat().st_mtime_ns

    assert main(["new", "my-pack/iam-access-keys-deleted", "--pack"]) == 0
    assert Path("my-pack/pack.yaml").stat().st_mtime_ns == before


def test_nothing_is_overwritten(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("iam-x.yaml").write_text("mine", encoding="utf-8")

    assert main(["new", "iam-x"]) == 2
    assert "[new-exists]" in capsys.readouterr().err
    assert Path("iam-x.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], "new-id"),
        (["Not An Id"], "new-id"),
        (["x", "--from-event", "log.json#7"], "event-unknown"),
        (["x", "--from-event", "two.json"], "event-unknown"),
        (["Bad Folder/iam-x", "--pack"], "new-id"),
        (["x", "--from-event", "broken.json"], "broken-json"),
    ],
)
def test_what_cannot_be_drafted_is_told_and_nothing_is_written(
    empty: Path, arguments: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_trail(Path("log.json"), [event()])
    write_trail(Path("two.json"), [event(), event(eventID="x")])
    Path("broken.json").write_text('{"Records": [', encoding="utf-8")
    before = sorted(empty.rglob("*"))

    assert main(["new", *arguments]) == 2
    assert f"[{code}]" in capsys.readouterr().err
    assert sorted(empty.rglob("*")) == before
