"""Makes a deterministic, realistic trail: a tree as S3 has it, many small gzip files.

About 150 events a file and 1.2 to 1.4 KB an event, read-only calls dominating, no randomness that
is not seeded: the same arguments give the same bytes. Identifiers are as random as AWS makes them,
sessions and addresses recur as they do, so that the files compress about as much as published logs
do (6 to 9 times): a trail that compresses better would make inflating look cheap.
"""

import gzip
import json
import random
import uuid
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

ACCOUNTS = ("111122223333", "444455556666")
REGIONS = ("us-east-1", "eu-west-1", "eu-central-1")
EVENTS_PER_FILE = 150
START = datetime(2024, 5, 1, tzinfo=UTC)

# (source, name, read-only, weight): a busy account, where most calls look and few change.
CALLS: tuple[tuple[str, str, bool, int], ...] = (
    ("ec2.amazonaws.com", "DescribeInstances", True, 160),
    ("ec2.amazonaws.com", "DescribeVolumes", True, 90),
    ("ec2.amazonaws.com", "DescribeNetworkInterfaces", True, 80),
    ("sts.amazonaws.com", "AssumeRole", True, 90),
    ("kms.amazonaws.com", "Decrypt", True, 110),
    ("s3.amazonaws.com", "GetBucketAcl", True, 60),
    ("s3.amazonaws.com", "ListBuckets", True, 40),
    ("logs.amazonaws.com", "DescribeLogStreams", True, 50),
    ("ssm.amazonaws.com", "UpdateInstanceInformation", False, 60),
    ("monitoring.amazonaws.com", "DescribeAlarms", True, 40),
    ("iam.amazonaws.com", "GetRole", True, 35),
    ("iam.amazonaws.com", "ListAttachedRolePolicies", True, 25),
    ("iam.amazonaws.com", "AttachRolePolicy", False, 6),
    ("iam.amazonaws.com", "CreateAccessKey", False, 4),
    ("iam.amazonaws.com", "PutRolePolicy", False, 5),
    ("ec2.amazonaws.com", "RunInstances", False, 8),
    ("ec2.amazonaws.com", "AuthorizeSecurityGroupIngress", False, 6),
    ("s3.amazonaws.com", "PutBucketPolicy", False, 4),
    ("lambda.amazonaws.com", "UpdateFunctionConfiguration20150331v2", False, 6),
    ("iot.amazonaws.com", "AttachPolicy", False, 6),
    ("iot.amazonaws.com", "CreateKeysAndCertificate", False, 6),
    ("cloudtrail.amazonaws.com", "LookupEvents", True, 10),
    ("signin.amazonaws.com", "ConsoleLogin", False, 4),
    ("rds.amazonaws.com", "ModifyDBInstance", False, 3),
    ("secretsmanager.amazonaws.com", "GetSecretValue", True, 12),
)
ROLES = ("DeployPipeline", "IoTProvisioner", "AppServer", "Monitoring", "Developer", "Auditor")
AGENTS = (
    "Boto3/1.34.0 md/Botocore#1.34.0 ua/2.0 os/linux#5.10.205 md/arch#x86_64 lang/python#3.11.7",
    "aws-cli/2.15.30 Python/3.11.8 Linux/5.10.205-195.807.amzn2.x86_64 exe/x86_64.amzn.2",
    "APN/1.0 HashiCorp/1.0 Terraform/1.7.4 (+https://www.terraform.io) terraform-provider-aws/5.39",
    "aws-sdk-go-v2/1.24.1 os/linux lang/go#1.21.6 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.142.0",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Safari/537.36",
    "aws-internal/3 aws-sdk-java/1.12.638 Linux/5.10.205 OpenJDK_64-Bit_Server_VM/25.402-b08",
)
SESSIONS = 400
_TOKEN = 567
_ONLY_ONCE = 0.2


