"""The precedence of verdicts, as a table: y holds, n does not, - either way."""

from itertools import product

from checker.verdict.verdicts import Facts, Verdict, verdict_of

FACTS = (
    *("violations", "unreadable", "unclear", "lacking"),
    *("in_effect", "waived", "occurred", "is_duty"),
)

TABLE = """
    violations  unreadable  unclear  lacking  in_effect  waived  occurred  is_duty
    y           -           -        -        -          -       -         -        fail
    n           y           -        -        -          -       -         -        error
    n           n           y        -        -          -       -         -        no_evidence
    n           n           n        y        y          -       -         -        no_evidence
    n           n           n        y        n          y       -         -        waived
    n           n           n        n        -          y       -         -        waived
    n           n           n        n        y          n       y         -        pass
    n           n           n        n        y          n       n         n        pass
    n           n           n        n        y          n       n         y        no_occurrence
    n           n           n        -        n          n       -         -        not_applicable
"""


def rows() -> list[tuple[list[str], Verdict]]:
    header, *lines = [line.split() for line in TABLE.strip().splitlines()]
    assert header == list(FACTS)
    return [(cells, Verdict(verdict)) for *cells, verdict in lines]


def test_every_combination_of_facts_is_in_one_row_and_has_its_verdict() -> None:
    for holds in product((True, False), repeat=len(FACTS)):
        cells = ["y" if each else "n" for each in holds]
        (meant,) = [
            verdict
            for row, verdict in rows()
            if all(wanted in {"-", cell} for wanted, cell in zip(row, cells, strict=True))
        ]

        assert verdict_of(Facts(**dict(zip(FACTS, holds, strict=True)))) is meant, cells


def test_every_verdict_is_reached() -> None:
    assert {verdict for _, verdict in rows()} == set(Verdict)
