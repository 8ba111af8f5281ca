"""The command `trailcheck`: finds the subcommand, and is the one place that turns errors into exits."""

import gc
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NoReturn, TextIO

import click

import checker
from checker.errors import OutputError, TrailcheckError, UsageError, did_you_mean
from checker.verdict.exit_codes import ExitCode

# Loaded when called, so that one command does not pay for the imports of another.
_COMMANDS = {
    "check": "judge trail logs by rules and write reports",
    "test": "run the tests in the rules",
    "lint": "find what is wrong with rules",
    "rules": "list and show rules",
    "explain": "say why a rule says what it says of an event",
    "eval": "try an expression on events",
    "new": "write the first draft of a rule, with its tests",
    "report": "render a saved JSON report again",
    "diff": "say what changed between two saved reports",
    "verify": "tell whether files are the ones that a report judged",
    "import": "make rules from Sigma's",
    "config": "print the configuration in force, and where each value comes from",
    "schema": "print a JSON Schema",
}

# Where a command has the name of a word that Python keeps for itself.
_MODULES: Final = {"import": "import_"}


_TERMINATED: Final = 143


class _Commands(click.Group):
    """The subcommands, each in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            hint = did_you_mean(cmd_name, _COMMANDS)
            raise click.UsageError(f"no such command '{cmd_name}'; {hint}", ctx)
        module = importlib.import_module(f"checker.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(checker.__version__, prog_name="trailcheck", message="%(prog)s %(version)s")
def trailcheck() -> None:
    """Compliance policy-as-code for AWS CloudTrail.

    Rules are YAML with JMESPath conditions; trail logs go in, one verdict per rule comes out.
    Exit codes: 0 the gate holds and the run is complete; 1 violations; 2 the command line,
    configuration or rules are wrong; 3 incomplete; 4 an internal error or an unwritten report.
    """


def run() -> NoReturn:
    """Run the command line and exit."""
    _mend_streams()
    _end_in_order()
    try:
        code = _flushed(main(sys.argv[1:]))
    except Exception:  # noqa: BLE001 - not even telling of an error may exit 1: that means violations
        os._exit(ExitCode.INTERNAL)
    # Not to be looked through when Python exits: that was measured at a seventh of a small check.
    gc.freeze()
    sys.exit(code)


def _mend_streams() -> None:
    """Give a stream that was closed a place to go, and none a reason to fail on odd text."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - for the whole run
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - as above
        # A log's text may hold what the terminal's encoding cannot; it must never be a crash.
        getattr(sys, name).reconfigure(errors="backslashreplace")


class _TerminatedError(KeyboardInterrupt):
    """The process was asked to end, as by a pipeline that was cancelled."""


def _terminate(number: int, _: object) -> NoReturn:
    raise _TerminatedError(number)


def _end_in_order() -> None:
    """Take a request to end as an interrupt, so that workers end and nothing is half written."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _terminate)


def _flushed(code: int) -> int:
    """Write out what is buffered; a reader that went away or a full disk is not a success."""
    try:
        sys.stdout.flush()
    except OSError as error:
        # Python would try once more when it exits, and fail once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _say(sys.stderr, f"trailcheck: the output could not be written: {error.strerror}")
        return ExitCode.INTERNAL
    return code


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: Without the program's name.

    Returns:
        The exit code.
    """
    try:
        code = trailcheck.main(list(arguments), prog_name="trailcheck", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt) as error:
        _say(sys.stderr, "trailcheck: interrupted")
        return _TERMINATED if isinstance(error.__cause__ or error, _TerminatedError) else 130
    except Exception as error:  # noqa: BLE001 - uncaught, it would exit 1 and look like a violation
        return _code_for(error, _undone(arguments))
    return code if isinstance(code, int) else ExitCode.OK


def _undone(arguments: Sequence[str]) -> str:
    """Say what did not come about; a command that checks nothing does not say that it did not."""
    plain = arguments and arguments[0] in {"rules", "report", "diff", "config", "schema"}
    return "nothing was done" if plain else "nothing was checked"


def _code_for(error: Exception, undone: str) -> ExitCode:
    """Say what went wrong, and give what to exit with."""
    match error:
        case click.exceptions.NoArgsIsHelpError():
            # Nothing was checked: a pipeline whose arguments came out empty must not be green.
            _say(sys.stdout, error.format_message())
            return ExitCode.USAGE
        case click.ClickException():
            _say(sys.stderr, f"trailcheck: {undone}: {error.format_message()}")
            if isinstance(error, click.UsageError) and error.ctx is not None:
                _say(sys.stderr, error.ctx.get_usage())
                _say(sys.stderr, f"hint: {error.ctx.command_path} --help says what is valid")
            return ExitCode.USAGE
        case UsageError():
            _say_problems(undone, error)
            return ExitCode.USAGE
        case OutputError():
            _say_problems("a report was not written", error)
        case OSError():
            _say(sys.stderr, f"trailcheck: the output could not be written: {error.strerror}")
        case _:
            _say(
                sys.stderr, "trailcheck: internal error; no verdict was given. Please report this:"
            )
            # Imported here: a run without an internal error starts faster without it.
            import traceback  # noqa: PLC0415

            traceback.print_exception(error)
    return ExitCode.INTERNAL


def _say_problems(outcome: str, error: TrailcheckError) -> None:
    count = len(error.problems)
    _say(sys.stderr, f"trailcheck: {outcome}: {count} problem{'s' if count > 1 else ''}")
    for problem in error.problems:
        _say(sys.stderr, str(problem))


def _say(stream: TextIO, text: str) -> None:
    # Where even this cannot be written, the exit code still tells.
    with suppress(OSError):
        click.echo(text, file=stream)
