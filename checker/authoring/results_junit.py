"""The results of rule tests as JUnit XML: one suite for each rule, one test case for each case."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from checker.authoring.results_text import failure_lines
from checker.authoring.rule_tests import CaseResult
from checker.authoring.tested import Tested
from checker.visible import visible


def results_junit(tested: Sequence[Tested], *, only_failures: bool = False) -> str:
    """Give the results as JUnit XML.

    A case that is wrong in itself is an error; too few cases are a failure of their own, so that a
    rule without tests cannot look green.

    Args:
        tested: The rules with what their cases came to.
        only_failures: Leave out the cases that passed.
    """
    root = ET.Element("testsuites", {"name": "trailcheck test"})
    for each in tested:
        cases = [_case(result) for result in (each.failed if only_failures else each.results)]
        if each.shortfall:
            cases.append(_shortfall(each))
        if cases:
            _add_suite(root, each.rule.id, cases)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _add_suite(root: ET.Element, name: str, cases: Sequence[ET.Element]) -> None:
    counts = {
        "tests": len(cases),
        "failures": sum(1 for case in cases if case.find("failure") is not None),
        "errors": sum(1 for case in cases if case.find("error") is not None),
    }
    attributes = {"name": _text(name), **{key: str(count) for key, count in counts.items()}}
    ET.SubElement(root, "testsuite", attributes).extend(cases)


def _case(result: CaseResult) -> ET.Element:
    place = result.case.place
    case = _element(result.rule.id, result.case.name, place.path, place.line)
    if not result.passed:
        head, *lines = failure_lines(result)
        kind = "failure" if result.found else "error"
        said = ET.SubElement(case, kind, {"message": _text(head), "type": kind})
        said.text = _text("\n".join([str(place), *lines]))
    return case


def _shortfall(tested: Tested) -> ET.Element:
    rule = tested.rule
    case = _element(rule.id, "there are tests enough", rule.origin.path, 1)
    attributes = {"message": _text(tested.shortfall), "type": "failure"}
    ET.SubElement(case, "failure", attributes)
    return case


def _element(rule_id: str, name: str, path: str, line: int) -> ET.Element:
    attributes = {"classname": rule_id, "name": name, "file": path, "line": str(line)}
    return ET.Element("testcase", {key: _text(value) for key, value in attributes.items()})


def _text(text: str) -> str:
    """Keep what XML 1.0 allows; everything else is made visible."""
    return visible(text, keep_newlines=True)
