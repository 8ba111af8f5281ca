"""A real language server completes, explains and diagnoses rules by the schema that is printed."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from checker.policy.loader import read_rules
from checker.policy.packs import bundled_packs, file_of
from checker.policy.rule_document import rule_schema

pytestmark = pytest.mark.slow

RULE = """\
# yaml-language-server: $schema=rule.schema.json
id: a-rule
title: A rule
severity: {severity}
match:
  eventSource: iot.amazonaws.com
  eventName: AttachPolicy
require: >-
  userIdentity.arn == 'x'
{more}
"""


class Server:
    """A language server that is spoken to on its standard input."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self._process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=None
        )
        self._folder = folder
        self._next = 0
        self._told: list[Any] = []
        root = folder.as_uri()
        capabilities: dict[str, Any] = {
            "textDocument": {"publishDiagnostics": {}, "hover": {}, "completion": {}}
        }
        self.ask("initialize", {"rootUri": root, "processId": None, "capabilities": capabilities})
        self.tell("initialized", {})
        settings = {
            "validate": True,
            "hover": True,
            "completion": True,
            "schemaStore": {"enable": False},
        }
        self.tell("workspace/didChangeConfiguration", {"settings": {"yaml": settings}})

    def close(self) -> None:
        self.ask("shutdown", None)
        self.tell("exit", None)
        self._process.wait(timeout=10)
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()

    def tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: Any) -> Any:
        self._next += 1
        number = self._next
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message.get("result")
            self._take(message)

    def open(self, name: str, text: str) -> str:
        uri = (self._folder / name).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def diagnostics(self, uri: str) -> list[str]:
        while True:
            for message in self._told:
                params = message.get("params", {})
                is_of_it = message["method"] == "textDocument/publishDiagnostics"
                if is_of_it and params["uri"] == uri:
                    return [each["message"] for each in params["diagnostics"]]
            self._take(self._receive())

    def _take(self, message: Any) -> None:
        """Keep what the server tells, and answer what it asks with nothing."""
        if "id" in message:
            params = message.get("params") or {}
            result = [None] * len(params.get("items", [])) if "items" in params else None
            self._send({"id": message["id"], "result": result})
        else:
            self._told.append(message)

    def _send(self, message: dict[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream = self._process.stdin
        assert stream is not None
        stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        stream.flush()

    def _receive(self) -> Any:
        stream = self._process.stdout
        assert stream is not None
        return json.loads(_message(stream))


def _message(stream: IO[bytes]) -> bytes:
    length = 0
    while line := stream.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    assert length, "the language server ended"
    return stream.read(length)


@pytest.fixture(scope="module")
def server(judges: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    program = judges / "yaml-language-server" / "bin" / "yaml-language-server"
    node = shutil.which("node")
    if node is None or not program.is_file():
        pytest.skip("needs node and yaml-language-server: run tests/judges/setup.sh")
    folder = tmp_path_factory.mktemp("rules")
    (folder / "rule.schema.json").write_text(json.dumps(rule_schema()), encoding="utf-8")
    running = Server([node, program.as_posix(), "--stdio"], folder)
    yield running
    running.close()


def place(text: str, before: str) -> dict[str, int]:
    """Give the place right behind a text, as a language server counts."""
    start = text.index(before) + len(before)
    return {
        "line": text.count("\n", 0, start),
        "character": start - text.rfind("\n", 0, start) - 1,
    }


def completions(server: Server, name: str, text: str, before: str) -> dict[str, Any]:
    uri = server.open(name, text)
    params = {"textDocument": {"uri": uri}, "position": place(text, before)}
    found = server.ask("textDocument/completion", params)
    items = found["items"] if isinstance(found, dict) else found
    return {item["label"]: item for item in items}


def hover(server: Server, name: str, text: str, before: str) -> str:
    uri = server.open(name, text)
    params = {"textDocument": {"uri": uri}, "position": place(text, before)}
    found = server.ask("textDocument/hover", params)
    # Markdown has a backslash before what could mean something to it.
    return str(found["contents"]["value"]).replace("\\", "") if found else ""


def test_keys_are_completed_at_the_top_with_what_they_mean(server: Server) -> None:
    text = RULE.format(severity="low", more="re")
    found = completions(server, "keys.yaml", text, "\nre\n".rstrip())

    assert {"remediation", "references", "requires", "resource"} <= found.keys()
    assert "What to do about a violation." in str(found["remediation"]["documentation"])


def test_severities_are_completed_and_explained(server: Server) -> None:
    text = RULE.format(severity="", more="")
    found = completions(server, "severities.yaml", text, "severity: ")

    assert {"info", "low", "medium", "high", "critical"} <= found.keys()
    assert "Somebody has to act at once." in str(found["critical"])


def test_keys_within_a_correlation_are_completed(server: Server) -> None:
    text = RULE.format(severity="low", more="correlation:\n  ti")
    found = completions(server, "correlation.yaml", text, "correlation:\n  ti")

    assert {"timespan", "type", "group_by", "condition"} <= found.keys()


def test_a_key_and_a_value_are_explained_where_the_pointer_rests(server: Server) -> None:
    text = RULE.format(severity="high", more="")

    key = hover(server, "hover.yaml", text, "\nsever")
    assert "How bad a violation is." in key
    assert "Grave harm, or a control that fails." in key
    assert "The events that the rule is about" in hover(server, "match.yaml", text, "\nmat")
    assert "arn_like(principal(userIdentity)" in hover(server, "require.yaml", text, "\nrequi")


def test_an_unknown_key_and_a_wrong_severity_are_diagnosed(server: Server) -> None:
    text = RULE.format(severity="hihg", more="remedation: x")
    found = " ".join(server.diagnostics(server.open("wrong.yaml", text)))

    assert "remedation" in found
    assert '"info"' in found
    assert '"critical"' in found


def test_a_sound_rule_of_every_kind_has_no_diagnostics(server: Server) -> None:
    book = read_rules(bundled_packs())
    for rule in book.rules[::7]:
        path = file_of(rule.origin)
        modeline = "# yaml-language-server: $schema=rule.schema.json\n"
        uri = server.open(path.name, modeline + path.read_text(encoding="utf-8"))
        assert server.diagnostics(uri) == [], path
