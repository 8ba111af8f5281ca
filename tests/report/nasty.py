"""One table of texts that do harm where they are not escaped, and reports full of them."""

from msgspec.structs import replace

from checker.report.model import Report
from tests.report.sample import changed_report, sample_report

NASTY: dict[str, str] = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(2)><!-- --><svg/onload=alert(3)>",
    "html-attribute": "\"'><a href=javascript:alert(4)>&lt;&#60;&quot;",
    "markdown-table": "a | b |\n|---|---|\n| c | d |",
    "markdown-link": "[a](https://a.example) ![b](https://b.example/x.png) <https://c.example>",
    "markdown-block": "\n# heading\n\n> quote\n\n- item\n1. item\n\n    code\n\n---\n===\n",
    "markdown-fence": "```\n~~~\n`a` ``b`` *c* **d** __e__ ~~f~~ $g$ \\",
    "markdown-names": "@octocat org/repo#1 GH-1 #1 www.example.com a@b.example https://d.example :x:",
    "markdown-reference": "[a]: https://a.example\n[^1]: note\n[ ] task",
    "backquotes": "`" * 9,
    "backslashes": "\\" * 5 + "|" + "\\",
    "formula": '=HYPERLINK("https://a.example";"x")',
    "formula-plus": "+1+cmd|' /C calc'!A0",
    "formula-minus": "-2+3",
    "formula-at": "@SUM(1+1)",
    "formula-tab": "\t=1+1",
    "formula-line": "\r\n=1+1",
    "formula-wide": "\uff1d1\uff0b1",
    "formula-space": " \u00a0=1+1",
    "separators": 'a,b;c\td"e""f"\r\n"g"',
    "terminal": "\x1b[2J\x1b[31mred\x1b]0;title\x07\x1b]52;c;YQ==\x07\x9b31m\x08\x7f",
    "link-in-terminal": "\x1b]8;;https://a.example\x1b\\text\x1b]8;;\x1b\\",
    "lines": "a\rb\nc\x0bd\x0ce\x1cf\x85g\u2028h\u2029i",
    "bidi": "\u202egnp.exe\u202c \u2066a\u2069 \u200f\u061c",
    "hidden": "a\u200bb\u00adc\ufeffd\u3164e\U000e0041f",
    "command": "::error file=a,line=1::forged\n::stop-commands::x\n  ::set-env name=a::b",
    "command-percent": "%0A::error::forged%0D%25%3A%2C",
    "command-old": "##[error]forged ##[command]a ##vso[task.setvariable variable=a]b",
    "command-teamcity": "##teamcity[testFailed name='a']",
    "xml": "]]><!DOCTYPE a><?x?>&b;\x00\x01\x0b\ufffe\uffff",
    "template": "{{7*7}}{% raw %}{# a #}${7*7}<%= 7*7 %>#{7*7}{0}{a!r}%s%d",
    "surrogates": "\ud800 \udfff \udc80",
    "json": '"}],{"a":null}\\u0000\\',
    "path": "../../etc/passwd",
    "path-absolute": "/etc/passwd",
    "path-drive": "C:\\Windows\\x",
    "nothing-but-space": " \t\n ",
    "wide": "\U0001f600é漢字",
}
"""By what they are, texts as a log or a rule may hold them."""

LONG = 1_000_000


def nasty_report(text: str) -> Report:
    """Give a report whose every free text, and every key of a free mapping, is a nasty one."""
    return changed_report(lambda own: text if own else "")


def nasty_suffixed_report(text: str) -> Report:
    """Give a report whose every free text ends so."""
    return changed_report(lambda own: f"{own}{text}" if own else "")


def long_report() -> Report:
    """Give a report with a text of a million characters in some of its places."""
    report = sample_report()
    long = "=`|<@" * (LONG // 5)
    rule = report.rules[0]
    evidence = replace(rule.violations.shown[0], message=long, principal=long)
    shown = replace(rule.violations, shown=[evidence, *rule.violations.shown[1:]])
    grown = replace(rule, title=long, description=long, reason=long, violations=shown)
    problem = replace(report.problems[0], cause=long)
    return replace(
        report, rules=[grown, *report.rules[1:]], problems=[problem, *report.problems[1:]]
    )
