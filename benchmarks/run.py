"""`make bench`: what a run costs, as ratios that are all measured in one run on one machine."""

import gc
import io
import json
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import jmespath
import msgspec
from zlib_ng import zlib_ng

from benchmarks.rules import expressions, write_correlations, write_rules
from benchmarks.trail import write_trail
from checker.engine.executors import scan_all
from checker.engine.found import Found, settle
from checker.engine.tally import unite
from checker.limits import DEFAULT
from checker.policy.loader import RuleBook, load_rules
from checker.policy.parameters import Settings
from checker.trail.source import Source, find_sources

EVENTS = int(os.environ.get("BENCH_EVENTS", "200000"))
STATE = int(os.environ.get("BENCH_STATE", "10000000"))
SAMPLE = 1500
COUNTS = (1, 10, 100, 1000)
RUNS = 3
_GZIP_ONLY = 31
_PIECES = 16
_IDENTITY = 32


class _File(msgspec.Struct):
    Records: list[msgspec.Raw]


def main() -> None:
    """Make the trail and the rules, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        files = write_trail(top / "trail", EVENTS)
        for count in COUNTS:
            write_rules(top / f"rules{count}", count)
        write_rules(top / "correlations", 100)
        write_correlations(top / "correlations", 20)
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
    correlations = load_rules([f"{top}/correlations"], Settings())
    many = _best(lambda: _scan(correlations, sources))
    _row("100 rules and 20 correlation rules, 1 job", many, floor)
    floor_of_two = _best(lambda: _floor_of_two(sources))
    two = _best(lambda: _scan(books[100], sources, jobs=2))
    _row("reading floor, 2 processes", floor_of_two, floor)
    _row("100 rules, 2 jobs", two, floor)
    naive = _naive(sources, 100)
    _row(f"jmespath.py in a plain loop, 100 rules, {SAMPLE:,} events", naive * EVENTS, floor)
    share = _scan(books[100], sources).events / EVENTS
    speed_up, floors_own = ours[100] / two, floor / floor_of_two
    print()
    _figure("events in scope of a rule, 100 rules, share", f"{share:.3f}")
    _figure("100 rules over the reading floor, speed", f"{floor / ours[100]:.2f}")
    _figure("1,000 rules over 100 rules, scan time", f"{ours[1000] / ours[100]:.2f}")
    _figure("20 correlation rules more, over 100 rules, time", f"{many / ours[100]:.2f}")
    _figure("2 jobs over 1 job, speed", f"{speed_up:.2f}")
    _figure("the same over the floor's own speed-up", f"{speed_up / floors_own:.2f}")
    _figure("over jmespath.py with the same 100 rules", f"{naive * EVENTS / ours[100]:.0f} x")
    _figure("loading, milliseconds a rule", f"{_loading(top):.2f}")
    _start_up(top)
    _memory(top)
    _state()


def _figure(name: str, value: str) -> None:
    print(f"{name:<50} {value:>8}")


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


def _scan(book: RuleBook, sources: tuple[Source, ...], jobs: int = 1) -> Found:
    scanning = scan_all(sources, book, jobs, io.BytesIO(), DEFAULT)
    return settle(unite(scanning.joined(scanning.tallies())), book.rules)


def _floor_of_two(sources: tuple[Source, ...]) -> int:
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    pieces = [sources[number::_PIECES] for number in range(_PIECES)]
    with ProcessPoolExecutor(2, context) as pool:
        return sum(pool.map(_floor, pieces))


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
    write_trail(top / "large", 4 * EVENTS)
    book = load_rules([f"{top}/rules100"], Settings())
    beyond = []
    for trail in ("trail", "large"):
        sources, _ = find_sources([f"{top}/{trail}"])
        # The kernel counts in KiB, but on macOS in bytes.
        unit = 1 if sys.platform == "darwin" else 1024
        beyond.append(_peak(top, trail) * unit - _IDENTITY * _scan(book, sources).events)
    name = f"peak memory, {4 * EVENTS:,} events over {EVENTS:,},"
    _figure(f"{name}\n  beyond {_IDENTITY} bytes an event in scope", f"{beyond[1] / beyond[0]:.2f}")


def _state() -> None:
    """Print what ten million events in scope of a rule over many events take."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.state", str(STATE)], stdout=subprocess.DEVNULL
    )
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    unit = 1 if sys.platform == "darwin" else 1024
    name = f"peak memory, {STATE:,} events in scope\n  of a correlation rule, bytes an event"
    _figure(name, f"{usage.ru_maxrss * unit / STATE:.0f}")


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
        statistics.median(_cpu(arguments, top) for _ in range(15))
        for arguments in (["-c", "pass"], check)
    )
    _figure("start-up of check over python -c pass, CPU time", f"{ours / nothing:.1f} x")


def _cpu(arguments: list[str], folder: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Compiled modules are kept, as they are where a program is installed.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(
        [sys.executable, *arguments], check=False, stdout=subprocess.DEVNULL, env=kept, cwd=folder
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
