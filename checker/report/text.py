"""The text report: a table for a terminal, plain when piped."""

from collections.abc import Callable, Container, Iterator, Mapping

from checker.report.coverage import coverage_lines
from checker.report.model import Episode, Evidence, ProblemEntry, Report, RuleResult, VerdictName
from checker.report.provenance import stated
from checker.visible import inert

Style = Callable[[str, str], str]

_SHOWN = 3
_VERDICT_WORDS: Mapping[VerdictName, tuple[str, str]] = {
    "pass": ("passed", "passed"),
    "fail": ("failed", "failed"),
    "waived": ("waived", "waived"),
    "no_occurrence": ("no occurrence", "no occurrence"),
    "no_evidence": ("no evidence", "no evidence"),
    "not_applicable": ("not applicable", "not applicable"),
    "error": ("error", "errors"),
}


def plain(text: str, kind: str) -> str:  # noqa: ARG001 - the signature of a style
    """Style nothing."""
    return text


def render_text(report: Report, style: Style = plain, *, verbose: bool = False) -> str:
    """Give the report as text.

    Args:
        report: What to show.
        style: Called with a piece of text and what it is: a verdict, a severity, `heading`, `faint`.
        verbose: Show every exhibit that the report carries, and where it was found.
    """
    lines = [*map(inert, _head(report)), ""]
    if report.problems:
        lines += [style("Problems with the input", "heading"), *problem_lines(report, style), ""]
    lines += [*_table(report, style, verbose=verbose), ""]
    lines += [style(f"Note: {inert(note)}", "faint") for note in report.notes]
    lines += ["", closing_line(report, style)]
    return "\n".join(lines) + "\n"


def problem_lines(
    report: Report, style: Style = plain, levels: Container[str] = ("error", "warning")
) -> list[str]:
    """Give the lines that tell what was wrong with the input, or odd about it."""
    told = (each for each in report.problems if each.level in levels)
    return [line for problem in told for line in _problem(problem, style)]


def closing_line(report: Report, style: Style = plain) -> str:
    """Give the one line that says it all: every verdict, and what decided the exit code."""
    parts = [
        style(f"{count} {word if count == 1 else words}", verdict if count else "faint")
        for verdict, (word, words) in _VERDICT_WORDS.items()
        for count in [report.verdicts.get(verdict, 0)]
    ]
    rules = counted(len(report.rules), "rule")
    reasons = inert("; ".join(report.gate.reasons))
    return f"{rules}: {', '.join(parts)}. Exit {report.gate.exit_code}: {reasons}."


