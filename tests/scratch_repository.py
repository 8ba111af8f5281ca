"""Scratch git repositories for tests: one that offers hooks, others whose commits are stopped by them."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

BESIDE_PYTHON = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Commit:
    """What came of `git commit`: whether there is a commit, and what hooks and git said."""

    made: bool
    said: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository, cut off from the user's own settings.

    Attributes:
        cache: Where pre-commit keeps what it has cloned and installed.
    """

    folder: Path
    cache: Path

    def start(self) -> None:
        self.folder.mkdir(parents=True)
        self.run("git", "init", "--quiet")

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def record(self, files: Mapping[str, str]) -> str:
        """Commit files, asking no hook, and give the commit's id."""
        self.write(files)
        self.run("git", "add", "--all")
        self.run("git", "commit", "--quiet", "--no-verify", "--message=Record")
        return self.head

    def commit(self, files: Mapping[str, str]) -> Commit:
        """Commit files as a person does, hooks and all."""
        self.write(files)
        self.run("git", "add", "--all")
        before = self.head
        said = self.run("git", "commit", "--message=Change", may_fail=True)
        return Commit(self.head != before, said)

    @property
    def head(self) -> str:
        return self.run("git", "rev-parse", "HEAD").strip()

    def run(self, *command: str, may_fail: bool = False) -> str:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert may_fail or done.returncode == 0, done.stdout
        return done.stdout

    def _environment(self) -> dict[str, str]:
        # The suite may itself run in a hook, whose variables name another repository.
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GIT_", "PRE_COMMIT", "PYTHON")) and name != "SKIP"
        }
        return {
            **kept,
            "PATH": f"{BESIDE_PYTHON}{os.pathsep}{kept['PATH']}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.com",
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.com",
            "PRE_COMMIT_HOME": str(self.cache),
            "PRE_COMMIT_COLOR": "never",
        }


def configuration(offered: Repository, documented: str) -> str:
    """Point a `.pre-commit-config.yaml` from the documentation at a repository that offers hooks.

    Args:
        offered: Where the hooks are; its head is the revision used.
        documented: The text of the file; its one `repo` and `rev` are replaced.
    """
    document = yaml.safe_load(documented)
    (repository,) = document["repos"]
    repository["repo"], repository["rev"] = str(offered.folder), offered.head
    # Verbose, so that a hook that passes shows what it did.
    repository["hooks"] = [{**hook, "verbose": True} for hook in repository["hooks"]]
    return json.dumps(document)


def tracked_files(top: Path) -> Sequence[Path]:
    """Give what a checkout holds, changes that are not committed included, paths relative to it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=top,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    paths = (Path(name) for name in listed.stdout.split("\0") if name)
    return [path for path in paths if (top / path).is_file()]
