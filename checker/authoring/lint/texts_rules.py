"""The checks of rules as wholes: parameters, tests, other rules, controls, ignores: TC501 and on."""

from typing import Final

from checker.authoring.lint.check import Check
from checker.errors import Level

UNUSED_PARAMETER: Final = Check(
    code="TC501",
    name="parameter-unused",
    level=Level.WARNING,
    meaning="A parameter of the rule is read by none of its expressions.",
    why="Whoever sets it changes nothing. Read it as `$name`, or take it out.",
    bad="params:\n  approved: {type: string, default: alice}\n",
    at="approved",
    good="params:\n  approved: {type: string, default: alice}\nforbid: userIdentity.userName == $approved\n",
)
UNUSED_PACK_PARAMETER: Final = Check(
    code="TC502",
    name="pack-parameter-unused",
    level=Level.WARNING,
    meaning="A parameter of the pack is read by none of its rules.",
    why="Whoever sets it changes nothing. It is looked for when all rules of the pack are linted together.",
    bad="forbid: userIdentity.userName == $approved\n",
    at="lonely",
    good="forbid: userIdentity.userName == $approved || userIdentity.userName == $lonely\n",
    pack="approved: {type: string, default: alice}\n  lonely: {type: string, default: bob}\n",
)
NO_TESTS: Final = Check(
    code="TC601",
    name="no-tests",
    level=Level.WARNING,
    meaning="The rule has no tests.",
    why="Nothing shows that it finds what it is for. Give it at least a case that passes, one that fails and one out of scope.",
    bad="# and no tests\nforbid: sourceIPAddress == '192.0.2.1'\n",
    at="id: example",
    good="forbid: sourceIPAddress == '192.0.2.1'\n"
    "tests:\n  cases:\n    - name: alice\n      event: {eventSource: iam.amazonaws.com, eventName: CreateUser}\n      expect: pass\n"
    "    - name: the bad address\n      event: {eventSource: iam.amazonaws.com, eventName: CreateUser, sourceIPAddress: 192.0.2.1}\n      expect: fail\n",
)
ONE_SIDED_TESTS: Final = Check(
    code="TC602",
    name="tests-of-one-side",
    level=Level.WARNING,
    meaning="No test case of the rule fails, or none passes.",
    why="A rule that no case breaks is not shown to find anything; one that every case breaks may break on "
    "everything. `forbid: true` needs no case that passes, but one out of scope.",
    bad="tests:\n  cases:\n    - name: alice\n      event: {eventSource: iam.amazonaws.com, eventName: CreateUser}\n      expect: pass\n",
    at="tests:",
    good="tests:\n  cases:\n    - name: alice\n      event: {eventSource: iam.amazonaws.com, eventName: CreateUser}\n      expect: pass\n"
    "    - name: the bad address\n      event: {eventSource: iam.amazonaws.com, eventName: CreateUser, sourceIPAddress: 192.0.2.1}\n      expect: fail\n",
)
SHADOWED: Final = Check(
    code="TC603",
    name="rule-shadowed",
    level=Level.WARNING,
    meaning="Another rule says the same of all events that this one is about.",
    why="Every violation is reported twice. Narrow one of them, or take this one out.",
    bad="id: a-wide-rule\nmatch: {eventSource: iam.amazonaws.com}\nforbid: sourceIPAddress == '192.0.2.1'\n---\n"
    "forbid: sourceIPAddress == '192.0.2.1'\n",
    at="id: example",
    good="id: a-wide-rule\nmatch: {eventSource: iam.amazonaws.com}\nforbid: sourceIPAddress == '192.0.2.1'\n---\n"
    "forbid: sourceIPAddress == '192.0.2.2'\n",
)
UNKNOWN_FRAMEWORK: Final = Check(
    code="TC701",
    name="unknown-framework",
    level=Level.WARNING,
    meaning="There is no catalogue of this framework, so its control ids cannot be checked.",
    why="Frameworks are named with their edition: `nist-800-53-r5`, `cis-aws-v7.0.0`, `cis-aws-v5.0.0`, `pci-dss-4.0.1`, `iso-27001-2022`, `soc2`.",
    bad="controls:\n  nist-800-53: [ac-6.9]\n",
    at="nist-800-53",
    good="controls:\n  nist-800-53-r5: [ac-6.9]\n",
)
UNKNOWN_CONTROL: Final = Check(
    code="TC702",
    name="unknown-control",
    level=Level.ERROR,
    meaning="The framework has no control of this id.",
    why="A report would list a requirement that there is not. Ids are spelt as the framework's OSCAL catalogue does (`ac-6.9`), or as it prints them.",
    bad="controls:\n  nist-800-53-r5: [AC-6(9)]\n",
    at="AC-6(9)",
    good="controls:\n  nist-800-53-r5: [ac-6.9]\n",
)
WITHDRAWN_CONTROL: Final = Check(
    code="TC703",
    name="withdrawn-control",
    level=Level.WARNING,
    meaning="The framework has withdrawn this control.",
    why="Nobody is assessed against it any more; what took it up is named.",
    bad="controls:\n  nist-800-53-r5: [ac-2.10]\n",
    at="ac-2.10",
    good="controls:\n  nist-800-53-r5: [ac-2]\n",
)
IDLE_IGNORE: Final = Check(
    code="TC901",
    name="ignore-of-nothing",
    level=Level.WARNING,
    meaning="A rule ignores a code that is not found in it.",
    why="The reason for it has gone, or the code is misspelt. What is ignored without need hides the next finding.",
    bad="lint:\n  ignore:\n    - {code: TC202, reason: Absence is a violation here.}\n",
    at="TC202",
    good="lint:\n  ignore:\n    - {code: TC202, reason: Absence is a violation here.}\nforbid: userIdentity.userName != 'bob'\n",
)

CHECKS: Final = (
    UNUSED_PARAMETER,
    UNUSED_PACK_PARAMETER,
    NO_TESTS,
    ONE_SIDED_TESTS,
    SHADOWED,
    UNKNOWN_FRAMEWORK,
    UNKNOWN_CONTROL,
    WITHDRAWN_CONTROL,
    IDLE_IGNORE,
)
