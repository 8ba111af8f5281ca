"""YAML loaded with care: bounded before it is built, scalars kept as text, every failure placed.

`yaml.safe_load` is not enough for files from strangers: a 1 KB merge-key bomb hangs it, deep nesting
kills the C loader, duplicate keys silently drop checks, and `no`, `012`, `2024-02-30` turn into
something else or raise. So the parser's events are read one by one and built into our own nodes.
"""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import yaml
from msgspec import Struct, field

from checker.errors import Place, Problem, UsageError, error_at
from checker.limits import DEFAULT, Limits
from checker.policy.excerpt import excerpt
from checker.policy.nodes import Mapping, Node, Scalar, Sequence, quoted
from checker.policy.yaml_faults import BLOCK_HINT, MAX_DEPTH, Fault, Mark, explain

MAX_ALIASES = 50
MAX_NODES = 100_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STYLES = {None: "plain", "": "plain", "'": "single", '"': "double", "|": "literal", ">": "folded"}
_ONE_HINT = "one document in each file"
_TAGS = "tag:yaml.org,2002:"


class FileRead(Struct, frozen=True):
    """A file that had a say in a run, with the hash of its bytes as they were read."""

    path: str
    sha256: str


class Document(Struct, frozen=True, kw_only=True):
    """One YAML file: its tree and what proves which bytes were read."""

    path: str
    root: Node
    sha256: str

    @property
    def file(self) -> FileRead:
        """The file without what it says."""
        return FileRead(self.path, self.sha256)


def load_file(path: Path, shown_as: str, limits: Limits = DEFAULT) -> Document:
    """Read one YAML document from a file.

    Args:
        path: The file.
        shown_as: Its name in messages.
        limits: How large it may be.

    Raises:
        UsageError: It cannot be read, is too large, or is not exactly one sound document.
    """
    try:
        with path.open("rb") as file:
            content = file.read(limits.rule_file_bytes + 1)
    except OSError as error:
        cause = f"cannot be read: {error.strerror or error}"
        raise error_at("file-unreadable", cause, Place(path=shown_as)) from error
    if len(content) > limits.rule_file_bytes:
        cause = f"the file is larger than {limits.rule_file_bytes:,} bytes"
        hint = "raise limits: {rule_file_bytes: …} in trailcheck.yaml"
        raise error_at("yaml-too-large", cause, Place(path=shown_as), hint)
    return load_bytes(content, shown_as)


def load_bytes(content: bytes, shown_as: str) -> Document:
    """Read one YAML document from bytes, as `load_file` does."""
    nul = content.find(b"\0")
    if nul >= 0:
        raise _encoding_error(content, nul, shown_as)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _encoding_error(content, error.start, shown_as) from error
    root = _Builder(text, shown_as).document()
    return Document(path=shown_as, root=root, sha256=hashlib.sha256(content).hexdigest())


def _encoding_error(content: bytes, offset: int, shown_as: str) -> UsageError:
    before = content[:offset]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", errors="replace")) + 1
    place = Place(path=shown_as, line=line, column=column)
    cause = f"not text in UTF-8: byte 0x{content[offset]:02x}"
    hint = "save the file as UTF-8; UTF-16, archives and compressed files are not read"
    return error_at("yaml-encoding", cause, place, hint)


class _Open(Struct):
    """A collection that is being built.

    Attributes:
        counted: The values of the document before it.
        height: How deep what it holds so far nests.
    """

    place: Place
    anchor: str | None
    counted: int
    children: list[Node] = field(default_factory=list)
    height: int = 0


class _Anchored(Struct, frozen=True):
    """A node that aliases may stand for, how many values it has, and how deep they nest."""

    node: Node
    size: int
    height: int


