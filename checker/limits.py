"""Bounds on what a run reads and computes: the defaults, all of which a configuration may change."""

from typing import Annotated

from msgspec import Meta, Struct


class Limits(Struct, frozen=True, kw_only=True):
    """What is refused as too much; no limit that is met ever looks like a pass.

    The description of a field says what it bounds.
    """

    file_bytes: Annotated[
        int, Meta(description="Bytes of one trail log, inflated; a larger one is refused.")
    ] = 2 << 30
    inflate_ratio: Annotated[
        int,
        Meta(description="How many times its size a gzip file may inflate to, once past 64 MiB."),
    ] = 200
    record_bytes: Annotated[
        int, Meta(description="Characters of one record; a larger one is refused.")
    ] = 16 << 20
    record_depth: Annotated[
        int, Meta(description="Levels that one record may nest; a deeper one is refused.", le=250)
    ] = 200
    rule_file_bytes: Annotated[int, Meta(description="Bytes of one YAML file.")] = 1 << 20
    rules: Annotated[int, Meta(description="Rule files of one run.")] = 10_000
    evaluation_steps: Annotated[
        int,
        Meta(description="Steps of one condition on one event; beyond, the event is an error."),
    ] = 200_000
    evaluation_result: Annotated[
        int, Meta(description="Elements or characters of one value that a condition makes.")
    ] = 100_000
    groups: Annotated[
        int,
        Meta(description="Groups of like violations told apart for each rule."),
    ] = 100_000
    exhibits: Annotated[
        int, Meta(description="Events kept as evidence for each rule and kind of finding.")
    ] = 50


DEFAULT = Limits()
