from checker.errors import did_you_mean


def test_what_was_broken_off_is_nearer_than_what_is_as_long() -> None:
    words = ["iot-core-policies-not-too-broad", "iot-core-policies-attached-by-approved-roles"]

    assert did_you_mean("iot-core-policies-attached", words) == f"did you mean '{words[1]}'?"


def test_a_misspelt_word_is_told_the_nearest() -> None:
    assert did_you_mean("hihg", ["low", "high"]) == "did you mean 'high'?"
    assert did_you_mean("HIGH", ["low", "high"]) == "did you mean 'high'?"


def test_a_word_unlike_any_is_told_all_unless_they_are_too_many() -> None:
    assert did_you_mean("zzz", ["low", "high"]) == "valid: low, high"
    assert did_you_mean("zzz", [f"rule-{number}" for number in range(101)]) == ""
    assert did_you_mean("zzz", []) == ""
