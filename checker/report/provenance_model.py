"""The part of the report model that says where a report comes from."""

from typing import Literal

from checker.aws import Json
from checker.report.shape import Shape

FileKind = Literal["configuration", "pack", "params", "waivers", "baseline"]


class Manifest(Shape, frozen=True):
    """All inputs that were judged, as one hash: of the bytes that `-o manifest=FILE` writes.

    These are lines of JSON, sorted by path, each the path, size and sha256 of an input. `size` is
    the sum of the inputs' sizes.
    """

    inputs: int
    size: int
    sha256: str


class AppliedFile(Shape, frozen=True):
    """A file beside the rules that had a say in the answer; a rule's hash is with the rule."""

    kind: FileKind
    path: str
    sha256: str


class Obtained(Shape, frozen=True):
    """How the logs were obtained, as it was stated; empty where nothing was."""

    trail: str
    location: str
    by: str
    at: str
    command: str


class Stated(Shape, frozen=True):
    """What people state about a run: printed as they said it, and not verified."""

    prepared_by: str
    purpose: str
    obtained: Obtained


class Provenance(Shape, frozen=True):
    """What it takes to make the report again, byte for byte, and what was stated about it.

    `settings` are those that can change an answer, as they came out of command line, environment
    and configuration; one that is not there was at its default. Given parameter values are named
    `rule-id.name`. `evaluated_at` and `tool` belong to it, too.
    """

    manifest: Manifest
    files: list[AppliedFile]
    settings: dict[str, Json]
    stated: Stated
