"""Writes `checker/aws/dictionary.txt`, the calls that CloudTrail can write, by event source.

    python scripts/make_event_dictionary.py

It needs botocore (the models of every AWS service; no network) and PyYAML. Same botocore, same
hand-written files, same bytes.

From the models come the names of all calls. The event source of a model is its signing name or,
without one, its endpoint prefix, in lower case; `event_dictionary/sources.yaml` has the exceptions.
What models lack is written by hand in `event_dictionary/`, every entry with its source:

- `names.yaml`: sign-in events, service events, calls that no SDK offers
- `retired.yaml`: what earlier models had
- `spellings.yaml`: names of the API that CloudTrail writes otherwise
- `data_events.yaml`: resource types of data events and their calls
- `facts.yaml`: exceptions to the reading verbs, calls never logged, global and excludable services

Whether a call reads or writes is told by the first word of its name (`verbs.yaml`; `Batch` and
`Admin` are passed over); with another first word it is unknown.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import botocore
import botocore.loaders
import yaml

CHECKED = "2026-11-21"
"""The day of the hand-written files and of the choice of botocore; set it when renewing them."""

HERE = Path(__file__).parent / "event_dictionary"
TARGET = Path(__file__).parents[1] / "checker" / "aws" / "dictionary.txt"

_FIRST_WORD = re.compile(r"(?:Admin|Batch)?([A-Z][a-z]+)")
_KINDS = ("retired", "service", "sign-in", "unmodelled")

_HEAD = """\
# The event dictionary: what CloudTrail can write, by event source.
# Written by scripts/make_event_dictionary.py from botocore {version} and the files in
# scripts/event_dictionary/, which have the sources, as of {checked}; changes here are lost.
#
# A block a source: its name and its traits, then one call a line: r reads, w writes, ? unknown;
# the name; the resource types under which it is a data event; marks. = is a spelling of the API
# that CloudTrail does not write, and what it writes instead.
"""

Entry = Mapping[str, Any]


class Source:
    """What is known of one event source, as it grows."""

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        self.read_only: dict[str, bool | None] = {}
        self.types: dict[str, set[str]] = {}
        self.dead: dict[str, list[str]] = {}
        self.never: set[str] = set()
        self.traits: list[str] = []

    def add(self, name: str, kind: str = "") -> None:
        """Note a call; what a model says of its kind comes first."""
        self.kinds.setdefault(name, kind)

    def lines(self) -> Iterator[str]:
        """Give the lines of the calls, by name."""
        for name in sorted(self.kinds.keys() | self.dead.keys()):
            if name in self.dead:
                yield " ".join(["=", name, *self.dead[name]])
                continue
            marks = [f"+{self.kinds[name]}"] if self.kinds[name] else []
            marks += ["+never"] if name in self.never else []
            yield " ".join([self._letter(name), name, *sorted(self.types.get(name, ())), *marks])

    def _letter(self, name: str) -> str:
        return {True: "r", False: "w", None: "?"}[self.read_only.get(name, reads(name))]


def reads(name: str) -> bool | None:
    """Tell by its first word whether a call reads, or None where that word does not tell."""
    word = _FIRST_WORD.match(name)
    return _verbs().get(word[1]) if word else None


def text() -> str:
    """Give the whole data file."""
    sources: dict[str, Source] = {}
    _add_models(sources)
    _add_names(sources)
    types = _add_data_events(sources)
    _add_spellings(sources)
    _add_facts(sources)
    head = _HEAD.format(version=botocore.__version__, checked=CHECKED)
    blocks = ["\n".join(["data types", *sorted(types)])]
    for name, source in sorted(sources.items()):
        blocks.append("\n".join([" ".join([name, *sorted(source.traits)]), *source.lines()]))
    return head + "\n" + "\n\n".join(blocks) + "\n"


def _add_models(sources: dict[str, Source]) -> None:
    """Add what the models have; a call whose API name has a version suffix, in both spellings."""
    loader = botocore.loaders.Loader()
    placed = {
        service: entry["event_sources"]
        for entry in _entries("sources.yaml")
        for service in entry["services"]
    }
    for service in loader.list_available_services("service-2"):
        model = loader.load_service_model(service, "service-2")
        for event_source in placed.get(service) or _event_sources(model["metadata"]):
            source = sources.setdefault(event_source, Source())
            for name, operation in model["operations"].items():
                source.add(name)
                source.add(operation.get("name", name))


def _event_sources(metadata: Entry) -> list[str]:
    """Give the signing name and, where it differs and is no host name, the endpoint prefix."""
    prefix = metadata["endpointPrefix"]
    names = {metadata.get("signingName", prefix).lower()}
    if "." not in prefix:
        names.add(prefix.lower())
    return [f"{name}.amazonaws.com" for name in sorted(names)]


def _add_names(sources: dict[str, Source]) -> None:
    for entry in _entries("names.yaml"):
        for name in entry["names"]:
            if entry["kind"] not in _KINDS:
                raise SystemExit(f"names.yaml: no kind '{entry['kind']}'")
            sources.setdefault(entry["event_source"], Source()).add(name, entry["kind"])
    for entry in _entries("retired.yaml"):
        for name in entry["names"]:
            sources.setdefault(entry["event_source"], Source()).add(name, "retired")


def _add_data_events(sources: dict[str, Source]) -> set[str]:
    """Mark the calls that are data events, and give all resource types."""
    page = _yaml("data_events.yaml")
    types = set(page["types"]["names"])
    for entry in page["calls"]:
        _check_source("data_events.yaml", entry)
        types.add(entry["type"])
        source = sources.setdefault(entry["event_source"], Source())
        for name in entry["names"]:
            source.add(name, "unmodelled")
            source.types.setdefault(name, set()).add(entry["type"])
    return types


def _add_spellings(sources: dict[str, Source]) -> None:
    """Move the dead spellings away from the calls; what CloudTrail writes instead is a call."""
    for entry in _entries("spellings.yaml"):
        source = sources[entry["event_source"]]
        for name, live in entry["dead"].items():
            source.kinds.pop(name, None)
            source.dead[name] = live
            for spelling in live:
                source.add(spelling, "unmodelled")


def _add_facts(sources: dict[str, Source]) -> None:
    facts = _yaml("facts.yaml")
    for topic, entries in facts.items():
        for entry in entries:
            _check_source(topic, entry)
    for entry in facts["read_only"]:
        sources[entry["event_source"]].read_only |= entry["names"]
    for entry in facts["never_logged"]:
        source = sources[entry["event_source"]]
        source.never |= set(entry.get("names", ()))
        source.traits += [] if entry.get("names") else ["never"]
    for entry in facts["excludable"]:
        sources[entry["event_source"]].traits.append("excludable")
    homes = _homes()
    for entry in facts["global"]:
        sources[entry["event_source"]].traits += _traits("home", homes[entry["endpoint"]])
    for entry in facts["global_endpoint"]:
        sources[entry["event_source"]].traits += _traits("global", entry["regions"])


def _homes() -> dict[str, dict[str, str]]:
    """Give, for each service with one endpoint, its signing Region by partition."""
    folder = Path(botocore.__file__).parent / "data"
    table = json.loads((folder / "endpoints.json").read_text(encoding="utf-8"))
    homes: dict[str, dict[str, str]] = {}
    for partition in table["partitions"]:
        for service, facts in partition["services"].items():
            if facts.get("isRegionalized") is not False or "partitionEndpoint" not in facts:
                continue
            scope = facts["endpoints"][facts["partitionEndpoint"]].get("credentialScope", {})
            if "region" in scope:
                homes.setdefault(service, {})[partition["partition"]] = scope["region"]
    return homes


def _traits(trait: str, regions: Mapping[str, str]) -> list[str]:
    return [f"{trait}={partition}:{region}" for partition, region in sorted(regions.items())]


@cache
def _verbs() -> dict[str, bool]:
    page = _yaml("verbs.yaml")
    return dict.fromkeys(page["reading"], True) | dict.fromkeys(page["writing"], False)


def _entries(file: str) -> Iterator[Entry]:
    """Give the entries of a hand-written file, each of which must name its source."""
    for entry in _yaml(file):
        _check_source(file, entry)
        yield entry


def _check_source(place: str, entry: Entry) -> None:
    if not entry.get("source"):
        raise SystemExit(f"{place}: an entry without a source: {dict(entry)}")


def _yaml(file: str) -> Any:
    return yaml.safe_load((HERE / file).read_text(encoding="utf-8"))


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8", newline="\n")
