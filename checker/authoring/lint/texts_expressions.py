"""The checks of what an expression means: TC101 and on."""

from typing import Final

from checker.authoring.lint.check import Check
from checker.errors import Level

FIELD_IN_QUOTES: Final = Check(
    code="TC101",
    name="field-in-double-quotes",
    level=Level.ERROR,
    meaning="A text stands in double quotes, which name a field.",
    why='In JMESPath `"IAMUser"` is the field of that name. No event has it, so the comparison is with null and '
    "never holds: a rule that forbids finds nothing. A text takes single quotes.",
    bad='forbid: >-\n  userIdentity.type == "IAMUser"\n',
    at='"IAMUser"',
    good="forbid: >-\n  userIdentity.type == 'IAMUser'\n",
)
BARE_WORD: Final = Check(
    code="TC102",
    name="bare-word-as-text",
    level=Level.ERROR,
    meaning="A word without quotes is compared as if it were a text; it names a field.",
    why="A bare word is the field of that name. When no event has such a field, the comparison is with null and "
    "never holds. A text takes single quotes, a number or boolean backquotes, a parameter `$`.",
    bad="forbid: sourceIPAddress == Internal\n",
    at="Internal",
    good="forbid: sourceIPAddress == 'Internal'\n",
)
NEGATION: Final = Check(
    code="TC103",
    name="negation-of-the-first-name",
    level=Level.ERROR,
    meaning="`!` negates only the first name behind it, not the whole path or comparison.",
    why="`!a.b` is `(!a).b`, the field of a boolean, which is null; `!a == 'x'` compares a boolean with a text. "
    "Put what is to be negated in parentheses.",
    bad="forbid: >-\n  !userIdentity.sessionContext.sourceIdentity\n",
    at="!userIdentity",
    good="forbid: >-\n  !(userIdentity.sessionContext.sourceIdentity)\n",
)
NOT_BOOLEAN: Final = Check(
    code="TC104",
    name="text-as-condition",
    level=Level.WARNING,
    meaning="A condition may be a text, and every text but the empty one counts as true.",
    why="CloudTrail writes many booleans as texts, and `'false'` and `'No'` count as true. Compare with the value "
    "that is meant; where being there is enough, compare with `` `null` ``.",
    bad="forbid: additionalEventData.MFAUsed\n",
    at="additionalEventData.MFAUsed",
    good="forbid: additionalEventData.MFAUsed == 'Yes'\n",
)
NUMBER_AS_CONDITION: Final = Check(
    code="TC105",
    name="number-as-condition",
    level=Level.ERROR,
    meaning="A number stands as a condition, and every number counts as true, 0 too.",
    why="In JMESPath only null, false, `''`, `[]` and `{}` are not true. `length(x)` of an empty list is 0, "
    "which holds. Compare the number.",
    bad="forbid: length(resources || `[]`)\n",
    at="length",
    good="forbid: length(resources || `[]`) > `0`\n",
)
FILTER_IN_ELEMENT: Final = Check(
    code="TC106",
    name="filter-inside-each-element",
    level=Level.WARNING,
    meaning="A filter stands directly behind `[]`, `[*]` or another filter, so it filters inside each element.",
    why="Behind a projection all that follows is applied to each element: `x[][?a]` looks for lists in the elements "
    "of `x`, finds objects, and gives an empty list. End the projection first: `x[] | [?a]`; join two filters with `&&`.",
    bad="forbid: >-\n  resources[][?type == 'AWS::KMS::Key']\n",
    at="[?type",
    good="forbid: >-\n  resources[?type == 'AWS::KMS::Key']\n",
)
LIST_COMPARED: Final = Check(
    code="TC107",
    name="list-compared-with-one-value",
    level=Level.ERROR,
    meaning="A list is compared with a single value, and is never equal to it.",
    why="`x[].y` is a list, also of one element. To ask whether any element is equal write `contains(x[].y, 'z')`, "
    "or filter: `x[?y == 'z']`.",
    bad="forbid: resources[].type == 'AWS::KMS::Key'\n",
    at="resources[].type ==",
    good="forbid: contains(resources[].type || `[]`, 'AWS::KMS::Key')\n",
)
FIELD_OF_LIST: Final = Check(
    code="TC108",
    name="field-of-a-list",
    level=Level.ERROR,
    meaning="A field is taken of a list, which gives null; its elements have the fields.",
    why="`resources.ARN` is null whatever the event. Take the field of each element, `resources[].ARN`, or of "
    "one, `resources[0].ARN`. Which fields are lists is told by the format of records and by the events of the rule's own tests. "
    "Behind `.*` the projection ends after one name, so `a.*.b.c` is a field of a list, too: write `a.*.b[].c`.",
    bad="forbid: resources.ARN == 'arn:aws:s3:::example'\n",
    at="ARN ==",
    good="forbid: contains(resources[].ARN || `[]`, 'arn:aws:s3:::example')\n",
)
EVENT_FIELD_IN_ELEMENT: Final = Check(
    code="TC109",
    name="field-of-the-event-in-a-filter",
    level=Level.WARNING,
    meaning="A field of the event is named inside a filter or projection, where names are looked up in the element.",
    why="Inside `[?…]` a bare name is a field of the element. `$event` is the whole event wherever it stands.",
    bad="forbid: length(resources[?accountId != recipientAccountId] || `[]`) > `0`\n",
    at="recipientAccountId",
    good="forbid: length(resources[?accountId && accountId != $event.recipientAccountId] || `[]`) > `0`\n",
)
TYPES_DIFFER: Final = Check(
    code="TC110",
    name="different-types-compared",
    level=Level.ERROR,
    meaning="Values of different types are compared: they are never equal, and their order cannot be told.",
    why="A number is not equal to the text of it, so `==` never holds and `!=` always does; `<` and `>` between a number and a text "
    "raise, which makes the event an error. A number literal takes backquotes; a text becomes a number with `to_number()`.",
    bad="forbid: length(userAgent || '') > '200'\n",
    at="length",
    good="forbid: length(userAgent || '') > `200`\n",
)
BOOLEAN_AS_TEXT: Final = Check(
    code="TC111",
    name="boolean-written-as-text",
    level=Level.ERROR,
    meaning="CloudTrail writes this field as a text where the rule compares a boolean, or the other way round.",
    why="`mfaAuthenticated` is the text `'true'` or `'false'`, `MFAUsed` is `'Yes'` or `'No'`, and `readOnly` is a "
    "boolean. A boolean is never equal to a text. `match` takes both spellings.",
    bad="forbid: userIdentity.sessionContext.attributes.mfaAuthenticated == `false`\n",
    at="userIdentity",
    good="forbid: userIdentity.sessionContext.attributes.mfaAuthenticated == 'false'\n",
)
NEVER_WRITTEN: Final = Check(
    code="TC112",
    name="value-never-written",
    level=Level.WARNING,
    meaning="The field, or the function, has few values, and this is none of them.",
    why="`userIdentity.type`, `eventType`, `eventCategory` and some others have a fixed set of values, and so have "
    "`identity_type()`, `outcome()` and `weekday()`. A comparison with any other never holds.",
    bad="forbid: identity_type(userIdentity) == 'Root'\n",
    at="identity_type",
    good="forbid: identity_type(userIdentity) == 'root'\n",
)
ORDER_OF_TEXTS: Final = Check(
    code="TC113",
    name="order-of-texts",
    level=Level.WARNING,
    meaning="`<` or `>` compares texts, character by character.",
    why="`'10' < '9'` holds, and times compare rightly only while both are written in one format and zone. The JMESPath standard has no order of "
    "texts at all. Times have `time_before()`, `time_after()` and `time_between()`; numbers in texts `to_number()`.",
    bad="forbid: eventTime < '2024-12-16T00:00:00Z'\n",
    at="eventTime",
    good="forbid: time_before(eventTime, '2024-12-16T00:00:00Z')\n",
)
WRONG_ARGUMENT: Final = Check(
    code="TC114",
    name="argument-of-the-wrong-type",
    level=Level.ERROR,
    meaning="A function is given what it never takes, so it raises on every event.",
    why="The field, or what another function gives, has a type that this function does not take: every event in "
    "scope would be an error of the rule. `to_string()`, `as_list()` and `to_number()` change types.",
    bad="forbid: starts_with(readOnly, 't')\n",
    at="readOnly",
    good="forbid: starts_with(to_string(readOnly), 't')\n",
)
ALWAYS_TRUE: Final = Check(
    code="TC115",
    name="always-true",
    level=Level.WARNING,
    meaning="A part of a condition is true of every event that reaches it.",
    why="The scope of the rule, or what stands before it in the condition, has decided it already. It can go, or something else was meant.",
    bad="forbid: eventName != 'DeleteUser' && sourceIPAddress == '192.0.2.1'\n",
    at="eventName != 'DeleteUser'",
    good="forbid: sourceIPAddress == '192.0.2.1'\n",
)
ALWAYS_FALSE: Final = Check(
    code="TC116",
    name="always-false",
    level=Level.WARNING,
    meaning="A part of a condition is true of no event that reaches it.",
    why="The scope of the rule, or what stands before it in the condition, excludes it. Often `||` was meant where `&&` stands.",
    bad="forbid: sourceIPAddress == '192.0.2.1' && sourceIPAddress == '192.0.2.2' || awsRegion == 'eu-west-1'\n",
    at="sourceIPAddress == '192.0.2.2'",
    good="forbid: sourceIPAddress == '192.0.2.1' || sourceIPAddress == '192.0.2.2' || awsRegion == 'eu-west-1'\n",
)
DECIDES_NOTHING: Final = Check(
    code="TC117",
    name="condition-decides-nothing",
    level=Level.ERROR,
    meaning="The whole of `where`, `require` or `forbid` comes to the same for every event.",
    why="A `require` that always holds and a `forbid` that never does find nothing, whatever the logs hold: their pass means nothing. "
    "A `where` that never holds leaves no event in scope. To forbid all of the scope write `forbid: true`.",
    bad="forbid: eventName == 'DeleteUser'\n",
    at="eventName == 'DeleteUser'",
    good="forbid: true\ntests:\n  cases:\n    - {name: made, event: {eventSource: iam.amazonaws.com, eventName: CreateUser}, expect: fail}\n"
    "    - {name: another call, event: {eventSource: iam.amazonaws.com, eventName: DeleteUser}, expect: out_of_scope}\n",
)
BARE_NULL: Final = Check(
    code="TC118",
    name="null-without-backquotes",
    level=Level.WARNING,
    meaning="`null` without backquotes is a field of that name.",
    why="It is null only because no event has such a field; `true` and `false` written so are null, too, and that is never meant. "
    "A JSON value takes backquotes.",
    bad="forbid: userIdentity.userName == null\n",
    at="null",
    good="forbid: userIdentity.userName == `null`\n",
)

CHECKS: Final = (
    FIELD_IN_QUOTES,
    BARE_WORD,
    NEGATION,
    NOT_BOOLEAN,
    NUMBER_AS_CONDITION,
    FILTER_IN_ELEMENT,
    LIST_COMPARED,
    FIELD_OF_LIST,
    EVENT_FIELD_IN_ELEMENT,
    TYPES_DIFFER,
    BOOLEAN_AS_TEXT,
    NEVER_WRITTEN,
    ORDER_OF_TEXTS,
    WRONG_ARGUMENT,
    ALWAYS_TRUE,
    ALWAYS_FALSE,
    DECIDES_NOTHING,
    BARE_NULL,
)
