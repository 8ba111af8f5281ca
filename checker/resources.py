"""Where the bundled packs and templates are, in a wheel and in a checkout."""

from functools import cache
from pathlib import Path


@cache
def bundled(kind: str) -> Path:
    """Give the folder that holds the bundled `rules` or `reports`.

    A wheel carries them inside the package; an editable install or a checkout has them at its top
    level.

    Args:
        kind: `rules` or `reports`.
    """
    package = Path(__file__).resolve().parent
    inside = package / "_bundled" / kind
    return inside if inside.is_dir() else package.parent / kind
