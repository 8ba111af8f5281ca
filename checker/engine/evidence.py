"""Evidence: what a rule says of an event that it found."""

from collections.abc import Mapping

from msgspec import Struct

from checker.aws import Json
from checker.aws.identity import identity_type, principal
from checker.aws.outcome import outcome
from checker.engine.exceptions import Excepter
from checker.engine.exhibits import Exhibit
from checker.engine.finding import VIOLATIONS, Finding
from checker.engine.fingerprint import Fingerprinter, value_or_mark
from checker.expression.compiler import compile_expression
from checker.expression.message import compile_message, parse_message
from checker.limits import Limits
from checker.policy.rule import Rule
from checker.trail.event import canonical_event, event_account, event_time, text_in

_DEFAULT_MESSAGE = (
    "{eventName} by {principal(userIdentity) || userIdentity.principalId || userIdentity.type}"
)


class Evidence(Struct, frozen=True, kw_only=True):
    """One event behind a verdict, with what a reader sees of it first.

    Attributes:
        time: eventTime as written, empty when absent.
        reason: Why it could not be judged; empty for a violation.
        resources: What was acted on, as text.
        evidence: The rule's own evidence fields by name.
        record: The record as it was found.
        index: Its 0-based position in the file.
        fingerprint: Of a violation, that of its group; else empty.
        waiver: The number of the waiver that covers it; None where none does.
        known: Whether the baseline has it.
    """

    time: str
    account: str
    region: str
    principal: str
    identity_type: str
    source_address: str
    event_source: str
    event_name: str
    event_id: str
    outcome: str
    resources: tuple[str, ...]
    message: str
    reason: str
    evidence: Mapping[str, Json]
    path: str
    index: int
    record: Json
    fingerprint: str = ""
    waiver: int | None = None
    known: bool = False


class Describer:
    """What a rule says of an event; never raises."""

    def __init__(self, rule: Rule, limits: Limits, excepter: Excepter, number: int) -> None:
        """Compile what describes an event.

        Args:
            rule: Bound to its parameters.
            limits: What one evaluation may cost.
            excepter: What becomes of violations.
            number: The rule's, there.
        """
        values = rule.values
        self._excepter = excepter
        self._number = number
        self._fingerprinter = Fingerprinter(rule, limits)
        self._neutral = compile_message(parse_message(_DEFAULT_MESSAGE), values, limits)
        self._message = compile_message(rule.message, values, limits) if rule.message else None
        self._evidence = {
            name: compile_expression(each, values, limits) for name, each in rule.evidence.items()
        }

    def describe(self, exhibit: Exhibit, finding: Finding) -> Evidence:
        """Say what happened in an event."""
        event = canonical_event(exhibit.record)
        who = event.get("userIdentity")
        known = who if isinstance(who, dict) else None
        # The rule's own message tells of a violation: it is no word for an event that is none (yet).
        own = self._message if finding in {*VIOLATIONS, Finding.COUNTED} else None
        excepted = None
        if finding in VIOLATIONS:
            excepted = self._excepter.of_event(self._number, event, event_time(event))
        return Evidence(
            time=text_in(event, "eventTime"),
            account=event_account(event) or "",
            region=text_in(event, "awsRegion"),
            principal=principal(known) or "",
            identity_type=identity_type(known) or "",
            source_address=text_in(event, "sourceIPAddress"),
            event_source=text_in(event, "eventSource"),
            event_name=text_in(event, "eventName"),
            event_id=exhibit.event_id,
            outcome=outcome(event),
            resources=self._fingerprinter.resources(event),
            message=(own or self._neutral)(event),
            reason=exhibit.reason,
            evidence={name: value_or_mark(each, event) for name, each in self._evidence.items()},
            path=exhibit.path,
            index=exhibit.index,
            record=exhibit.record,
            fingerprint=excepted.fingerprint.hex() if excepted else "",
            waiver=excepted.waiver if excepted else None,
            known=excepted is not None and excepted.finding is Finding.KNOWN,
        )
