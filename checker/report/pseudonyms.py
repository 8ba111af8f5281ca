"""Pseudonyms: names of principals, and addresses, replaced under a key wherever they stand."""

import hashlib
import hmac
import ipaddress
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import quote, unquote

from msgspec import Struct

from checker.aws import Json
from checker.aws.depth import is_deeper
from checker.report.mask import REMOVED

_DIGITS: Final = 12
"""Of a pseudonym, hexadecimal: 48 bits, so that no two of a report's names have the same."""

_DEEPEST: Final = 100
_LEAST_NAME: Final = 2
_LEAST_INNER: Final = 6
"""Characters from which on a name is looked for within words, too."""

_PSEUDONYM: Final = re.compile(rf"(?:name|addr|id)-[0-9a-f]{{{_DIGITS}}}")

# Fields whose value is the name or the id of a principal, in lower case and without separators.
_NAME_FIELD: Final = re.compile(
    r"(user|role|session|principal|display|instanceprofile)name$"
    r"|(user|role|principal|assumedrole|federateduser|session|credential)ids?$"
    r"|^(db|instanceos|master)?users?$|roles?$|sourceidentity$|email(address)?$|macaddress$"
    r"|createdby$|givenname$|familyname$|(subject|nameid)$"
)
_OF_PRINCIPALS: Final = re.compile(r"user|role|principal|session|identit|person|email|caller|actor")
"""In the name of a parameter, or an expression that groups events."""

_PRINCIPAL_ARN: Final = re.compile(
    r"(arn:aws[a-z-]*:(?:iam|sts):[^:\s]*:[0-9*?]*:"
    r"(?:role|user|assumed-role|federated-user|mfa|u2f|sms-mfa|instance-profile)/"
    r"|arn:aws[a-z-]*:ssm:[^:\s]*:[0-9*?]*:session/)"
    r"([\w+=.@/*?%-]*[\w+=@*?%-])"
)
# Folders in which AWS keeps roles of its own, and Regions: they name nobody.
_AWS_FOLDER: Final = re.compile(
    r"aws-reserved|aws-service-role|service-role|[\w.-]+\.amazonaws\.com|[a-z]{2,4}(-[a-z]+)+-[0-9]"
)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
_UNIQUE_ID: Final = re.compile(r"\b(?:AIDA|AROA|AGPA|AIPA|ANPA|ANVA|ASCA|APKA)[A-Z0-9]{8,}\b")
_LEADING_ID: Final = re.compile(r"[A-Z0-9_*]{10,}")
_EMAIL: Final = re.compile(r"[\w.%+'-]+@[\w-]+(?:\.[\w-]+)+")
_HOST: Final = re.compile(r"\bip-[0-9]{1,3}(?:-[0-9]{1,3}){3}\b")
_IPV4: Final = re.compile(r"(?<![0-9A-Za-z.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9A-Za-z]|\.[0-9])")
_IPV6: Final = re.compile(
    r"(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.[0-9]{1,3}){0,3}(?![0-9A-Za-z:])"
)
_PHRASE: Final = re.compile(
    r"(\b[\w.]*(?:userIdentity[\w.]*|[uU]ser[nN]ame|[rR]ole[nN]ame|[sS]ession[nN]ame|principalId"
    r"|sourceIdentity)\s+)(\S+(?:\s+or\s+\S+)*)"
)
# What names are written in, and what parts of them may stand apart by.
_WORD: Final = re.compile(r"[\w+=,.@-]+")
_BETWEEN: Final = re.compile(r"([+=,.@_-])")
_MOST_PARTS: Final = 24
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_NOBODY: Final = re.compile(
    r"\*+|root|anonymous|AWS Internal|AWSService|HIDDEN_DUE_TO_SECURITY_REASONS"
    r"|(service:)?[\w.-]+\.(amazonaws\.com|amazonaws\.com\.cn|amazon\.com)"
    r"|(account:)?[0-9]{12}|-",
)


class Copies(Struct, frozen=True):
    """Finds the names of one record in what was copied out of it, however they are written.

    Attributes:
        names: By the forms that the pattern finds, in lower case.
    """

    pattern: re.Pattern[str]
    names: Mapping[str, str]


