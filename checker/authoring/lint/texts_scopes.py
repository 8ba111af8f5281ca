"""The checks of what may be absent, of scopes, and of the names in them: TC201 to TC401."""

from typing import Final

from checker.authoring.lint.check import Check
from checker.errors import Level

RAISES_IF_ABSENT: Final = Check(
    code="TC201",
    name="raises-where-absent",
    level=Level.WARNING,
    meaning="A function is given a field that may be absent, and raises on null.",
    why="`contains`, `starts_with`, `length` and other functions of the JMESPath standard raise on null, and the event becomes "
    "an error of the rule. Ask first (`x && starts_with(x, 'a')`), give a default (`x || ''`), name the "
    "field in `requires`, or use a function that takes null: `glob(x, 'a*')`. Test cases with and without "
    "the field show that it was thought of, and end the warning.",
    bad="forbid: starts_with(requestParameters.path, '/admin/')\n",
    at="requestParameters.path",
    good="forbid: glob(requestParameters.path, '/admin/*')\n",
)
UNEQUAL_IF_ABSENT: Final = Check(
    code="TC202",
    name="unequal-where-absent",
    level=Level.WARNING,
    meaning="`!=` holds of every event in which the field is absent.",
    why="null is not equal to any text, so `userIdentity.userName != 'bob'` is true of events of services, which have no user name. Say what "
    "absence means: `x && x != 'bob'`, or ``x == `null` || x != 'bob'``, or name the field in `requires`. Test "
    "cases with and without the field show that it was thought of, and end the warning.",
    bad="forbid: userIdentity.userName != 'bob'\n",
    at="userIdentity.userName",
    good="forbid: userIdentity.userName && userIdentity.userName != 'bob'\n",
)
NEGATED_ORDER: Final = Check(
    code="TC203",
    name="negated-order-where-absent",
    level=Level.WARNING,
    meaning="The negation of `<` or `>` holds of every event in which the field is absent.",
    why="An order with null is null, and `!` makes that true. Turn the comparison round instead of negating it, or say what "
    "absence means. Test cases with and without the field end the warning.",
    bad="forbid: >-\n  !(requestParameters.maxSessionDuration <= `3600`)\n",
    at="requestParameters.maxSessionDuration",
    good="forbid: requestParameters.maxSessionDuration > `3600`\n",
)
UNKNOWN_EVENT: Final = Check(
    code="TC301",
    name="unknown-event",
    level=Level.WARNING,
    meaning="The event dictionary knows no event of this name.",
    why="A rule about an event that there is not finds nothing and passes. AWS adds calls daily, and console-only calls are published "
    "nowhere in full, so this is a warning: check the name in a log, then ignore it with that as the reason.",
    bad="match: {eventSource: iam.amazonaws.com, eventName: CreateUsers}\n",
    at="CreateUsers",
    good="match: {eventSource: iam.amazonaws.com, eventName: CreateUser}\n",
)
DEAD_EVENT: Final = Check(
    code="TC302",
    name="name-that-is-not-written",
    level=Level.ERROR,
    meaning="CloudTrail writes this call under another name.",
    why="Some services log a call with the version of the API in its name, or by an older name. "
    "The name of the API is then in no event.",
    bad="match: {eventSource: lambda.amazonaws.com, eventName: UpdateFunctionCode}\n",
    at="UpdateFunctionCode",
    good="match: {eventSource: lambda.amazonaws.com, eventName: UpdateFunctionCode20150331v2}\n",
)
NEVER_LOGGED: Final = Check(
    code="TC303",
    name="event-that-is-never-logged",
    level=Level.ERROR,
    meaning="AWS says that CloudTrail does not log this call.",
    why="No log can show it, so the rule can never be tested.",
    bad="match: {eventSource: iot.amazonaws.com, eventName: [ListThings, CreateThing]}\n",
    at="ListThings",
    good="match: {eventSource: iot.amazonaws.com, eventName: CreateThing}\n",
)
UNKNOWN_SOURCE: Final = Check(
    code="TC304",
    name="unknown-event-source",
    level=Level.WARNING,
    meaning="The event dictionary knows no such event source.",
    why="`eventSource` is the service's name as CloudTrail spells it, mostly the first part of its endpoint and `.amazonaws.com`.",
    bad="match: {eventSource: iam, eventName: CreateUser}\n",
    at="iam,",
    good="match: {eventSource: iam.amazonaws.com, eventName: CreateUser}\n",
)
OTHER_SOURCE: Final = Check(
    code="TC305",
    name="event-of-another-source",
    level=Level.WARNING,
    meaning="The event dictionary knows this event of other sources only.",
    why="`AttachPolicy` is a call of AWS IoT and of AWS Organizations, never of IAM: with the wrong source the rule finds nothing.",
    bad="match: {eventSource: iam.amazonaws.com, eventName: AttachPolicy}\n",
    at="AttachPolicy",
    good="match: {eventSource: organizations.amazonaws.com, eventName: AttachPolicy}\n",
)
NO_SOURCE: Final = Check(
    code="TC306",
    name="event-name-without-source",
    level=Level.WARNING,
    meaning="Several services have an event of this name, and the scope names none of them.",
    why="The rule would judge the events of all of them. Name the `eventSource` beside the `eventName`.",
    bad="match: {eventName: CreatePolicy}\n",
    at="CreatePolicy",
    good="match: {eventSource: iam.amazonaws.com, eventName: CreatePolicy}\n",
)
NO_MATCH: Final = Check(
    code="TC307",
    name="scope-that-cannot-match",
    level=Level.ERROR,
    meaning="No event can be in the scope: its parts exclude one another.",
    why="By default a rule judges successful calls, which have no `errorCode`; a call that changes something is never `readOnly`. A rule "
    "whose scope is empty passes, or has no occurrence, for ever.",
    bad="match: {eventSource: iam.amazonaws.com, eventName: CreateUser, errorCode: AccessDenied}\n",
    at="errorCode",
    good="match: {eventSource: iam.amazonaws.com, eventName: CreateUser, errorCode: AccessDenied}\noutcome: denied\n",
)
VALUE_TWICE: Final = Check(
    code="TC308",
    name="value-said-twice",
    level=Level.WARNING,
    meaning="A value of a `match` list is matched by another one of the list.",
    why="It adds nothing. Often one of the two was meant to be another name.",
    bad="match: {eventSource: iam.amazonaws.com, eventName: [CreateUser, CreateUser]}\n",
    at="CreateUser]",
    good="match: {eventSource: iam.amazonaws.com, eventName: [CreateUser, DeleteUser]}\n",
)
UNKNOWN_FIELD: Final = Check(
    code="TC401",
    name="field-that-no-event-has",
    level=Level.ERROR,
    meaning="The record format of CloudTrail has no such field.",
    why="An unknown field is null in every event: a `match` on it never holds, a comparison is with null. The names are those "
    "of the record reference in the CloudTrail user guide, and case matters.",
    bad="forbid: sourceIpAddress == '192.0.2.1'\n",
    at="sourceIpAddress",
    good="forbid: sourceIPAddress == '192.0.2.1'\n",
)

CHECKS: Final = (
    RAISES_IF_ABSENT,
    UNEQUAL_IF_ABSENT,
    NEGATED_ORDER,
    UNKNOWN_EVENT,
    DEAD_EVENT,
    NEVER_LOGGED,
    UNKNOWN_SOURCE,
    OTHER_SOURCE,
    NO_SOURCE,
    NO_MATCH,
    VALUE_TWICE,
    UNKNOWN_FIELD,
)
