import io
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec.structs import replace

from checker.report.manifest import manifest_of
from checker.report.model import Input, Report, SetAside
from checker.report.verify import Comparison, Entry, Pair, compare, measure
from checker.trail.source import Source
from tests.report.sample import sample_report


def entry(path: str, content: str) -> Entry:
    return Entry(path, len(content), sha256(content.encode()).hexdigest())


def report_on(*judged: Entry, aside: Sequence[Entry] = ()) -> Report:
    sample = sample_report()
    inputs = [_input(each) for each in judged]
    return replace(
        sample,
        inputs=inputs,
        set_aside=[
            SetAside(path=each.path, size=each.size, sha256=each.sha256, reason="")
            for each in aside
        ],
        provenance=replace(sample.provenance, manifest=manifest_of(inputs)),
    )


def _input(judged: Entry) -> Input:
    return Input(
        path=judged.path, container="", size=judged.size, sha256=judged.sha256,
        records=0, refused=0, first_event=None, last_event=None,
    )  # fmt: skip


A, B = entry("logs/a.json", "a"), entry("logs/b.json", "b")


def test_the_same_files_are_verified() -> None:
    compared = compare(report_on(A, B), [B, A])

    assert compared.is_verified
    assert compared.same == (Pair(A, A), Pair(B, B))


def test_a_file_may_lie_elsewhere_under_another_name() -> None:
    moved = entry("/mnt/x/renamed.json", "a")

    compared = compare(report_on(A, B), [moved, B])

    assert compared.is_verified
    assert compared.same == (Pair(A, moved), Pair(B, B))


def test_a_missing_file_is_named() -> None:
    compared = compare(report_on(A, B), [A])

    assert (compared.missing, compared.extra, compared.changed) == ((B,), (), ())
    assert not compared.is_verified


def test_an_extra_file_is_named() -> None:
    compared = compare(report_on(A), [A, B])

    assert (compared.missing, compared.extra, compared.changed) == ((), (B,), ())
    assert not compared.is_verified


def test_a_changed_file_is_told_by_its_path_and_by_the_end_of_it() -> None:
    here, there = entry("logs/a.json", "A"), entry("/mnt/copy/logs/a.json", "A")

    assert compare(report_on(A), [here]).changed == (Pair(A, here),)
    assert compare(report_on(A), [there]).changed == (Pair(A, there),)


def test_the_longer_end_in_common_tells_which_file_changed() -> None:
    first, second = entry("x/one/t.json", "1"), entry("x/two/t.json", "2")
    new_first, new_second = entry("y/one/t.json", "11"), entry("y/two/t.json", "22")

    compared = compare(report_on(first, second), [new_second, new_first])

    assert compared.changed == (Pair(first, new_first), Pair(second, new_second))


def test_two_copies_that_were_judged_are_not_one_file() -> None:
    copy = entry("logs/copy.json", "a")

    assert compare(report_on(A, copy), [A]).missing == (copy,)
    assert compare(report_on(A), [A, copy]).extra == (copy,)
    assert compare(report_on(A, copy), [copy, A]).is_verified


def test_the_path_tells_which_of_two_copies_is_missing() -> None:
    copy = entry("logs/0.json", "a")

    assert compare(report_on(A, copy), [copy]).missing == (A,)


def test_what_came_from_standard_input_cannot_be_told_without_its_bytes() -> None:
    piped = entry("<stdin>", "a")

    compared = compare(report_on(piped, B), [B])

    assert [each.entry for each in compared.untold] == [piped]
    assert not compared.missing
    assert not compared.is_verified
    assert compare(report_on(piped), [A]).is_verified
    assert compare(report_on(piped), [entry("<stdin>", "x")]).changed


def test_what_could_not_be_read_when_it_was_judged_is_never_verified() -> None:
    unread = Entry("logs/lost.json", 0, "")

    for files in ([A], [A, entry("logs/lost.json", "x")]):
        compared = compare(report_on(A, unread), files)
        assert [each.entry for each in compared.untold] == [unread]
        assert not compared.is_verified
        assert not compared.differs


def test_a_file_that_was_set_aside_may_be_given_or_not_but_not_with_other_bytes() -> None:
    readme = entry("logs/README.txt", "r")
    report = report_on(A, aside=[readme])
    other = entry("logs/README.txt", "R")

    assert compare(report, [A]).is_verified
    assert compare(report, [A, readme]).is_verified
    assert compare(report, [A, other]).changed == (Pair(readme, other),)


def test_a_report_without_inputs_is_not_verified() -> None:
    assert not compare(report_on(), []).is_verified


def test_a_report_whose_inputs_were_changed_contradicts_itself() -> None:
    report = report_on(A)
    forged = replace(report, inputs=report_on(B).inputs)

    compared = compare(forged, [B])

    assert compared.contradicted
    assert not compared.is_verified


def test_a_source_is_hashed_as_it_stands_and_a_pipe_to_its_end(tmp_path: Path) -> None:
    content = b"x" * (3 << 20)
    path = tmp_path / "long"
    path.write_bytes(content)
    digest = sha256(content).hexdigest()

    file = measure(Source(path.as_posix(), explicit=True), io.BytesIO())
    pipe = measure(Source("<stdin>", explicit=True, stdin=True), io.BytesIO(content))

    assert file == Entry(path.as_posix(), len(content), digest)
    assert pipe == Entry("<stdin>", len(content), digest)


_ENTRIES = st.lists(
    st.builds(
        entry,
        st.sampled_from(["a", "b", "x/a", "x/b", "y/x/a", "<stdin>"]),
        st.sampled_from(["", "1", "2"]),
    ),
    max_size=5,
    unique_by=lambda each: each.path,
)


@for_all(_ENTRIES, _ENTRIES)
def test_every_file_and_every_input_is_accounted_for_once(
    judged: list[Entry], files: list[Entry]
) -> None:
    compared: Comparison = compare(report_on(*judged), files)

    told = [*compared.same, *compared.changed]
    inputs = [pair.judged for pair in told] + [*compared.missing]
    inputs += [each.entry for each in compared.untold]
    given = [pair.given for pair in told] + [*compared.extra]
    assert sorted(each.path for each in inputs) == sorted(each.path for each in judged)
    assert sorted(each.path for each in given) == sorted(each.path for each in files)


@for_all(_ENTRIES, _ENTRIES)
def test_files_are_verified_when_their_bytes_are_those_judged_and_only_then(
    judged: list[Entry], files: list[Entry]
) -> None:
    same = sorted(each.sha256 for each in judged) == sorted(each.sha256 for each in files)

    assert compare(report_on(*judged), files).is_verified == (same and bool(judged))
