import os
from pathlib import Path

import pytest

from checker.errors import OutputError, UsageError
from checker.report import sandbox, template
from checker.report.template import load_template
from tests.report.payloads import BOMBS, ESCAPES
from tests.report.sample import hostile_report, sample_report

CANARY = "canary-7777777"


def rendered(folder: Path, text: str, name: str = "mine.txt.j2") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_template(path.as_posix()).render(sample_report())


def mistake(folder: Path, text: str) -> str:
    with pytest.raises((UsageError, OutputError)) as raised:
        rendered(folder, text)
    return str(raised.value).replace(folder.as_posix(), "FOLDER")


def test_a_template_reads_the_report(tmp_path: Path) -> None:
    text = (
        "{% for rule in report.rules if rule.verdict == 'fail' %}\n"
        "{{ loop.index }}. {{ rule.id }}: {{ rule.counts.violations - rule.counts.waived }}\n"
        "{% endfor %}\n"
        "{{ report.rules|map(attribute='severity')|unique|sort|join(', ') }}\n"
    )

    assert rendered(tmp_path, text) == (
        "1. iot-policy-attached-by-approved-role: 4\n"
        "2. iot-policies-not-attached-in-bursts: 4\n"
        "3. iot-certificates-rotated-every-90-days: 1\n"
        "critical, high, info, low, medium\n"
    )


def test_values_are_printed_as_a_person_would_write_them(tmp_path: Path) -> None:
    text = "{{ none }}|{{ true }}|{{ 1.5 }}|{{ {'a': [1, none]} }}|{{ 'a' ~ 1 ~ none }}"

    assert rendered(tmp_path, text) == '|true|1.5|{"a": [1, null]}|a1'


def test_a_key_of_the_data_wins_over_a_method_of_its_name(tmp_path: Path) -> None:
    text = (
        "{% set x = {'items': 'mine'} %}{{ x.items }} {{ x['items'] }} {{ {'a': 1}.items()|list }}"
    )

    assert rendered(tmp_path, text) == 'mine mine [["a", 1]]'


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'=1+1'|csv_cell", '"\'=1+1"'),
        ("'a\"b,c'|csv_cell", '"a""b,c"'),
        ("'[x](y)\n<b>'|markdown", "\\[x\\]\\(y\\) \\<b\\>"),
        ("'::stop::'|line", "\\x3a:stop::"),
        ("['é', '\u202e']|json", '["é", "\\u202e"]'),
        ("'<b>'|e", "&lt;b&gt;"),
        ("'a b/c'|urlencode", "a%20b%2Fc"),
        ("'abcdef'|truncate(4)", "abc…"),
        ("'a\nb'|indent(2)", "a\n  b"),
        ("[1, 2.5]|sum", "3.5"),
        ("2.345|round(1)", "2.3"),
        ("' A '|trim|lower|capitalize|replace('A', 'b')", "b"),
        ("'a\u202eb'", "a\\u202eb"),
        ("[1, 2] + [3]", "[1, 2, 3]"),
        ("'a' + 'b'", "ab"),
        ("7 // 2 + 7 % 2 - 1", "3"),
        ("7 / 2", "3.5"),
        ("report.nothing|default('none')", "none"),
        ("'a,b'.split(',')|last", "b"),
        ("[1][5] is defined", "false"),
    ],
)
def test_filters_and_operators_do_what_they_say(
    expression: str, expected: str, tmp_path: Path
) -> None:
    assert rendered(tmp_path, f"{{{{ {expression} }}}}") == expected


@pytest.mark.parametrize("name", ["x.html", "x.html.j2", "x.HTM", "x.xml.j2"])
def test_the_name_of_a_template_turns_escaping_on(name: str, tmp_path: Path) -> None:
    text = (
        "{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}"
        "{{ '<b>' }}{{ '<b>'|upper }}{{ m('<') }}{{ m('&') ~ '<' }}{{ ['<']|json }}{{ '<'|e }}"
    )

    assert rendered(tmp_path, text, name) == (
        "&lt;b&gt;&lt;B&gt;<i>&lt;</i><i>&amp;</i>&lt;[&#34;&lt;&#34;]&lt;"
    )


def test_a_template_that_another_includes_is_escaped_as_that_one_is(tmp_path: Path) -> None:
    (tmp_path / "part.j2").write_text("{{ '<b>' }}{{ x }}", encoding="utf-8")
    text = "{% set x = '<' %}{% include 'part.j2' %}"

    assert rendered(tmp_path, text, "page.html.j2") == "&lt;b&gt;&lt;"
    assert rendered(tmp_path, text, "page.txt.j2") == "<b><"


