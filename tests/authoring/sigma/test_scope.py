from checker.authoring.sigma.condition import And, Condition, Null, Or, Texts, Wildcard
from checker.authoring.sigma.scope import ANY_EVENT, doubts, scope_of, unknown_names


def source(*names: str) -> Condition:
    return Texts(field="eventSource", patterns=tuple((f"{name}.amazonaws.com",) for name in names))


def call(*names: str) -> Condition:
    return Texts(field="eventName", patterns=tuple((name,) for name in names))


def test_calls_are_spelt_as_aws_spells_them() -> None:
    scope = scope_of(And((source("RDS"), call("deletedbcluster"))))

    assert scope.match == (
        (("eventSource", ("rds.amazonaws.com",)), ("eventName", ("DeleteDBCluster",))),
    )
    assert scope.rest is None


def test_without_a_source_every_spelling_of_a_name_counts() -> None:
    ((_, names),) = scope_of(call("deletedbcluster")).match[0]

    assert {"DeleteDBCluster", "DeleteDbCluster"} <= set(names)


def test_what_is_asked_besides_stays_a_condition() -> None:
    scope = scope_of(And((source("iam"), call("CreateUser"), Null("errorCode"))))

    assert scope.rest == Null("errorCode")


def test_a_name_that_the_dictionary_lacks_is_compared_without_regard_to_case() -> None:
    condition = And((source("s3"), call("PutBucketLogging", "PutNothingKnown")))
    scope = scope_of(condition)

    assert scope.match == ((("eventSource", ("s3.amazonaws.com",)),),)
    assert scope.rest == condition.parts[1]
    assert unknown_names(condition) == ("PutNothingKnown",)


def test_alternatives_of_calls_are_alternatives_of_the_match() -> None:
    one, two = And((source("iam"), call("CreateUser"))), And((source("sts"), call("AssumeRole")))
    scope = scope_of(Or((one, two)))

    assert len(scope.match) == 2
    assert scope.rest is None


def test_an_alternative_that_names_no_call_leaves_the_scope_open() -> None:
    condition = Or((call("CreateUser"), Null("errorCode")))

    assert scope_of(condition).match == (ANY_EVENT,)
    assert scope_of(condition).rest == condition


def test_a_wildcard_is_no_part_of_the_scope() -> None:
    condition = Texts(field="eventName", patterns=(("List", Wildcard.MANY),))

    assert scope_of(condition).match == (ANY_EVENT,)


def test_too_many_combinations_are_left_to_the_condition() -> None:
    many = Or(tuple(And((source("iam"), call(name))) for name in ("CreateUser", "DeleteUser")))
    condition = And(
        tuple(Or((*many.parts, And((source("s3"), call(name))))) for name in SOME_NAMES)
    )

    assert scope_of(condition).match == (ANY_EVENT,)
    assert scope_of(condition).rest == condition


SOME_NAMES = ("DeleteBucket", "CreateBucket", "PutBucketPolicy")


def test_a_call_of_another_service_is_doubted() -> None:
    scope = scope_of(And((source("route53"), call("DisableDomainTransferLock"))))

    (doubt,) = doubts(scope)
    assert doubt.endswith("of route53.amazonaws.com, but of route53domains.amazonaws.com")