def counted(count: int, word: str) -> str:
    """Give a number with its noun: `1 rule`, `2 rules`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def episode_line(episode: Episode) -> str:
    """Give an episode in one line: when, whose, and what it comes to."""
    values = ", ".join(
        f"{each.name} {'(absent)' if each.value is None else each.value}" for each in episode.group
    )
    group = values if episode.known else "a group whose values could not be read again"
    named = {each.name for each in episode.group}
    where = "" if "account" in named or not episode.account else f"  {episode.account}"
    what = f"{group}: {episode.summary}" if group else episode.summary
    when = episode.first if episode.first == episode.last else f"{episode.first} to {episode.last}"
    return f"{when}{where}  {what}"


def _head(report: Report) -> Iterator[str]:
    accounts = {each.account for each in report.population if each.account}
    totals = report.totals
    read = f"{counted(totals.read, 'event')} in {counted(len(report.inputs), 'file')}"
    yield f"trailcheck {report.tool.version}: {read}, {counted(len(accounts), 'account')}"
    if report.period.first and report.period.last:
        yield f"period {report.period.first} to {report.period.last} ({report.period.source})"
    yield (
        f"{totals.in_scope} in the scope of a rule; "
        f"{totals.read} read = {totals.judged} judged + {counted(totals.duplicates, 'duplicate')}"
        f" + {totals.outside_period} outside the period + {totals.refused} refused"
    )
    yield from coverage_lines(report.coverage)
    if report.set_aside:
        names = ", ".join(each.path for each in report.set_aside[:_SHOWN])
        more = "" if len(report.set_aside) <= _SHOWN else ", …"
        aside = counted(len(report.set_aside), "file")
        yield f"{aside} set aside, no trail log by content or name: {names}{more}"
    yield f"input manifest sha256 {report.provenance.manifest.sha256}"
    yield from (f"{name}: {text}" for name, text in stated(report))


def _table(report: Report, style: Style, *, verbose: bool) -> Iterator[str]:
    ids = {rule.id: inert(rule.id) for rule in report.rules}
    width = max((len(shown) for shown in ids.values()), default=4)
    header = (
        f"{'VERDICT':<14}  {'SEVERITY':<8}  {'RULE':<{width}}  {'IN SCOPE':>8}  {'EXCEPTIONS':>10}"
    )
    yield style(header, "heading")
    for rule in report.rules:
        verdict = rule.verdict.replace("_", " ")
        yield (
            f"{style(f'{verdict:<14}', rule.verdict)}  {style(f'{rule.severity:<8}', rule.severity)}"
            f"  {ids[rule.id]:<{width}}  {rule.counts.in_scope:>8}  {rule.counts.violations:>10}"
        )
        yield from _details(rule, style, verbose=verbose)


def _details(rule: RuleResult, style: Style, *, verbose: bool) -> Iterator[str]:
    # Input that was lost makes an error of every rule: it is told once, with the problems.
    exhibits = (rule.violations, rule.errors, rule.undetermined)
    untold = rule.verdict == "no_evidence"
    if untold or rule.episodes.total or any(each.total for each in exhibits):
        yield f"    {style(inert(rule.title), 'faint')}"
        yield f"    {inert(rule.reason)}"
    yield from _episodes(rule, style, verbose=verbose)
    for each in exhibits:
        shown = each.shown if verbose else each.shown[:_SHOWN]
        for evidence in shown:
            yield f"    - {inert(_exhibit(evidence))}"
            if verbose:
                yield f"      {style(inert(_found(evidence)), 'faint')}"
        yield from _more(each.total, len(shown), len(each.shown))
    others = [f"{count} {outcome}" for outcome, count in rule.counts.other_outcomes.items()]
    if others:
        yield f"    not judged, by their outcome: {inert(', '.join(others))}"


def _episodes(rule: RuleResult, style: Style, *, verbose: bool) -> Iterator[str]:
    episodes = rule.episodes
    if episodes.total:
        asked = "must occur" if rule.kind == "cadence" else "looked for"
        yield f"    {style(inert(f'{asked} {rule.asks}'), 'faint')}"
    # What is certain comes first: it is what the rule failed for.
    kept = sorted(episodes.shown, key=lambda each: not each.certain)
    shown = kept if verbose else kept[:_SHOWN]
    for episode in shown:
        yield f"    - {inert(episode_line(episode))}"
        for evidence in episode.evidence if verbose else ():
            yield f"        {inert(_exhibit(evidence))}"
            yield f"          {style(inert(_found(evidence)), 'faint')}"
        left = episode.events - len(episode.evidence)
        if verbose and left > 0:
            yield f"        … {left} more of {counted(episode.events, 'event')}"
    yield from _more(episodes.total, len(shown), len(kept))


def _more(total: int, shown: int, kept: int) -> Iterator[str]:
    if total > shown:
        hint = "" if shown == kept else ", -v shows those that are kept"
        yield f"    … {total - shown} more of {total}{hint}"


def _found(evidence: Evidence) -> str:
    return f"event {evidence.event_id or 'without an id'} in {evidence.path}#{evidence.index}"


def _exhibit(evidence: Evidence) -> str:
    where = " ".join(part for part in (evidence.account, evidence.region) if part)
    what = f"{evidence.message} ({evidence.reason})" if evidence.reason else evidence.message
    return f"{evidence.time or 'no time'}  {where}  {what}"


def _problem(problem: ProblemEntry, style: Style) -> Iterator[str]:
    place = ":".join(str(part) for part in (problem.path, problem.line, problem.column) if part)
    head = f"{place}: {problem.cause}" if place else problem.cause
    head = f"{head} [{problem.code}]"
    yield f"  {style(problem.level, problem.level)}  {inert(head)}"
    if problem.hint:
        yield f"         hint: {inert(problem.hint)}"
