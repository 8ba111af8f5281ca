from pathlib import Path

import pytest

from checker.errors import UsageError
from checker.policy.folder import files_below, is_there


def test_files_are_given_in_order_and_hidden_ones_are_not(tmp_path: Path) -> None:
    for name in ("b/z.yaml", "a.yaml", ".git/x.yaml", "b/.y.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    found = [path.relative_to(tmp_path).as_posix() for path in files_below(tmp_path)]

    assert found == ["a.yaml", "b/z.yaml"]


def test_a_link_to_a_folder_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "again").symlink_to(tmp_path)

    with pytest.raises(UsageError, match="again: a link to a folder"):
        list(files_below(tmp_path))


@pytest.mark.parametrize("name", ["x" * 5_000, "a\0b", "missing"])
def test_a_name_that_cannot_be_is_not_there(name: str) -> None:
    assert not is_there(Path(name))
