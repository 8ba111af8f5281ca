import os
import socket
from pathlib import Path

import pytest

from checker.trail.source import Source, find_sources, is_log_name


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b/two.json", "a/one.json.gz", "a/README.txt", ".git/config", "a/.hidden.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
    return tmp_path


def names(sources: tuple[Source, ...], root: Path) -> list[str]:
    return [Path(source.path).relative_to(root).as_posix() for source in sources]


def test_a_folder_gives_every_file_that_is_not_hidden_sorted(tree: Path) -> None:
    sources, problems = find_sources([str(tree)])
    assert names(sources, tree) == ["a/README.txt", "a/one.json.gz", "b/two.json"]
    assert not any(source.explicit for source in sources)
    assert problems == ()


def test_a_named_file_is_explicit_even_when_its_folder_is_named_too(tree: Path) -> None:
    sources, _ = find_sources(
        [str(tree), str(tree / "b" / "two.json"), str(tree / "a/../b/two.json")]
    )
    explicit = [source for source in sources if source.explicit]
    assert len(sources) == 3
    assert [Path(source.path).name for source in explicit] == ["two.json"]


def test_a_glob_runs_over_folders(tree: Path) -> None:
    sources, problems = find_sources([f"{tree}/**/*.json*"])
    assert names(sources, tree) == ["a/one.json.gz", "b/two.json"]
    assert all(source.explicit for source in sources)
    assert problems == ()


def test_a_glob_that_matches_a_folder_reads_the_folder(tree: Path) -> None:
    assert names(find_sources([f"{tree}/[a]"])[0], tree) == ["a/README.txt", "a/one.json.gz"]


def test_a_name_that_looks_like_a_glob_is_still_a_name(tmp_path: Path) -> None:
    odd = tmp_path / "log[1].json"
    odd.write_text("{}")
    assert names(find_sources([str(odd)])[0], tmp_path) == ["log[1].json"]


def test_standard_input_is_one_source() -> None:
    sources, problems = find_sources(["-", "-"])
    assert sources == (Source("<stdin>", explicit=True, stdin=True),)
    assert problems == ()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("missing.json", "no-such-path"),
        ("", "no-such-path"),
        ("nul\0byte", "no-such-path"),
        ("*.gz", "no-match"),
        ("s3://bucket/AWSLogs/", "not-a-local-path"),
        ("empty", "empty-folder"),
    ],
)
def test_nothing_to_read_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, code: str
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    sources, problems = find_sources([path])
    assert sources == ()
    assert [problem.code for problem in problems] == [code]


def test_a_path_elsewhere_is_shown_as_it_was_written() -> None:
    (problem,) = find_sources(["s3://bucket/AWSLogs/"])[1]
    assert problem.place is not None
    assert problem.place.path == "s3://bucket/AWSLogs/"
    assert "aws s3 sync" in problem.hint


def test_a_source_says_which_folder_it_was_found_in(tree: Path) -> None:
    sources, _ = find_sources([f"{tree}/a/", str(tree / "b" / "two.json")])
    named = {Path(source.path).name: Path(source.named) for source in sources}
    assert named == {
        "README.txt": tree / "a",
        "one.json.gz": tree / "a",
        "two.json": tree / "b" / "two.json",
    }


def test_a_file_named_like_standard_input_is_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "<stdin>").write_text("{}")
    sources, _ = find_sources(["-", "<stdin>"])
    assert [(source.path, source.stdin) for source in sources] == [
        ("./<stdin>", False),
        ("<stdin>", True),
    ]


def test_what_one_path_lacks_does_not_hide_what_others_hold(tree: Path) -> None:
    sources, problems = find_sources([str(tree / "b"), str(tree / "nowhere")])
    assert names(sources, tree) == ["b/two.json"]
    assert len(problems) == 1


