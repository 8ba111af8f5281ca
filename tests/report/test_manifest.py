import hashlib
import json

from msgspec.structs import replace

from checker.report.manifest import manifest_of, render_manifest
from tests.report.sample import hostile_report, sample_report


def test_a_line_for_each_input_says_path_size_and_hash() -> None:
    report = sample_report()

    lines = [json.loads(line) for line in render_manifest(report).splitlines()]

    assert [list(line) for line in lines] == [["path", "size", "sha256"]] * len(report.inputs)
    assert [tuple(line.values()) for line in lines] == [
        (each.path, each.size, each.sha256) for each in report.inputs
    ]


def test_the_root_is_the_hash_of_the_manifest_s_bytes() -> None:
    report = sample_report()
    root = hashlib.sha256(render_manifest(report).encode()).hexdigest()

    assert manifest_of(report.inputs).sha256 == report.provenance.manifest.sha256 == root


def test_the_order_of_the_inputs_does_not_matter_and_all_else_does() -> None:
    first, second = sample_report().inputs
    root = manifest_of([first, second])

    assert manifest_of([second, first]) == root
    assert manifest_of([first]) != root
    assert manifest_of([first, replace(second, path="elsewhere")]).sha256 != root.sha256
    assert manifest_of([first, replace(second, size=second.size + 1)]).sha256 != root.sha256
    assert manifest_of([first, replace(second, sha256=first.sha256)]).sha256 != root.sha256


def test_what_was_set_aside_is_not_in_the_manifest() -> None:
    assert "README.txt" not in render_manifest(sample_report())


def test_no_path_can_make_a_line_of_its_own() -> None:
    report = hostile_report()

    text = render_manifest(report)

    assert text.isascii()
    assert len(text.splitlines()) == len(report.inputs)
