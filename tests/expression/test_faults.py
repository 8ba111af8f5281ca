from checker.expression.faults import ExpressionError


def test_a_fault_moves_with_its_text() -> None:
    moved = ExpressionError("cause", 1, 3, "hint").moved(10)

    assert (moved.start, moved.end, str(moved)) == (11, 13, "cause; hint")
