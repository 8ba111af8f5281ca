"""The report as one self-contained HTML page that an auditor can read, print and search."""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from html import escape
from typing import NamedTuple, get_args
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from checker.aws import Json
from checker.report.controls import VERDICTS, frameworks_of
from checker.report.model import Report, RuleResult, SeverityName, VerdictName
from checker.report.pictures import HEIGHT, columns, hours_picture, timeline_picture
from checker.resources import bundled
from checker.visible import visible, visible_json

TEMPLATE = "html/report.html.j2"
STYLES = (
    "_colours.css",
    "_page.css",
    "_parts.css",
    "_pictures.css",
    "_evidence.css",
    "_print.css",
)
SCRIPTS = ("_filter.js", "_evidence.js")

LINE_LENGTH = 80
"""Longest JSON, in characters, that is left on one line."""

SEVERITIES: tuple[SeverityName, ...] = tuple(reversed(get_args(SeverityName)))
"""All severities, highest first."""

_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?)Z"
)


class Lines(str):
    """Text whose line breaks are meant: they are kept where other text shows them written out."""

    __slots__ = ()


class VerdictGroup(NamedTuple):
    """Rules with the same verdict, highest severity first."""

    verdict: VerdictName
    rules: list[RuleResult]


def render_html(report: Report) -> str:
    """Give the report as one HTML page, complete in itself."""
    return render_page(
        TEMPLATE,
        STYLES,
        SCRIPTS,
        report=report,
        frameworks=frameworks_of(sorted(report.rules, key=_weight), report.frameworks),
        hours=hours_picture(report),
        picture=timeline_picture(report),
    )


def render_page(
    template: str, styles: Sequence[str], scripts: Sequence[str], **values: object
) -> str:
    """Give a page, complete in itself, of one of our templates.

    Args:
        template: Its path in the folder of reports.
        styles: Names of style sheets of the HTML report.
        scripts: Names of its scripts.
        values: What the template is about, beside `style`, `script` and `policy`.
    """
    style, script = _inlined(tuple(styles)), _inlined(tuple(scripts))
    policy = content_policy(style, script)
    found = _environment().get_template(template)
    return found.render(style=style, script=script, policy=policy, **values)


def content_policy(style: str, script: str) -> str:
    """Give the Content-Security-Policy that allows this style and this script, and nothing else."""
    return (
        f"default-src 'none'; style-src '{_source_hash(style)}'; "
        f"script-src '{_source_hash(script)}'; base-uri 'none'; form-action 'none'"
    )


def by_verdict(rules: Iterable[RuleResult]) -> list[VerdictGroup]:
    """Group rules by verdict, worst first, leaving out verdicts that no rule has."""
    ordered = sorted(rules, key=_weight)
    groups = (
        VerdictGroup(verdict, [rule for rule in ordered if rule.verdict == verdict])
        for verdict in VERDICTS
    )
    return [group for group in groups if group.rules]


def anchor(text: str) -> str:
    """Give a fragment identifier: equal for equal text only, and the text itself if kebab-case."""
    return re.sub(r"[^A-Za-z0-9.-]", lambda match: f"_{ord(match[0]):x}_", text)


def paragraphs(text: str) -> list[Lines]:
    """Split prose at its blank lines."""
    return [Lines(part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def pretty(value: Json) -> Lines:
    """Give a JSON value as a person reads it: text as it is, all else as JSON, short on one line."""
    if isinstance(value, str):
        return Lines(visible(value))
    line = visible_json(value, indent=None)
    return Lines(line if len(line) <= LINE_LENGTH else visible_json(value))


def one_line(value: Json) -> str:
    """Give a JSON value in one line: text as it is, all else as JSON."""
    return visible(value) if isinstance(value, str) else visible_json(value, indent=None)


def pretty_json(value: Json) -> Markup:
    """Give indented JSON as the content of an element, never of an attribute.

    Quotation marks stay as they are: to escape them made reports with many events longer by a sixth.
    """
    # Escaped here: this is no less safe in an element than what autoescape does.
    return Markup(escape(visible_json(value, indent="\t"), quote=False))  # noqa: S704


def number(count: int) -> str:
    """Give a count with its thousands set apart."""
    return f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """Give a count with its noun: `1 event`, `2 events`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def when(time: str) -> str:
    """Give an RFC 3339 time in UTC as a person reads it; anything else as it is."""
    match = _INSTANT.fullmatch(time)
    return f"{match[1]} {match[2]} UTC" if match else time


def is_instant(time: str | None) -> bool:
    """Tell whether this is an RFC 3339 time in UTC."""
    return bool(time and _INSTANT.fullmatch(time))


def is_link(text: str) -> bool:
    """Tell whether text is an http(s) address and nothing more."""
    if not re.fullmatch(r"https?://[!-~]+", text):
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def finalize(value: object) -> object:
    """Make text visible; every value that a template prints passes here before it is escaped."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return visible(value, keep_newlines=isinstance(value, Lines))


def _weight(rule: RuleResult) -> tuple[int, int, str]:
    return (VERDICTS.index(rule.verdict), SEVERITIES.index(rule.severity), rule.id)


def _source_hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def _inlined(names: Sequence[str]) -> Markup:
    folder = bundled("reports") / "html"
    text = "\n".join((folder / name).read_text(encoding="utf-8") for name in names)
    # Our own files: the only markup that is not made by a template.
    return Markup(text)  # noqa: S704


@cache
def _environment() -> Environment:
    # autoescape is stated: `select_autoescape()` would not match `.html.j2`.
    environment = Environment(
        autoescape=True,
        finalize=finalize,
        loader=FileSystemLoader(bundled("reports")),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.clear()
    environment.globals.update(HEIGHT=HEIGHT, SEVERITIES=SEVERITIES, VERDICTS=VERDICTS)
    environment.filters.update(
        anchor=anchor,
        by_verdict=by_verdict,
        columns=columns,
        counted=counted,
        number=number,
        one_line=one_line,
        paragraphs=paragraphs,
        pretty=pretty,
        pretty_json=pretty_json,
        when=when,
    )
    environment.tests.update(instant=is_instant, link=is_link)
    return environment
