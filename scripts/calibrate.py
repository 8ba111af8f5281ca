"""Runs the bundled rules over published logs and writes docs/calibration.md: `make calibrate`.

Attack logs must be flagged by a rule that names the technique's decisive event; what is flagged in
logs of ordinary life is listed rule by rule with the reason, from scripts/calibration. The logs are
not part of the repository: name the folder that holds them.
"""

import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from checker.aws.glob import glob_matches
from checker.engine.executors import SerialExecutor
from checker.engine.found import settle
from checker.engine.scan import Shard
from checker.engine.tally import unite
from checker.limits import DEFAULT
from checker.policy.loader import RuleBook, load_rules
from checker.policy.nodes import entries_of
from checker.policy.packs import bundled_packs
from checker.policy.parameters import Settings
from checker.policy.scalars import JsonValue
from checker.policy.yaml_source import load_file
from checker.trail.again import read_again
from checker.trail.source import find_sources
from checker.verdict.coverage import cover
from checker.verdict.inputs import is_whole
from checker.verdict.verdicts import RuleResult, judge

TOP = Path(__file__).resolve().parents[1]
DATA = TOP / "scripts" / "calibration"
PAGE = TOP / "docs" / "calibration.md"
ATTACKS = "stratus-red-team"


class Flag(Struct, frozen=True, order=True):
    """A rule that flagged something, in how many events, and the names of the first of these."""

    rule: str
    violations: int
    names: tuple[str, ...]


def book() -> RuleBook:
    """Give all bundled rules with their defaults."""
    return load_rules(bundled_packs(), Settings())


def flags(rules: RuleBook, paths: Sequence[str]) -> list[Flag]:
    """Give the rules that flag something in some logs; cadences aside, which extracts always break."""
    return sorted(_flags(results(rules, paths)))


def results(rules: RuleBook, paths: Sequence[str]) -> tuple[RuleResult, ...]:
    """Judge some logs."""
    sources, problems = find_sources(paths)
    by_path = {source.path: source for source in sources}
    tally = unite(SerialExecutor(io.BytesIO()).tallies(rules, [Shard(sources)]))
    found = settle(
        tally,
        rules.rules,
        read_again=lambda path, indexes: read_again(by_path[path], io.BytesIO(), indexes, DEFAULT),
    )
    return judge(rules.rules, found, cover(found), whole=is_whole(problems, found))


def attacks() -> Mapping[str, list[str]]:
    """Give the names of the decisive events of each attack log, by its name."""
    read: Mapping[str, list[str]] = JsonValue().read(
        load_file(DATA / "attacks.yaml", "attacks.yaml").root
    )
    return read


def reasons() -> Mapping[str, str]:
    """Give why a rule flags what it flags in logs of ordinary life, by its id."""
    document = load_file(DATA / "reasons.yaml", "reasons.yaml")
    return {key: value.text for key, (_, value) in entries_of(document.root).items()}  # type: ignore[union-attr] - texts alone


def names_one_of(rules: RuleBook, flag: Flag, events: Sequence[str]) -> bool:
    """Tell whether a rule that flagged one of some events is about it by name."""
    (rule,) = (each for each in rules.rules if each.id == flag.rule)
    patterns = {
        pattern
        for step in rule.steps
        for alternative in step.match
        for entry in alternative
        if entry.key.text == "eventName"
        for pattern in entry.patterns
    }
    return any(
        name in flag.names and any(glob_matches(name, each) for each in patterns) for name in events
    )


def logs_of(folder: Path) -> list[Path]:
    """Give the attack logs of a folder of published logs, in order."""
    return sorted((folder / ATTACKS).glob("aws.*.json"))


def folders_of(folder: Path) -> list[Path]:
    """Give the folders of logs of ordinary life, and of documentation, in order."""
    return sorted(each for each in folder.iterdir() if each.is_dir() and each.name != ATTACKS)


def _flags(judged: Sequence[RuleResult]) -> Iterator[Flag]:
    for result in judged:
        if result.counts.violations and not result.rule.cadence:
            shown = [
                *result.violations,
                *(each for episode in result.episodes for each in episode.evidence),
            ]
            names = tuple(sorted({each.event_name for each in shown}))
            yield Flag(result.rule.id, result.counts.violations, names)


def _page(folder: Path) -> Iterator[str]:
    rules = book()
    yield "# Calibration"
    yield ""
    yield "<!-- Written by `make calibrate`; changes here are lost. -->"
    yield ""
    yield f"What the {len(rules.rules)} bundled rules say, with their defaults, of logs that nobody here wrote."
    yield "Cadences are left out: extracts of a few minutes break them all."
    yield ""
    yield "## Attacks"
    yield ""
    yield "One log for each technique of [stratus-red-team](https://stratus-red-team.cloud/attack-techniques/AWS/),"
    yield "recorded while it was detonated. In bold: rules that flag the technique's decisive event."
    yield ""
    yield "| technique | decisive event | rules that flag it |"
    yield "|---|---|---|"
    decisive = attacks()
    for log in logs_of(folder):
        events = decisive[log.stem]
        flagged = [
            f"**{each.rule}**" if names_one_of(rules, each, events) else each.rule
            for each in flags(rules, [str(log)])
        ]
        name = log.stem.removeprefix("aws.")
        yield f"| {name} | {', '.join(events)} | {', '.join(flagged)} |"
    yield ""
    yield from _ordinary(folder, rules)


def _ordinary(folder: Path, rules: RuleBook) -> Iterator[str]:
    yield "## Everything else"
    yield ""
    yield "Logs of ordinary life, of documentation and of other projects' tests. What is flagged there, and why."
    yield "The folder derived-shapes has records of the attacks above once more, in other containers."
    yield ""
    yield "| rule | flagged | why |"
    yield "|---|---|---|"
    why = reasons()
    found: dict[str, list[str]] = {}
    for each in folders_of(folder):
        for flag in flags(rules, [str(each)]):
            found.setdefault(flag.rule, []).append(f"{each.name} {flag.violations}")
    for rule, places in sorted(found.items()):
        yield f"| {rule} | {', '.join(places)} | {why.get(rule, '')} |"
    silent = len(rules.rules) - len(found)
    yield ""
    yield f"The other {silent} rules flag nothing there."


def main() -> None:
    """Write the page."""
    lines = list(_page(Path(sys.argv[1])))
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{PAGE.relative_to(TOP)}: {len(lines)} lines")


if __name__ == "__main__":
    main()