def write_trail(folder: Path, events: int, seed: int = 7) -> int:
    """Write a trail.

    Args:
        folder: Where the tree `AWSLogs/…` is made.
        events: How many events, cut into files of 150.
        seed: Of the choices made.

    Returns:
        The number of files.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret is made of it
    sessions = {
        account: [_Session(chance, account) for _ in range(SESSIONS)] for account in ACCOUNTS
    }
    files = 0
    for first in range(0, events, EVENTS_PER_FILE):
        account, region = chance.choice(ACCOUNTS), chance.choice(REGIONS)
        begin = START + timedelta(seconds=first * 2)
        records = [
            _event(
                chance,
                _session(chance, sessions[account], account),
                account,
                region,
                begin + timedelta(seconds=number),
            )
            for number in range(min(EVENTS_PER_FILE, events - first))
        ]
        _write(folder, account, region, begin, files, records)
        files += 1
    return files


def _write(  # noqa: PLR0913, PLR0917 - the parts of a path
    folder: Path, account: str, region: str, begin: datetime, number: int, records: list[Any]
) -> None:
    day = folder / "AWSLogs" / account / "CloudTrail" / region / f"{begin:%Y/%m/%d}"
    day.mkdir(parents=True, exist_ok=True)
    name = f"{account}_CloudTrail_{region}_{begin:%Y%m%dT%H%MZ}_{number:016d}.json.gz"
    text = json.dumps({"Records": records}, separators=(",", ":"))
    (day / name).write_bytes(gzip.compress(text.encode(), mtime=0))


def _session(chance: random.Random, known: list["_Session"], account: str) -> "_Session":
    """Give one of those that come again, or in a fifth of the cases one that calls only once."""
    return _Session(chance, account) if chance.random() < _ONLY_ONCE else chance.choice(known)


class _Session:
    """Somebody who calls for a while: what they are known by stays the same."""

    def __init__(self, chance: random.Random, account: str) -> None:
        self.role = chance.choice(ROLES)
        self.address = f"203.0.113.{chance.randrange(256)}"
        self.agent = chance.choice(AGENTS)
        name = f"i-0{chance.getrandbits(64):016x}"
        issuer = f"AROA{chance.getrandbits(80):020X}"[:21]
        self.identity = {
            "type": "AssumedRole",
            "principalId": f"{issuer}:{name}",
            "arn": f"arn:aws:sts::{account}:assumed-role/{self.role}/{name}",
            "accountId": account,
            "accessKeyId": f"ASIA{chance.getrandbits(64):016X}",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": issuer,
                    "arn": f"arn:aws:iam::{account}:role/{self.role}",
                    "accountId": account,
                    "userName": self.role,
                },
                "attributes": {
                    "creationDate": f"2024-05-01T{chance.randrange(24):02}:17:42Z",
                    "mfaAuthenticated": "false",
                },
            },
        }


def _event(
    chance: random.Random, session: _Session, account: str, region: str, time: datetime
) -> dict[str, Any]:
    source, name, read_only, _ = chance.choices(CALLS, cum_weights=_WEIGHTS)[0]
    denied = {
        "errorCode": "AccessDenied",
        "errorMessage": f"User is not authorized to perform: {name}",
    }
    return {
        "eventVersion": "1.09",
        "userIdentity": session.identity,
        "eventTime": f"{time:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": source,
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": session.address,
        "userAgent": session.agent,
        **(denied if chance.random() < 0.02 else {}),  # noqa: PLR2004 - two in a hundred
        "requestParameters": _parameters(chance, source, account, region),
        "responseElements": _response(chance, name, read_only=read_only),
        "requestID": _uuid(chance),
        "eventID": _uuid(chance),
        "readOnly": read_only,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{source.partition('.')[0]}.{region}.amazonaws.com",
        },
    }


_WEIGHTS = list(accumulate(call[3] for call in CALLS))


def _parameters(chance: random.Random, source: str, account: str, region: str) -> dict[str, Any]:
    """Give parameters of one of a few shapes, with names of their own."""
    name = f"{chance.getrandbits(68):017x}"
    service = source.partition(".")[0]
    shapes: tuple[dict[str, Any], ...] = (
        {"resourceArn": f"arn:aws:{service}:{region}:{account}:thing/{name}", "maxResults": 100},
        {"instancesSet": {"items": [{"instanceId": f"i-{name}"}]}, "filterSet": {}},
        {"bucketName": f"logs-{name}", "Host": f"logs-{name}.s3.{region}.amazonaws.com", "acl": ""},
        {"policyName": "Example", "target": f"arn:aws:{service}:{region}:{account}:cert/{name}"},
        {
            "encryptionContext": {"aws:s3:arn": f"arn:aws:s3:::data-{name}"},
            "encryptionAlgorithm": "SYMMETRIC_DEFAULT",
        },
    )
    return chance.choice(shapes)


def _response(chance: random.Random, name: str, *, read_only: bool) -> dict[str, Any] | None:
    if name == "AssumeRole":
        # Session tokens are the one long text in real trails that hardly compresses.
        token = b64encode(chance.randbytes(_TOKEN)).decode()
        credentials = {"accessKeyId": f"ASIA{chance.getrandbits(64):016X}", "sessionToken": token}
        return {"credentials": credentials}
    if read_only:
        return None
    return {"requestId": _uuid(chance), "_return": True, "version": chance.randrange(10**6)}


def _uuid(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))
