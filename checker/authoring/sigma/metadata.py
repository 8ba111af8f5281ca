"""What a Sigma rule says of itself: title, author, licence, level, tags, references."""

import re
from typing import Any, Final

import sigma.exceptions as faults
from sigma.rule import SigmaLevel, SigmaRuleBase

from checker.authoring.sigma.draft import Source
from checker.policy.rule import Severity
from checker.visible import visible

_LEVELS: Final = {
    SigmaLevel.INFORMATIONAL: Severity.INFO,
    SigmaLevel.LOW: Severity.LOW,
    SigmaLevel.MEDIUM: Severity.MEDIUM,
    SigmaLevel.HIGH: Severity.HIGH,
    SigmaLevel.CRITICAL: Severity.CRITICAL,
}
_LESSER: Final = (
    *(faults.SigmaAuthorError, faults.SigmaDateError, faults.SigmaDescriptionError),
    *(faults.SigmaFalsePositivesError, faults.SigmaFieldsError, faults.SigmaIdentifierError),
    *(faults.SigmaLevelError, faults.SigmaLicenseError, faults.SigmaModifiedError),
    *(faults.SigmaReferencesError, faults.SigmaRelatedError, faults.SigmaScopeError),
    *(faults.SigmaStatusError, faults.SigmaTagError),
)
_LONGEST_ID: Final = 100


def source_of(rule: SigmaRuleBase, path: str, parts: tuple[str, ...] = ()) -> Source:
    """Read what a rule says of itself."""
    return Source(
        path=path,
        title=title_of(rule),
        identifier=str(rule.id or ""),
        author=_text(rule.author),
        licence=_text(rule.license),
        status=str(rule.status) if rule.status else "",
        date=str(rule.date or ""),
        modified=str(rule.modified or ""),
        description=_text(rule.description),
        false_positives=tuple(each.rstrip(".") for each in _texts(rule.falsepositives)),
        references=_texts(rule.references),
        tags=_tags(rule),
        severity=_severity(rule) or Severity.MEDIUM,
        parts=parts,
    )


def title_of(rule: SigmaRuleBase) -> str:
    """Give a rule's title in one line, in which nothing hides."""
    # Of a document that pySigma refuses, the title can be anything.
    return visible(" ".join(str(rule.title or "").split())) or "Sigma rule without a title"


def notes_of(rule: SigmaRuleBase) -> tuple[str, ...]:
    """Say what had to be assumed."""
    told = [f"pySigma says: {' '.join(str(error).split())}" for error in rule.errors]
    if _severity(rule) is None:
        told.append("the Sigma rule states no level that Sigma knows: severity medium")
    return tuple(told)


def is_lesser(error: faults.SigmaError) -> bool:
    """Tell whether a fault is of what a rule says of itself, not of what it looks for."""
    return isinstance(error, _LESSER)


def slug(text: str) -> str:
    """Give text in kebab-case; empty where no letter or digit of ASCII is in it."""
    joined = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return joined[:_LONGEST_ID].strip("-")


# pySigma keeps what it calls wrong as it is, so none of these need be what their types say.


def _severity(rule: SigmaRuleBase) -> Severity | None:
    level = rule.level
    return _LEVELS[level] if isinstance(level, SigmaLevel) else None


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    listed = value if isinstance(value, list) else [value]
    return tuple(text for each in listed if (text := _text(each)))


def _tags(rule: SigmaRuleBase) -> tuple[str, ...]:
    slugs = (slug(str(tag)) for tag in rule.tags)
    return tuple(dict.fromkeys(("sigma", *(each for each in slugs if each))))