class _Builder:
    """Turns the parser's events into nodes, one document, within the limits."""

    def __init__(self, text: str, path: str) -> None:
        self._lines = tuple(text.splitlines()) or ("",)
        self._text = text
        self._path = path
        self._stack: list[_Open] = []
        self._anchors: dict[str, _Anchored] = {}
        self._aliases = 0
        self._nodes = 0
        self._documents = 0
        self._root: Node | None = None

    def document(self) -> Node:
        try:
            self._take_all()
        except yaml.MarkedYAMLError as error:
            raise self._syntax_error(explain(error, self._lines)) from error
        except yaml.reader.ReaderError as error:
            raise self._character_error(error) from error
        except yaml.YAMLError as error:
            fault = Fault(cause=str(error), hint="", mark=None)
            raise self._syntax_error(fault) from error
        if self._root is None:
            place = Place(path=self._path)
            raise error_at("yaml-empty", "the file is empty", place, "write it, or leave it out")
        return self._root

    def _take_all(self) -> None:
        """Take every event, by its type; those of the stream and of a document's end say nothing."""
        take: dict[type[yaml.Event], Callable[[Any], None]] = {
            yaml.DocumentStartEvent: self._start,
            yaml.ScalarEvent: self._add_scalar,
            yaml.AliasEvent: self._add_alias,
            yaml.MappingStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceStartEvent: self._open,
            yaml.SequenceEndEvent: self._close,
        }
        for event in iter(_LOADER(self._text).get_event, None):
            kind = type(event)
            if kind in take:
                take[kind](event)

    def _syntax_error(self, fault: Fault) -> UsageError:
        place = self._place(fault.mark)
        line = self._line(place.line)
        cause, hint = fault.cause, fault.hint
        if "\t" in line[: len(line) - len(line.lstrip())]:
            cause, hint = "a tab where YAML wants spaces", "indent with spaces"
        carets = excerpt(line, place.column - 1)
        problem = Problem(code="yaml-syntax", cause=cause, place=place, excerpt=carets, hint=hint)
        return UsageError([problem])

    def _character_error(self, error: yaml.reader.ReaderError) -> UsageError:
        offset = error.position if isinstance(error.position, int) else 0
        line = self._text.count("\n", 0, offset) + 1
        column = offset - (self._text.rfind("\n", 0, offset) + 1) + 1
        place = Place(path=self._path, line=line, column=column)
        cause = "a control character that YAML does not allow"
        return error_at("yaml-syntax", cause, place, "write it as an escape in double quotes")

    def _line(self, number: int) -> str:
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    def _place(self, mark: Mark | None) -> Place:
        if mark is None:
            return Place(path=self._path)
        return Place(path=self._path, line=mark.line + 1, column=mark.column + 1)

    def _start(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            place = self._place(event.start_mark)
            raise error_at("yaml-documents", "a second document in one file", place, _ONE_HINT)

    def _refuse_tag(self, tag: str, mark: Mark | None) -> NoReturn:
        """Refuse every tag; of `! x` too, which YAML reads as `x`, and its author as a negation."""
        shown = f"!!{tag.removeprefix(_TAGS)}" if tag.startswith(_TAGS) else tag
        hint = f"tags are not used here; {BLOCK_HINT}"
        raise error_at("yaml-tag", f"a YAML tag: {quoted(shown)}", self._place(mark), hint)

    def _add_scalar(self, event: yaml.ScalarEvent) -> None:
        if event.tag:
            self._refuse_tag(event.tag, event.start_mark)
        end = event.end_mark
        scalar = Scalar(
            text=event.value,
            style=_STYLES[event.style],
            place=self._place(event.start_mark),
            lines=self._lines,
            end_line=end.line if end else 0,
            end_column=end.column if end else 0,
        )
        self._add(scalar, event.anchor, self._nodes, 0)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if event.tag:
            self._refuse_tag(event.tag, event.start_mark)
        place = self._place(event.start_mark)
        self._check_depth(1, place)
        self._stack.append(_Open(place, event.anchor, self._nodes))

    def _check_depth(self, height: int, place: Place) -> None:
        if len(self._stack) + height > MAX_DEPTH:
            cause = f"nested deeper than {MAX_DEPTH} levels"
            raise error_at("yaml-too-deep", cause, place, "no rule needs that; aliases count, too")

    def _close(self, event: yaml.MappingEndEvent | yaml.SequenceEndEvent) -> None:
        closed = self._stack.pop()
        node: Node
        if isinstance(event, yaml.MappingEndEvent):
            node = Mapping(entries=tuple(_entries(closed)), place=closed.place)
        else:
            node = Sequence(items=tuple(closed.children), place=closed.place)
        self._add(node, closed.anchor, closed.counted, closed.height + 1)

    def _add_alias(self, event: yaml.AliasEvent) -> None:
        place = self._place(event.start_mark)
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            cause = f"more than {MAX_ALIASES} aliases"
            raise error_at("yaml-aliases", cause, place, "write the values out")
        if event.anchor not in self._anchors:
            cause = f"{quoted(f'*{event.anchor}')} is an alias of no anchor above it"
            raise error_at("yaml-alias", cause, place, BLOCK_HINT)
        anchored = self._anchors[event.anchor]
        self._nodes += anchored.size
        if self._nodes > MAX_NODES:
            raise _too_many(place)
        self._check_depth(anchored.height, place)
        self._place_node(anchored.node, anchored.height)

    def _add(self, node: Node, anchor: str | None, counted: int, height: int) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _too_many(node.place)
        if anchor is not None:
            self._anchors[anchor] = _Anchored(node, self._nodes - counted, height)
        self._place_node(node, height)

    def _place_node(self, node: Node, height: int) -> None:
        if self._stack:
            parent = self._stack[-1]
            parent.children.append(node)
            if height:
                parent.height = max(parent.height, height)
        else:
            self._root = node


def _too_many(place: Place) -> UsageError:
    cause = f"more than {MAX_NODES:,} values, each alias counted as what it stands for"
    return error_at("yaml-too-many-nodes", cause, place, "split the file")


def _entries(closed: _Open) -> Iterator[tuple[Scalar, Node]]:
    seen: dict[str, Place] = {}
    for key, value in zip(closed.children[::2], closed.children[1::2], strict=True):
        if not isinstance(key, Scalar):
            hint = f"a key is plain text; {BLOCK_HINT}"
            raise error_at("yaml-key", "a key that is not text", key.place, hint)
        if key.text == "<<" and key.plain:
            raise error_at("yaml-merge", "a merge key", key.place, "write the keys out")
        if key.text in seen:
            first = seen[key.text].line
            cause = f"the key {quoted(key.text)} stands twice (first in line {first})"
            raise error_at("yaml-duplicate-key", cause, key.place, "keep one of them")
        seen[key.text] = key.place
        yield key, value