def test_a_link_out_of_the_folder_is_not_followed_but_reported(tree: Path) -> None:
    folder = tree / "b"
    (folder / "out").symlink_to(tree / "a")
    (folder / "file.json").symlink_to(tree / "a" / "one.json.gz")
    (folder / "broken.json").symlink_to(tree / "nothing")
    (folder / "loop.json").symlink_to(folder / "loop.json")
    sources, problems = find_sources([str(folder)])
    assert names(sources, tree) == ["b/two.json"]
    assert [problem.code for problem in problems] == ["link-not-followed"] * 4


def test_a_link_inside_the_folder_adds_nothing_and_loses_nothing(tree: Path) -> None:
    (tree / "a" / "again.json").symlink_to(tree / "b" / "two.json")
    (tree / "a" / "loop").symlink_to(tree)
    sources, problems = find_sources([str(tree)])
    assert len(sources) == 3
    assert problems == ()


def test_a_link_to_a_hidden_folder_is_reported(tree: Path) -> None:
    (tree / "visible").symlink_to(tree / ".git")
    assert [problem.code for problem in find_sources([str(tree)])[1]] == ["link-not-followed"]


def test_what_is_no_file_is_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.json")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("agent.sock")
        sources, problems = find_sources([".", "pipe.json"])
    assert sources == ()
    assert [problem.code for problem in problems] == ["not-a-file"] * 2


def test_a_device_is_never_opened() -> None:
    sources, problems = find_sources(["/dev/zero", "/dev/null"])
    assert sources == ()
    assert [problem.code for problem in problems] == ["not-a-file"] * 2
    assert all("read it with -" in problem.hint for problem in problems)


def test_links_in_a_circle_come_to_an_end(tree: Path) -> None:
    (tree / "a" / "up").symlink_to("..")
    (tree / "b" / "across").symlink_to("../a")
    (tree / "b" / "self").symlink_to("self")
    (tree / "b" / "ping").symlink_to("pong")
    (tree / "b" / "pong").symlink_to("ping")
    sources, problems = find_sources([str(tree), str(tree / "a" / "up" / "a" / "up")])
    assert len(sources) == 3
    assert {problem.code for problem in problems} == {"link-not-followed"}
    assert find_sources([str(tree / "b" / "self")])[1][0].code == "no-such-path"


@pytest.mark.parametrize("name", ["line\nbreak.json", "\x1b[31mred.json", "é ü.json", "'\".json"])
def test_an_odd_name_is_a_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("{}")
    sources, problems = find_sources([str(tmp_path), str(tmp_path / name)])
    assert names(sources, tmp_path) == [name]
    assert problems == ()


def test_a_name_that_is_not_utf_8_is_a_problem_that_can_be_printed(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    try:
        Path(os.fsdecode(folder + b"/\xff.json")).write_text("{}")
    except OSError:
        pytest.skip("this file system has no such names")
    for path in (str(tmp_path), os.fsdecode(folder + b"/\xff.json")):
        sources, (problem,) = find_sources([path])
        assert sources == ()
        assert problem.code == "unreadable-name"
        assert str(problem).encode()
    assert str(find_sources(["\udcff"])[1][0]).encode()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_cannot_be_listed_is_a_problem(tree: Path) -> None:
    (tree / "a").chmod(0)
    problems = find_sources([str(tree)])[1]
    (tree / "a").chmod(0o700)
    assert [problem.code for problem in problems] == ["unreadable-folder"]


def test_log_names_are_known_by_their_endings() -> None:
    for name in ("x.json", "x.JSON.gz", "x.jsonl", "x.ndjson", "x.log", "x.log.gz", "x.gz"):
        assert is_log_name(name)
    for name in ("x.json.bak", "x.json.1", "1_CloudTrail_us-east-1_20241216T0000Z_x", "a/x.log"):
        assert is_log_name(name)
    for name in ("README.txt", "LICENSE", "json", "x.json/README.txt", "1_CloudTrail-Digest_x"):
        assert not is_log_name(name)
