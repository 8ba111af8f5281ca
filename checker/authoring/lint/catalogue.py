"""All checks of the linter, by code."""

from typing import Final

from checker.authoring.lint import texts_expressions, texts_rules, texts_scopes
from checker.authoring.lint.check import Check

CHECKS: Final[tuple[Check, ...]] = (
    *texts_expressions.CHECKS,
    *texts_scopes.CHECKS,
    *texts_rules.CHECKS,
)

CHECKS_BY_CODE: Final = {check.code: check for check in CHECKS}
