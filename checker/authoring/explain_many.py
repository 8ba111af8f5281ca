"""What a rule over many events makes of all of them: windows, their members, and what came nearest."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from msgspec import Struct

from checker.authoring import explain_model as model
from checker.authoring.explain import Explainer, masked_group
from checker.authoring.explain_nearest import Met, nearest
from checker.aws import Json
from checker.aws.time import format_time, to_micros
from checker.engine.episodes import Episode
from checker.engine.exhibits import Bars
from checker.engine.finding import Finding
from checker.engine.found import Found, settle
from checker.engine.grouping import names_of
from checker.engine.identity import identify
from checker.engine.orders import Orders
from checker.engine.ruleset import RuleSet
from checker.engine.scan import Judging
from checker.engine.tally import unite
from checker.expression.compiler import compile_expression
from checker.expression.faults import EvaluationError
from checker.limits import Limits
from checker.policy.loader import RuleBook
from checker.policy.rule import Rule
from checker.policy.waiver import Waiver
from checker.report.episodes import summary
from checker.report.mask import MakeMask, Mask
from checker.trail.event import canonical_bytes, text_in
from checker.trail.record import Record, TrailLog
from checker.trail.source import Source
from checker.verdict.verdicts import judge

MOST_WINDOWS: Final = 20
MOST_MEMBERS: Final = 100

Located: TypeAlias = tuple[str, Record]
"""A record and the path of its log."""


class _Member(Struct, frozen=True, kw_only=True):
    """An event in scope, in its group."""

    path: str
    record: Record
    time: datetime
    digest: bytes
    steps: tuple[int, ...]
    value: bytes


def together(
    explainer: Explainer,
    located: Sequence[Located],
    limits: Limits,
    waivers: Sequence[Waiver],
    mask: MakeMask,
) -> model.Together:
    """Judge events together by the engine itself, and tell what it found.

    Args:
        explainer: Of the rule, which is over many events.
        located: All events, each with the path of its log.
        limits: What one evaluation may cost.
        waivers: Of this rule.
        mask: Makes the mask for what comes out of one record.
    """
    rule = explainer.rule
    found = _settled(rule, located, limits, Orders(waivers=tuple(waivers)))
    (result,) = judge((rule,), found, None, whole=True)
    members = list(_members(explainer, located))
    telling = _Telling(rule, found, members, limits, [each.id for each in waivers], mask)
    assessed = found.assessed.get(0)
    episodes = assessed.episodes if assessed else ()
    broken = any(each.certain for each in episodes)
    first, last = found.span or (None, None)
    return model.Together(
        verdict=result.verdict.value,
        reason=result.reason,
        covered_from=format_time(first) if first else "",
        covered_to=format_time(last) if last else "",
        windows=[telling.window(each) for each in episodes[:MOST_WINDOWS]],
        windows_unshown=max(0, len(episodes) - MOST_WINDOWS),
        nearest=[] if broken else nearest(rule, telling.groups(explainer)),
    )


def _settled(rule: Rule, located: Sequence[Located], limits: Limits, orders: Orders) -> Found:
    rules = RuleSet(RuleBook(rules=(rule,), packs=()), limits, orders=orders)
    judging = Judging(rules, limits, Bars(limits.exhibits))
    originals: dict[str, dict[int, dict[str, Json]]] = {}
    for log in _logs(located):
        judging.take_log(log)
        originals[log.source.path] = {each.index: each.original for each in log.records}

    def read_again(path: str, indexes: Sequence[int]) -> Mapping[int, dict[str, Json]]:
        return {index: originals[path][index] for index in indexes}

    tally = unite([judging.tally()], limits)
    return settle(tally, (rule,), limits, read_again=read_again, orders=orders)


def _logs(located: Sequence[Located]) -> Iterator[TrailLog]:
    by_path: dict[str, list[Record]] = {}
    for path, record in located:
        by_path.setdefault(path, []).append(record)
    for path, records in sorted(by_path.items()):
        yield TrailLog(source=Source(path, explicit=True), records=tuple(records))


def _members(explainer: Explainer, located: Sequence[Located]) -> Iterator[_Member]:
    """Give the events that are taken into account, each once, in order of time."""
    seen: set[bytes] = set()
    for path, record in sorted(located, key=_moment):
        identity, _ = identify(record.event, canonical_bytes(record.event), path, record.index)
        if record.time is None or identity in seen:
            continue
        seen.add(identity)
        sights: dict[bytes, list[tuple[int, bytes]]] = {}
        for number, answer in enumerate(explainer.ask(record).steps):
            judged = answer.judged
            if judged and judged.finding is Finding.COUNTED and judged.sighting:
                sight = judged.sighting
                sights.setdefault(sight.group, []).append((number, sight.value))
        for digest, listed in sights.items():
            yield _Member(
                path=path,
                record=record,
                time=record.time,
                digest=digest,
                steps=tuple(number for number, _ in listed),
                value=listed[0][1],
            )


def _moment(located: Located) -> tuple[int, str, int]:
    path, record = located
    return (to_micros(record.time) if record.time else 0, path, record.index)


class _Telling:
    """Puts what was found into the model."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that it tells of
        self,
        rule: Rule,
        found: Found,
        members: Sequence[_Member],
        limits: Limits,
        waivers: Sequence[str],
        mask: MakeMask,
    ) -> None:
        self._rule = rule
        self._found = found
        self._waivers = waivers
        self._mask = mask
        self._names = names_of(rule)
        self._by_group: dict[bytes, list[_Member]] = {}
        for member in members:
            self._by_group.setdefault(member.digest, []).append(member)
        field = rule.correlation.field if rule.correlation else None
        self._counted = compile_expression(field, rule.values, limits) if field else None

    def window(self, episode: Episode) -> model.Window:
        """Tell of one window, or of one interval."""
        members = [each for each in self._by_group.get(episode.digest, []) if _is_in(each, episode)]
        mask = self._mask(members[0].record.original if members else None)
        group = episode.group or (None,) * len(self._names)
        return model.Window(
            group=masked_group(dict(zip(self._names, group, strict=False)), mask),
            first=format_time(episode.first),
            last=format_time(episode.last),
            summary=summary(self._rule, episode, self._found.span),
            certain=episode.certain,
            waived_by="" if episode.waiver is None else self._waivers[episode.waiver],
            members=[self._member(each) for each in members[:MOST_MEMBERS]],
            members_unshown=max(0, len(members) - MOST_MEMBERS),
        )

    def groups(self, explainer: Explainer) -> dict[str, list[Met]]:
        """Give the events by their groups, in words."""
        named: dict[str, list[Met]] = {}
        for members in self._by_group.values():
            first = members[0].record
            answers = explainer.ask(first).steps
            key = next((each.key for each in answers if each.key is not None), ())
            values = masked_group(
                dict(zip(self._names, key, strict=False)), self._mask(first.original)
            )
            name = ", ".join(
                f"{each} {'(absent)' if value is None else value}" for each, value in values.items()
            )
            named[name] = [
                Met(time=to_micros(each.time), steps=each.steps, value=each.value)
                for each in members
            ]
        return named

    def _member(self, member: _Member) -> model.Member:
        mask, event = self._mask(member.record.original), member.record.event
        return model.Member(
            path=member.path,
            index=member.record.index,
            event_id=mask.text(text_in(event, "eventID")),
            time=format_time(member.time),
            name=mask.text(text_in(event, "eventName")),
            steps=[name for n in member.steps if (name := self._rule.steps[n].name)],
            counted=self._value(event, mask),
        )

    def _value(self, event: Json, mask: Mask) -> Json:
        if self._counted is None:
            return None
        try:
            return mask.value(self._counted(event))
        except EvaluationError:
            return None


def _is_in(member: _Member, episode: Episode) -> bool:
    return episode.first <= member.time <= episode.last
