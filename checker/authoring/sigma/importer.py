"""The import: Sigma files in, drafts of rules and an honest list of the rest out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaError
from sigma.filters import SigmaFilter
from sigma.rule import SigmaRule

from checker.authoring.sigma.cases import with_cases
from checker.authoring.sigma.condition import Condition, Regex, fields_of, leaves
from checker.authoring.sigma.correlations import correlation_of, references_of
from checker.authoring.sigma.draft import Draft
from checker.authoring.sigma.fields import doubt
from checker.authoring.sigma.metadata import notes_of, slug, source_of, title_of
from checker.authoring.sigma.reading import UNEXPECTED, Found, Library, read_library, reason
from checker.authoring.sigma.refusal import Refusal, Refused
from checker.authoring.sigma.scope import Scope, doubts, scope_of, unknown_names
from checker.authoring.sigma.translate import condition_of
from checker.policy.shape import ShapeError

_REGEX_NOTE: Final = "it needs the extra regex: pip install trailcheck[regex]"


class Imported(Struct, frozen=True, kw_only=True):
    """What became of all that was read.

    Attributes:
        drafts: The rules, by id.
        refused: What was not translated, by file.
        others: How many rules in folders are about other logs.
        absorbed: Titles of the rules that are part of a correlation, and of the filters applied.
    """

    drafts: tuple[Draft, ...]
    refused: tuple[Refused, ...]
    others: int
    absorbed: tuple[str, ...]


def import_sigma(locations: Iterable[str]) -> Imported:
    """Translate Sigma rules for AWS CloudTrail, their filters and correlations.

    Raises:
        UsageError: There is nothing at a location.
    """
    library = read_library(locations)
    about = tuple(each for each in library.rules if _is_about_trails(each))
    elsewhere = tuple(each for each in library.rules if not _is_about_trails(each))
    filters = _apply_filters(library, about)
    refused = [*library.refused, *filters.refused]
    refused += [_other_log(each) for each in elsewhere if each.named]
    parts = _Parts(about, library.correlations)
    drafts: list[Draft] = []
    for found in (*about, *library.correlations):
        try:
            drafts += parts.draft(found, filters.applied)
        except Refusal as refusal:
            refused.append(found.refused(refusal.construct, refusal.why, refusal.sought))
        except (SigmaError, *UNEXPECTED) as error:
            refused.append(found.refused("condition", reason(error), "condition"))
    refused += parts.left_over()
    sound: list[Draft] = []
    for draft in _with_ids(drafts):
        try:
            sound.append(with_cases(draft))
        except ShapeError as error:
            refused.append(_unsound(draft, error))
    return Imported(
        drafts=tuple(sound),
        refused=tuple(sorted(refused, key=lambda each: (each.path, each.line, each.title))),
        others=sum(not each.named for each in elsewhere),
        absorbed=tuple(sorted({*parts.titles, *filters.titles})),
    )


def _is_about_trails(found: Found) -> bool:
    rule = found.rule
    if not isinstance(rule, SigmaRule):
        return False
    source = rule.logsource
    return (source.product, source.category) == ("aws", None) and source.service in {
        "cloudtrail",
        None,
    }


def _other_log(found: Found) -> Refused:
    rule = found.rule
    source = rule.logsource if isinstance(rule, SigmaRule) else None
    words = [source.product, source.category, source.service] if source else []
    named = " ".join(word for word in words if word)
    return found.refused("logsource", f"{named or 'none'}: not AWS CloudTrail", "logsource")


def _unsound(draft: Draft, error: ShapeError) -> Refused:
    """Say why a draft is no rule: what is too long or too deep for one."""
    return Refused(
        path=draft.source.path,
        line=0,
        title=draft.source.title,
        construct="rule",
        why="; ".join(problem.cause for problem in error.problems),
    )


class _Filters(Struct, frozen=True):
    """What became of the filters: those applied, by the id of the rule's object."""

    applied: Mapping[int, tuple[str, ...]]
    titles: tuple[str, ...]
    refused: tuple[Refused, ...]


def _apply_filters(library: Library, about: Sequence[Found]) -> _Filters:
    """Apply every filter to the rules that it means; pySigma changes those in place."""
    applied: dict[int, tuple[str, ...]] = {}
    refused: list[Refused] = []
    titles: list[str] = []
    for found in library.filters:
        title = title_of(found.rule)
        try:
            targets = [target for target in about if _applies(found, target)]
        except SigmaError as error:
            refused.append(found.refused("filter", str(error), "filter:"))
            continue
        for target in targets:
            applied[id(target.rule)] = (*applied.get(id(target.rule), ()), title)
        if targets:
            titles.append(title)
        else:
            why = "it applies to none of the CloudTrail rules that were read with it"
            refused.append(found.refused("filter", why, "rules:"))
    return _Filters(applied, tuple(titles), tuple(refused))


