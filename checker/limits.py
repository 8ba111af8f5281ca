"""Bounds on what a run reads and computes: the defaults, all of which a configuration may change."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is refused as too much; no limit that is met ever looks like a pass.

    The metadata of a field says what it bounds.
    """

    file_bytes: int = field(
        default=2 << 30,
        metadata={"doc": "Bytes of one trail log, inflated; a larger one is refused."},
    )
    inflate_ratio: int = field(
        default=200,
        metadata={"doc": "How many times its size a gzip file may inflate to, once past 64 MiB."},
    )
    record_bytes: int = field(
        default=16 << 20, metadata={"doc": "Characters of one record; a larger one is refused."}
    )
    record_depth: int = field(
        default=200,
        metadata={"doc": "Levels that one record may nest; a deeper one is refused.", "most": 400},
    )
    rule_file_bytes: int = field(default=1 << 20, metadata={"doc": "Bytes of one YAML file."})
    rules: int = field(default=10_000, metadata={"doc": "Rule files of one run."})
    evaluation_steps: int = field(
        default=200_000,
        metadata={"doc": "Steps of one condition on one event; beyond, the event is an error."},
    )
    evaluation_result: int = field(
        default=100_000,
        metadata={"doc": "Elements or characters of one value that a condition makes."},
    )
    exhibits: int = field(
        default=50,
        metadata={"doc": "Events kept as evidence for each rule and kind of finding."},
    )


DEFAULT = Limits()
