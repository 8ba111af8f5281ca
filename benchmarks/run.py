"""`make bench`: what a run costs, as ratios that are all measured in one run on one machine."""

import gc
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import jmespath
import msgspec
from zlib_ng import zlib_ng

from benchmarks.rules import expressions, write_rules
from benchmarks.trail import write_trail
from checker.engine.executors import ProcessExecutor, SerialExecutor, bundle, cut
from checker.engine.tally import Tally, unite
from checker.limits import DEFAULT
from checker.policy.loader import RuleBook, load_rules
from checker.policy.parameters import Settings
from checker.trail.source import Source, find_sources

EVENTS = int(os.environ.get("BENCH_EVENTS", "200000"))
SAMPLE = 1500
COUNTS = (1, 10, 100, 1000)
RUNS = 3
_GZIP_ONLY = 31


class _File(msgspec.Struct):
    Records: list[msgspec.Raw]


def main() -> None:
    """Make the trail and the rules, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        files = write_trail(top / "trail", EVENTS)
        for count in COUNTS:
            write_rules(top / f"rules{count}", count)
        print(
            f"{EVENTS:,} events in {files:,} files; {os.cpu_count()} cores; best of {RUNS} runs\n"
        )
        _measure(top)


def _measure(top: Path) -> None:
    sources, _ = find_sources([(top / "trail").as_posix()])
    floor = _best(lambda: _floor(sources))
    _row("reading floor (zlib-ng, msgspec split into raw records)", floor, floor)
    books = {count: load_rules([f"{top}/rules{count}"], Settings()) for count in COUNTS}
    ours = {count: _best(lambda book=book: _scan(book, sources)) for count, book in books.items()}
    for count, seconds in ours.items():
        _row(f"{count:,} rules, 1 job", seconds, floor)
    two = _best(lambda: _scan_with_processes(books[100], sources))
    _row("100 rules, 2 jobs", two, floor)
    naive = _naive(sources, 100)
    _row(f"jmespath.py in a plain loop, 100 rules, {SAMPLE:,} events", naive * EVENTS, floor)
    print()
    print(f"1,000 rules over 100 rules, scan time      {ours[1000] / ours[100]:8.2f}")
    print(f"2 jobs over 1 job, speed                   {ours[100] / two:8.2f}")
    print(f"over jmespath.py with the same 100 rules   {naive * EVENTS / ours[100]:8.0f} x")
    print(f"loading, milliseconds a rule               {_loading(top):8.2f}")
    _memory(top)
    _start_up(top)


def _row(name: str, seconds: float, floor: float) -> None:
    rate = EVENTS / seconds
    print(f"{name:<58} {rate:>10,.0f} events/s   {floor / seconds:6.3f} of the floor")


def _best(measured: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        gc.collect()
        began = time.perf_counter()
        measured()
        times.append(time.perf_counter() - began)
    return min(times)


def _floor(sources: tuple[Source, ...]) -> int:
    decoder = msgspec.json.Decoder(_File)
    records = 0
    for source in sources:
        content = zlib_ng.decompress(Path(source.path).read_bytes(), _GZIP_ONLY)
        records += len(decoder.decode(content).Records)
    return records


def _scan(book: RuleBook, sources: tuple[Source, ...]) -> Tally:
    return unite(SerialExecutor(io.BytesIO()).tallies(book, cut(sources)))


def _scan_with_processes(book: RuleBook, sources: tuple[Source, ...]) -> Tally:
    sizes = [Path(source.path).stat().st_size for source in sources]
    shards = bundle(sources, sizes, sum(sizes) // 16)
    return unite(ProcessExecutor(2, io.BytesIO(), DEFAULT).tallies(book, shards))


def _naive(sources: tuple[Source, ...], count: int) -> float:
    """Give the seconds an event takes when every rule sees every event."""
    compiled = [jmespath.compile(text) for text in expressions(count)]
    events: list[object] = []
    for source in sources:
        content = zlib_ng.decompress(Path(source.path).read_bytes(), _GZIP_ONLY)
        events += json.loads(content)["Records"]
        if len(events) >= SAMPLE:
            break
    began = time.perf_counter()
    for event in events[:SAMPLE]:
        for expression in compiled:
            expression.search(event)
    return (time.perf_counter() - began) / SAMPLE


def _loading(top: Path) -> float:
    return _best(lambda: load_rules([f"{top}/rules1000"], Settings()))


def _memory(top: Path) -> None:
    """Print the peak memory of two sizes, each in a process of its own."""
    write_trail(top / "quarter", EVENTS // 4)
    peaks = [_peak(top, name) for name in ("quarter", "trail")]
    print(f"peak memory, {EVENTS:,} events over {EVENTS // 4:,}   {peaks[1] / peaks[0]:8.2f}")


def _peak(top: Path, trail: str) -> int:
    command = ["check", f"{top}/{trail}", "-r", f"{top}/rules100", "-q", "--jobs", "1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "checker", *command], stdout=subprocess.DEVNULL
    )
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return usage.ru_maxrss


def _start_up(top: Path) -> None:
    """Print what a check of one small file costs beside an interpreter that does nothing."""
    write_trail(top / "small", 20)
    check = ["-m", "checker", "check", f"{top}/small", "-r", "pack:iot"]
    nothing, ours = (
        statistics.median(_cpu(arguments) for _ in range(7))
        for arguments in (["-c", "pass"], check)
    )
    print(f"start-up of check over python -c pass      {ours / nothing:8.1f} x")


def _cpu(arguments: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=False, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