class Pseudonyms:
    """Replaces names and addresses; the same value has the same pseudonym under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}
        self._odd: re.Pattern[str] | None = None

    def add(self, names: Iterable[str]) -> None:
        """Note names that are replaced wherever they are a word of their own."""
        for name in names:
            if len(name) > _LEAST_NAME:
                self._known[name.casefold()] = self.name(name)
        odd = sorted(name for name in self._known if not _WORD.fullmatch(name))
        if odd:
            self._odd = re.compile("|".join(map(_found_as, reversed(odd))), re.IGNORECASE)

    def name(self, text: str) -> str:
        """Give the pseudonym of a name."""
        return f"name-{self._digest(text.casefold())}"

    def token(self, text: str) -> str:
        """Give what stands for something that must not be guessed, such as a fingerprint."""
        return hmac.new(self._key, b"token\0" + _bytes(text), hashlib.sha256).hexdigest()

    def text(self, text: str, own: "Copies | None" = None) -> str:
        """Give text with all that is known or recognised replaced.

        Args:
            text: Any.
            own: The names of the record that the text comes from.
        """
        shown = text
        if own:
            names = own.names
            shown = own.pattern.sub(
                lambda found: self._named(names.get(found[0].casefold(), found[0])), text
            )
        if self._odd:
            shown = self._odd.sub(lambda found: self._named(found[0]), shown)
        if self._known:
            shown = _WORD.sub(self._word, shown)
        shown = _PRINCIPAL_ARN.sub(self._arn, shown)
        shown = _UNIQUE_ID.sub(lambda found: f"id-{self._digest(found[0])}", shown)
        shown = _EMAIL.sub(lambda found: self._named(found[0]), shown)
        shown = _HOST.sub(self._host, shown)
        shown = _IPV6.sub(self._address, shown)
        return _IPV4.sub(self._address, shown)

    def phrase(self, text: str) -> str:
        """Give text that may say `field value or value` with the values of names replaced."""
        return self.text(_PHRASE.sub(self._values, text))

    def principal(self, text: str, own: "Copies | None" = None) -> str:
        """Give what stands for a principal: of an ARN its names, of anything else the whole."""
        if not text or text == REMOVED or set(text) == {"*"} or _NOBODY.fullmatch(text):
            return text
        if text.startswith("arn:") or _IPV4.fullmatch(text) or _json_in(text) is not None:
            return self.text(text, own)
        return ":".join(self._piece(piece) for piece in _pieces(text))

    def value(self, value: Json, own: "Copies | None" = None, field: str = "") -> Json:
        """Give a JSON value with names and addresses replaced, by their fields and as copies."""
        match value:
            case str() if is_name_field(field):
                return self.principal(value, own)
            case str():
                return self._encoded(value, own)
            case Mapping():
                return {
                    self.text(key, own): self.value(each, own, key) for key, each in value.items()
                }
            case list():
                return [self.value(each, own, field) for each in value]
            case _:
                return value

    def listed(self, value: Json, field: str) -> Json:
        """Give the value of a parameter; of one whose name speaks of principals every text."""
        if isinstance(value, str) and of_principals(field):
            return self.principal(value)
        if isinstance(value, list):
            return [self.listed(each, field) for each in value]
        return self.value(value)

    def _encoded(self, text: str, own: "Copies | None") -> str:
        """Look into JSON that stands in a text, and into what is encoded for a URL."""
        inner = _json_in(text)
        if inner is not None:
            redacted = self.value(inner, own)
            return text if redacted == inner else json.dumps(redacted, ensure_ascii=False)
        if "%" in text and (plain := unquote(text)) != text:
            redacted = self._encoded(plain, own)
            return text if redacted == plain else quote(redacted)
        return self.text(text, own)

    def _piece(self, text: str) -> str:
        if not text or _ACCOUNT.fullmatch(text) or _PSEUDONYM.fullmatch(text):
            return text
        if _UNIQUE_ID.fullmatch(text):
            return f"id-{self._digest(text)}"
        return self.name(text)

    def _named(self, text: str) -> str:
        return text if _PSEUDONYM.fullmatch(text) else self.name(unquote(text))

    def _word(self, found: re.Match[str]) -> str:
        """Replace the longest parts of a word that are names, such as of `user=alice`."""
        if _PSEUDONYM.fullmatch(found[0]):
            return found[0]
        parts = [part for part in _BETWEEN.split(found[0]) if part]
        shown: list[str] = []
        first = 0
        while first < len(parts):
            last = self._end_of_name(parts, first)
            name = "".join(parts[first:last]).casefold()
            shown.append(self._known.get(name, parts[first]))
            first = last
        return "".join(shown)

    def _end_of_name(self, parts: Sequence[str], first: int) -> int:
        """Give where the longest name ends that begins here; where none does, the next part."""
        for last in range(min(len(parts), first + _MOST_PARTS), first, -1):
            if "".join(parts[first:last]).casefold() in self._known:
                return last
        return first + 1

    def _arn(self, found: re.Match[str]) -> str:
        *folders, name = found[2].split("/")
        pieces = [each if _AWS_FOLDER.fullmatch(each) else self._piece(each) for each in folders]
        return found[1] + "/".join([*pieces, self._piece(name)])

    def _values(self, found: re.Match[str]) -> str:
        values = re.split(r"(\s+or\s+)", found[2])
        return found[1] + "".join(
            each if index % 2 else self.principal(each) for index, each in enumerate(values)
        )

    def _host(self, found: re.Match[str]) -> str:
        return f"host-{self._address_of(found[0][3:].replace('-', '.'))}"

    def _address(self, found: re.Match[str]) -> str:
        return self._address_of(found[0])

    def _address_of(self, text: str) -> str:
        # Leading zeros, which some tools write, are no address for Python.
        plain = re.sub(r"(?<![0-9])0+(?=[0-9])", "", text) if ":" not in text else text
        try:
            address = ipaddress.ip_address(plain)
        except ValueError:
            # Four numbers that are no address may be one that was written wrong.
            return f"addr-{self._digest(text)}" if "." in text else text
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        # All addresses, as in 0.0.0.0/0, and the machine itself are nobody's.
        if address.is_unspecified or address.is_loopback:
            return text
        return f"addr-{self._digest(str(address))}"

    def _digest(self, text: str) -> str:
        made = hmac.new(self._key, b"value\0" + _bytes(text), hashlib.sha256)
        return made.hexdigest()[:_DIGITS]


def names_in(value: Json, field: str = "") -> Iterator[str]:
    """Give the names of principals in a record, by the fields that hold them."""
    match value:
        case str() if is_name_field(field) and not _NOBODY.fullmatch(value) and value != REMOVED:
            yield from names_of(value)
        case str():
            yield from (name for found in _PRINCIPAL_ARN.finditer(value) for name in _last(found))
            inner = _json_in(value)
            if inner is not None:
                yield from names_in(inner)
        case Mapping():
            for key, each in value.items():
                yield from names_in(each, key)
        case list():
            for each in value:
                yield from names_in(each, field)
        case _:
            return


def names_of(principal: str) -> Iterator[str]:
    """Give the names in what stands for a principal: an ARN, an id, a name."""
    if principal.startswith("arn:"):
        yield from (n for found in _PRINCIPAL_ARN.finditer(principal) for n in _last(found))
    elif not _NOBODY.fullmatch(principal) and _json_in(principal) is None:
        yield from (
            piece
            for piece in _pieces(principal)
            if piece
            and not _IPV4.fullmatch(piece)
            and not _NOBODY.fullmatch(piece)
            and not _ACCOUNT.fullmatch(piece)
            and not _UNIQUE_ID.fullmatch(piece)
        )


def copies_of(names: Iterable[str]) -> "Copies | None":
    """Give what finds these names in text that was copied out of their record.

    Of an address of mail, its local part is looked for, too.
    """
    whole = {name for name in names if len(name) >= _LEAST_NAME}
    whole |= {name.partition("@")[0] for name in whole if "@" in name.strip("@")}
    forms = {
        form: name for name in sorted(whole) for form in _forms(name) if len(form) >= _LEAST_NAME
    }
    if not forms:
        return None
    ordered = sorted(forms, key=lambda form: (-len(form), form))
    return Copies(
        re.compile("|".join(map(_found_as, ordered)), re.IGNORECASE),
        {form.casefold(): name for form, name in forms.items()},
    )


def is_name_field(name: str) -> bool:
    """Tell whether a field of a record holds the name or the id of a principal."""
    return _NAME_FIELD.search(re.sub(r"[-_. ]", "", name).lower()) is not None


def of_principals(name: str) -> bool:
    """Tell whether a parameter, or an expression, speaks of principals."""
    return _OF_PRINCIPALS.search(name.lower()) is not None


def _pieces(principal: str) -> list[str]:
    """Split `ID:session`, as principalId has it; anything else with a colon is one name."""
    first, colon, rest = principal.partition(":")
    return [first, rest] if colon and _LEADING_ID.fullmatch(first) else [principal]


def _last(found: re.Match[str]) -> list[str]:
    return [each for each in found[2].split("/") if not _AWS_FOLDER.fullmatch(each)]


def _forms(name: str) -> set[str]:
    return {name, json.dumps(name)[1:-1], json.dumps(name, ensure_ascii=False)[1:-1], _quoted(name)}


def _quoted(name: str) -> str:
    return quote(name, safe="", errors="replace")


def _found_as(form: str) -> str:
    escaped = re.escape(form)
    if len(form) >= _LEAST_INNER:
        return escaped
    return rf"(?<![A-Za-z0-9]){escaped}(?![A-Za-z0-9])"


def _json_in(text: str) -> Json:
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return None if is_deeper(value, _DEEPEST) else value


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
