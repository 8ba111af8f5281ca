"""A difference as one self-contained HTML page, in the style of the report's."""

from checker.report.diff_model import Difference
from checker.report.diff_words import headline, sections
from checker.report.html import render_page

_STYLES = ("_colours.css", "_page.css", "_parts.css", "_print.css")


def render_diff_html(found: Difference) -> str:
    """Give the difference as one HTML page, complete in itself."""
    return render_page(
        "diff/diff.html.j2",
        _STYLES,
        (),
        found=found,
        headline=headline(found),
        sections=sections(found),
    )