def _applies(found: Found, target: Found) -> bool:
    if not isinstance(found.rule, SigmaFilter) or not isinstance(target.rule, SigmaRule):
        return False
    before = list(target.rule.detection.condition)
    found.rule.apply_on_rule(target.rule)
    return target.rule.detection.condition != before


class _Parts:
    """Which rules are only part of correlations, and how each document becomes a draft."""

    def __init__(self, about: Sequence[Found], correlations: Sequence[Found]) -> None:
        self._by_name: dict[str, Found] = {}
        for found in (*about, *correlations):
            for name in (found.rule.name, str(found.rule.id or "")):
                if name:
                    self._by_name.setdefault(name, found)
        self._hidden = {
            id(target.rule)
            for found in correlations
            if isinstance(found.rule, SigmaCorrelationRule) and not found.rule.generate
            for name in references_of(found.rule)
            if (target := self._by_name.get(name))
        }
        self._about = about
        self._used: set[int] = set()

    @property
    def titles(self) -> list[str]:
        """Give the titles of the rules that went into correlations, and are no rules alone."""
        return [title_of(each.rule) for each in self._only_parts() if id(each.rule) in self._used]

    def left_over(self) -> Iterator[Refused]:
        """Say which rules are part of correlations alone, none of which was translated."""
        for each in self._only_parts():
            if id(each.rule) not in self._used:
                why = (
                    "Sigma means it as part of correlations alone, and none of them was translated"
                )
                yield each.refused("correlation", why)

    def _only_parts(self) -> Iterator[Found]:
        return (each for each in self._about if id(each.rule) in self._hidden)

    def draft(self, found: Found, filters: Mapping[int, tuple[str, ...]]) -> Iterator[Draft]:
        """Make the draft of a document; none of a rule that is only part of a correlation.

        Raises:
            Refusal: It has no translation that means the same.
            SigmaError: Its condition cannot be parsed.
        """
        rule = found.rule
        if isinstance(rule, SigmaCorrelationRule):
            yield self._correlation(found, rule)
        elif isinstance(rule, SigmaRule) and id(rule) not in self._hidden:
            yield _detection(found, rule, filters.get(id(rule), ()))

    def _correlation(self, found: Found, rule: SigmaCorrelationRule) -> Draft:
        bases = {name: self._base(name) for name in references_of(rule)}
        if not bases:
            raise Refusal("rules", "it refers to no rule", "correlation:")
        correlation = correlation_of(rule, bases, condition_of)
        self._used |= {id(base) for base in bases.values()}
        notes = list(notes_of(rule))
        for step in correlation.steps:
            notes += _doubts(step.condition, Scope(step.match, step.where))
        parts = tuple(title_of(base) for base in bases.values())
        return Draft(
            id="",
            source=source_of(rule, found.path, parts),
            correlation=correlation,
            notes=tuple(dict.fromkeys(notes)),
        )

    def _base(self, name: str) -> SigmaRule:
        found = self._by_name.get(name)
        if found is None:
            why = f"no CloudTrail rule that was read has the id or name {name}"
            raise Refusal("rules", why, name)
        if not isinstance(found.rule, SigmaRule):
            why = f"{name} is itself a correlation, and only rules of one event are taken together"
            raise Refusal("rules", why, name)
        return found.rule


def _detection(found: Found, rule: SigmaRule, filters: tuple[str, ...]) -> Draft:
    condition = condition_of(rule)
    scope = scope_of(condition)
    return Draft(
        id="",
        source=source_of(rule, found.path, tuple(f"filter {title}" for title in filters)),
        match=scope.match,
        condition=condition,
        forbid=scope.rest,
        notes=tuple(dict.fromkeys((*notes_of(rule), *_doubts(condition, scope)))),
    )


def _doubts(condition: Condition, scope: Scope) -> Iterator[str]:
    """Say what a reader should know of a condition: what it needs, and what may never occur."""
    yield from (why for name in fields_of(condition) if (why := doubt(name)))
    unknown = unknown_names(condition)
    if unknown:
        listed = ", ".join(dict.fromkeys(unknown))
        yield f"not in the event dictionary, so compared without regard to case in forbid or where: {listed}"
    yield from doubts(scope)
    if any(isinstance(leaf, Regex) for leaf in leaves(condition)):
        yield _REGEX_NOTE


def _with_ids(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Give every draft an id from its title, with a number where several would have the same."""
    taken: set[str] = set()
    named: list[Draft] = []
    for draft in drafts:
        stem = slug(draft.source.title) or "sigma-rule"
        numbers = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
        chosen = next(each for each in (stem, *numbers) if each not in taken)
        taken.add(chosen)
        named.append(replace(draft, id=chosen))
    return iter(sorted(named, key=lambda draft: draft.id))
