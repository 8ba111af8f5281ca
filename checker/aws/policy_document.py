"""IAM policy documents as CloudTrail records them: an object, JSON text, or URL-encoded JSON text.

Reading is strict: a document with anything that the policy grammar does not know raises, because
a misread statement would look like a harmless one. Questions about what a document allows err
towards yes: conditions are taken as met, policy variables as any text.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NoReturn, TypeAlias
from urllib.parse import unquote

from checker.aws import Json
from checker.aws.arn import parse_arn
from checker.aws.glob import glob_matches

Statement: TypeAlias = dict[str, Json]
"""One statement in the one form that `policy_statements` gives."""

_ELEMENTS: Final = frozenset(
    {
        *("Sid", "Effect", "Principal", "NotPrincipal", "Condition"),
        *("Action", "NotAction", "Resource", "NotResource"),
    }
)
_VARIABLE = re.compile(r"\$\{[^}]*\}")
_ACCOUNT = re.compile(r"[0-9]{12}")


def policy_statements(document: Json) -> list[Statement] | None:
    """Give the statements of a policy document, all in one form; None for None and empty text.

    Every statement has `Sid` and `Effect` as text, `Action`, `NotAction` (lower case), `Resource`
    and `NotResource` as lists of texts, `Condition` as an object, and `Principals` and
    `NotPrincipals` as lists of `{type, id}`; what the document leaves out is empty. The principal
    `*` is `{type: AWS, id: *}`, which means the same.

    Raises:
        ValueError: The text or the document is no policy.
        TypeError: The value is neither text nor an object.
    """
    if document is None or document == "":
        return None
    if isinstance(document, str):
        document = _decode(document)
    elif not isinstance(document, dict):
        raise TypeError("expected a policy document: an object or its text")
    if not isinstance(document, dict) or "Statement" not in document:
        raise ValueError("not a policy document: it has no Statement")
    statements = document["Statement"]
    return [_normal(one) for one in (statements if isinstance(statements, list) else [statements])]


def policy_allows(document: Json, action: str, resource: str) -> bool:
    """Tell whether a policy document lets someone do an action on a resource.

    A statement that allows counts whatever its condition and principal. One that denies counts
    only if it has no condition, is about everyone, and names actions and resources outright. A
    wildcard in the question must be covered whole: `*` asks for all.

    Args:
        document: As for `policy_statements`; None and empty text allow nothing.
        action: `service:Operation`, in any case, or `*`.
        resource: An ARN, or `*`.

    Raises:
        ValueError: The text or the document is no policy.
        TypeError: The value is neither text nor an object.
    """
    statements = policy_statements(document) or []
    allowing = [one for one in statements if one["Effect"] == "Allow"]
    denying = [one for one in statements if one["Effect"] == "Deny" and _is_for_everyone(one)]
    return any(_allows(one, action.lower(), resource) for one in allowing) and not any(
        _denies(one, action.lower(), resource) for one in denying
    )


def policy_accounts(document: Json) -> list[str]:
    """Give the accounts that a policy document lets in, in its order, each once.

    Anyone is `*`. A principal whose account cannot be told (a canonical user id, the unique id
    that a deleted principal leaves behind) stands as it is written: it is somebody.

    Args:
        document: As for `policy_statements`; None and empty text let nobody in.

    Raises:
        ValueError: The text or the document is no policy.
        TypeError: The value is neither text nor an object.
    """
    accounts: dict[str, None] = {}
    for statement in policy_statements(document) or []:
        if statement["Effect"] == "Allow":
            accounts.update(dict.fromkeys(map(_account, statement["Principals"])))
            if statement["NotPrincipals"]:
                accounts["*"] = None
    accounts.pop("", None)
    return list(accounts)


def _decode(text: str) -> Json:
    plain = text.strip()
    if not plain.startswith("{"):
        plain = unquote(plain).strip()
    try:
        return json.loads(plain, object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("not a policy document: it is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"not a policy document: {error}") from error


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("not a policy document: a key occurs twice")
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"not a policy document: {name} is no JSON")


def _normal(statement: Json) -> Statement:
    if not isinstance(statement, dict):
        raise ValueError("not a policy document: a statement is no object")  # noqa: TRY004 - content
    unknown = statement.keys() - _ELEMENTS
    if unknown:
        raise ValueError(f"not a policy document: unknown element '{min(unknown)}'")
    effect = _text(statement.get("Effect", ""))
    if effect not in {"Allow", "Deny"}:
        raise ValueError("not a policy document: Effect is neither Allow nor Deny")
    return {
        "Sid": _text(statement.get("Sid", "")),
        "Effect": effect,
        "Action": [action.lower() for action in _texts(statement, "Action")],
        "NotAction": [action.lower() for action in _texts(statement, "NotAction")],
        "Resource": _texts(statement, "Resource"),
        "NotResource": _texts(statement, "NotResource"),
        "Principals": _principals(statement, "Principal"),
        "NotPrincipals": _principals(statement, "NotPrincipal"),
        "Condition": _members(statement.get("Condition", {})),
    }


def _principals(statement: dict[str, Json], element: str) -> list[dict[str, str]]:
    value = statement.get(element, {})
    by_type = {"AWS": value} if value == "*" else _members(value)
    return [{"type": kind, "id": name} for kind in by_type for name in _texts(by_type, kind)]


def _texts(parent: Mapping[str, Json], key: str) -> list[str]:
    value = parent.get(key, [])
    return [_text(one) for one in (value if isinstance(value, list) else [value])]


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise ValueError("not a policy document: a value is no text")  # noqa: TRY004 - content
    return value


def _members(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise ValueError("not a policy document: a value is no object")  # noqa: TRY004 - content
    return value


def _allows(statement: Statement, action: str, resource: str) -> bool:
    return _touches(statement, "Action", action) and _touches(statement, "Resource", resource)


def _touches(statement: Statement, element: str, text: str) -> bool:
    """Tell whether an element, its `Not…` form, or its absence covers the text."""
    if statement[element]:
        return _covered(text, statement[element], _variable_is_anything)
    return not _covered(text, statement[f"Not{element}"], _variable_is_itself)


def _denies(statement: Statement, action: str, resource: str) -> bool:
    return _covered(action, statement["Action"], _variable_is_itself) and _covered(
        resource, statement["Resource"], _variable_is_itself
    )


def _is_for_everyone(statement: Statement) -> bool:
    if statement["Condition"] or statement["NotPrincipals"]:
        return False
    return not statement["Principals"] or {"type": "AWS", "id": "*"} in statement["Principals"]


def _covered(text: str, patterns: Iterable[str], read: Callable[[str], str]) -> bool:
    return any(glob_matches(text, read(pattern)) for pattern in patterns)


def _variable_is_anything(pattern: str) -> str:
    return _VARIABLE.sub("*", _variable_is_itself(pattern))


def _variable_is_itself(pattern: str) -> str:
    """Read a policy's pattern: IAM knows no backslash, so one is a plain character."""
    return pattern.replace("\\", "\\\\")


def _account(principal: dict[str, str]) -> str:
    kind, name = principal["type"], principal["id"]
    if name == "*" or _ACCOUNT.fullmatch(name):
        return name
    try:
        return parse_arn(name).account
    except ValueError:
        return name if kind in {"AWS", "CanonicalUser"} else ""
