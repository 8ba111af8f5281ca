"""The rule document as a whole: which of its keys go with which kind of rule."""

from checker.aws import Json
from checker.errors import Problem
from checker.policy.nodes import Mapping, Scalar, entries_of
from checker.policy.rule import CorrelationType, Rule
from checker.policy.shape import Field, Record

_TEMPORAL = tuple(each.value for each in CorrelationType if not each.is_count)
_COUNTS = tuple(each.value for each in CorrelationType if each.is_count)
_OF_STEPS = {
    "match": "move it into the steps",
    "where": "move it into the steps",
    "outcome": "move it into the steps",
    "requires": "leave it out; the where of a step can ask for it: path != null",
}


class RuleRecord(Record[Rule], frozen=True, kw_only=True):
    """A rule, whose scope stands beside its assertion, or in the steps of a temporal correlation."""

    def _missing(self, node: Mapping) -> list[Problem]:
        problems = Record._missing(self, node)  # noqa: SLF001 - its own, by way of the base class
        if _correlation_type(node) in _TEMPORAL:
            problems += [
                Problem(
                    code="rule-keys",
                    cause=f"the steps of a temporal correlation stand in place of '{key.text}'",
                    place=key.place,
                    hint=_OF_STEPS[key.text],
                )
                for key, _ in node.entries
                if key.text in _OF_STEPS
            ]
        return problems

    def _requires(self, field: Field, node: Mapping) -> bool:
        # Where a correlation's type is wrong, that is said, and not what else would be missing.
        return field.name != "match" or _correlation_type(node) in {None, *_COUNTS}

    def schema(self) -> dict[str, Json]:
        schema = Record.schema(self)
        schema["required"].remove("match")
        kind = {"properties": {"type": {"enum": list(_TEMPORAL)}}, "required": ["type"]}
        schema["if"] = {"properties": {"correlation": kind}, "required": ["correlation"]}
        schema["then"] = {"properties": dict.fromkeys(_OF_STEPS, False)}
        schema["else"] = {"required": ["match"]}
        return schema


def _correlation_type(node: Mapping) -> str | None:
    """Give the type of a rule's correlation as it is written; None where there is no correlation."""
    for key, value in node.entries:
        if key.text == "correlation":
            kind = entries_of(value).get("type", (None, None))[1]
            return kind.text if isinstance(kind, Scalar) else ""
    return None
