"""Evidence as a report carries it: masked, and texts cut to a readable length."""

from collections.abc import Sequence

from checker.engine.evidence import Evidence
from checker.report import model
from checker.report.mask import Mask

MAX_TEXT = 2_000
"""Characters of one text that a report shows of an event; the event itself is kept whole."""


def evidence_of(exhibit: Evidence, mask: Mask, waivers: Sequence[str] = ()) -> model.Evidence:
    """Give one event behind a verdict.

    Args:
        exhibit: The event.
        mask: That of its record, to be laid over it.
        waivers: The ids of the waivers, by their numbers.
    """

    def shown(text: str) -> str:
        return cut(mask.text(text))

    return model.Evidence(
        time=shown(exhibit.time) or None,
        account=shown(exhibit.account),
        region=shown(exhibit.region),
        principal=shown(exhibit.principal),
        identity_type=exhibit.identity_type,
        source_address=shown(exhibit.source_address),
        event_source=shown(exhibit.event_source),
        event_name=shown(exhibit.event_name),
        outcome=exhibit.outcome,
        resources=[shown(each) for each in exhibit.resources],
        message=shown(exhibit.message),
        reason=shown(exhibit.reason),
        evidence=mask.value(dict(exhibit.evidence)),
        event_id=shown(exhibit.event_id),
        path=exhibit.path,
        index=exhibit.index,
        lines=None,
        fingerprint=exhibit.fingerprint,
        waiver="" if exhibit.waiver is None else waivers[exhibit.waiver],
        in_baseline=exhibit.known,
        event=mask.value(exhibit.record),
    )


def cut(text: str) -> str:
    """Give a text that is no longer than a report shows."""
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"
