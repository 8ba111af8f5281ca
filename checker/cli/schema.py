"""`trailcheck schema`: print the JSON Schemas, for editors and for readers of the report."""

import json
from collections.abc import Callable, Mapping

import click

from checker.authoring.results import results_schema
from checker.aws import Json
from checker.cli.configuration import CONFIGURATION
from checker.policy.case_files import cases_schema
from checker.policy.packs import PACK
from checker.policy.rule_document import rule_schema
from checker.policy.shape import DIALECT
from checker.policy.waiver_document import waivers_schema
from checker.report.saved import report_schema

SCHEMAS: dict[str, Callable[[], Mapping[str, Json]]] = {
    "rule": rule_schema,
    "pack": lambda: {"$schema": DIALECT, "title": "trailcheck pack", **PACK.schema()},
    "configuration": lambda: {
        "$schema": DIALECT, "title": "trailcheck configuration", **CONFIGURATION.schema(),
    },
    "waivers": waivers_schema,
    "tests": cases_schema,
    "test-results": results_schema,
    "report": report_schema,
}  # fmt: skip


@click.command("schema")
@click.argument("name", type=click.Choice(list(SCHEMAS)), default="rule")
def command(*, name: str) -> None:
    """Print a JSON Schema (draft 2020-12), by default that of a rule."""
    click.echo(json.dumps(SCHEMAS[name](), indent=2, ensure_ascii=False))