def test_templates_may_build_on_others_of_their_folder(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "base.j2").write_text("[{% block body %}base{% endblock %}]", encoding="utf-8")
    (tmp_path / "parts" / "m.j2").write_text(
        "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{% set y = 'y' %}", encoding="utf-8"
    )
    text = (
        "{% extends 'base.j2' %}{% import 'parts/m.j2' as m %}"
        "{% block body %}{{ super() }} {{ m.twice('a') }} {{ m.y }} {{ self.body is defined }}"
        "{% endblock %}"
    )

    assert rendered(tmp_path, text) == "[base aa y true]"
    assert rendered(tmp_path, "{% include 'absent.j2' ignore missing %}x") == "x"


@pytest.fixture
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder beside which, in which and around which the canary is to be found."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (tmp_path / "secret.j2").write_text(CANARY, encoding="utf-8")
    (folder / "secret.txt").write_text(CANARY, encoding="utf-8")
    (folder / "link.j2").symlink_to(tmp_path / "secret.j2")
    (folder / "bomb.j2").write_text("{% include 'bomb.j2' %}", encoding="utf-8")
    monkeypatch.setenv("TRAILCHECK_CANARY", CANARY)
    return folder


@pytest.mark.parametrize("text", ESCAPES)
@pytest.mark.parametrize("name", ["mine.txt.j2", "mine.html.j2"])
def test_no_template_reaches_files_the_environment_or_python(
    text: str, name: str, surroundings: Path
) -> None:
    with pytest.raises((UsageError, OutputError)) as raised:
        rendered(surroundings, text, name)

    assert CANARY not in str(raised.value)
    assert "<class" not in str(raised.value)
    assert " at 0x" not in str(raised.value)


@pytest.mark.parametrize("text", BOMBS)
def test_no_template_fills_the_memory_or_runs_for_ever(text: str, surroundings: Path) -> None:
    with pytest.raises((UsageError, OutputError)):
        rendered(surroundings, text)


def test_a_loop_ends_after_so_many_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MOST_STEPS", 100)
    loop = "{% for a in report.rules %}{% for b in report.rules %}{% endfor %}{% endfor %}"

    assert "more than 100 turns of loops" in mistake(tmp_path, loop)


def test_a_template_gives_so_much_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template, "MOST_CHARACTERS", 10)

    assert "it gives more than 10 characters" in mistake(tmp_path, "{{ 'x' ~ 'y' }}" * 6)


def test_a_template_of_a_great_size_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "MOST_BYTES", 10)

    assert "larger than 10 bytes" in mistake(tmp_path, "x" * 11)


def test_text_of_a_log_is_never_a_template(tmp_path: Path) -> None:
    path = tmp_path / "mine.j2"
    path.write_text("{{ report.rules[0].title }} {{ report.notes|join(' ') }}", encoding="utf-8")

    assert "{{7*7}}" in load_template(path.as_posix()).render(hostile_report())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n{% if x %}", "FOLDER/mine.txt.j2:2: Unexpected end of template"),
        ("a\nb\n{{ report|nofilter }}", "FOLDER/mine.txt.j2:3: No filter named 'nofilter'"),
        ("a\n{{ rules }}", "FOLDER/mine.txt.j2:2: 'rules' is not there: a template has `report`"),
        ("{% include 'broken.j2' %}", "FOLDER/broken.j2:2: "),
        ("{{ " + "(" * 2_000 + "1" + ")" * 2_000 + " }}", "nests too deep"),
        ("{% for x in [1] %}" * 30 + "{% endfor %}" * 30, "nests too deep"),
    ],
)
def test_a_wrong_template_is_found_before_it_is_needed(
    text: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / "broken.j2").write_text("\n{{ ", encoding="utf-8")
    path = tmp_path / "mine.txt.j2"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError) as raised:
        load_template(path.as_posix())

    message = str(raised.value).replace(tmp_path.as_posix(), "FOLDER")
    assert told in message
    assert "docs/your-own-report.md" in message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n{{ report.rule }}", "FOLDER/mine.txt.j2:2: the template failed: 'dict object' has no"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ report.rules|map(attribute='id') }}", "write |list, |join or |json"),
        ("{% include 'absent.j2' %}", "no template absent.j2 in its folder"),
        ("{% include 'failing.j2' %}", "FOLDER/failing.j2:2: the template failed"),
    ],
)
def test_a_template_that_fails_says_where(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "failing.j2").write_text("\n{{ report.nothing }}", encoding="utf-8")
    path = tmp_path / "mine.txt.j2"
    path.write_text(text, encoding="utf-8")

    sound = load_template(path.as_posix())
    with pytest.raises(OutputError) as raised:
        sound.render(sample_report())

    assert told in str(raised.value).replace(tmp_path.as_posix(), "FOLDER")


def test_a_template_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "bytes.j2").write_bytes(b"\xff")

    for name in ("absent.j2", "bytes.j2", "."):
        with pytest.raises(UsageError, match="cannot be read"):
            load_template(os.fspath(tmp_path / name))
