"""Makes a deterministic, realistic trail: a tree as S3 has it, many small gzip files.

About 150 events a file and 1.2 to 1.4 KB an event, read-only calls dominating, no randomness that
is not seeded: the same arguments give the same bytes.
"""

import gzip
import json
import random
from datetime import UTC, datetime, timedelta
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
    ("sts.amazonaws.com", "AssumeRole", True, 150),
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
    files = 0
    for first in range(0, events, EVENTS_PER_FILE):
        account, region = chance.choice(ACCOUNTS), chance.choice(REGIONS)
        begin = START + timedelta(seconds=first * 2)
        records = [
            _event(chance, account, region, begin + timedelta(seconds=number))
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


def _event(chance: random.Random, account: str, region: str, time: datetime) -> dict[str, Any]:
    source, name, read_only, _ = chance.choices(CALLS, weights=[call[3] for call in CALLS])[0]
    role = chance.choice(ROLES)
    stamp = f"{time:%Y-%m-%dT%H:%M:%SZ}"
    session = f"i-0{chance.getrandbits(64):016x}"
    denied = {
        "errorCode": "AccessDenied",
        "errorMessage": f"User is not authorized to perform: {name}",
    }
    return {
        "eventVersion": "1.09",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": f"AROA{chance.getrandbits(64):016X}:{session}",
            "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{session}",
            "accountId": account,
            "accessKeyId": f"ASIA{chance.getrandbits(64):016X}",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": f"AROA{chance.getrandbits(64):016X}",
                    "arn": f"arn:aws:iam::{account}:role/{role}",
                    "accountId": account,
                    "userName": role,
                },
                "attributes": {"creationDate": stamp, "mfaAuthenticated": "false"},
            },
        },
        "eventTime": stamp,
        "eventSource": source,
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": f"203.0.113.{chance.randrange(256)}",
        "userAgent": "Boto3/1.34.0 md/Botocore#1.34.0 ua/2.0 os/linux#5.10 md/arch#x86_64 lang/python#3.11",
        **(denied if chance.random() < 0.02 else {}),  # noqa: PLR2004 - two in a hundred
        "requestParameters": {
            "resource": f"arn:aws:example:{region}:{account}:thing/{chance.getrandbits(96):024x}",
            "policyName": "Example",
            "filterSet": {
                "items": [
                    {"name": "tag:Environment", "valueSet": {"items": [{"value": "production"}]}}
                ]
            },
            "maxResults": chance.randrange(1000),
        },
        "responseElements": None
        if read_only
        else {"requestId": f"{chance.getrandbits(128):032x}", "_return": True},
        "requestID": f"{chance.getrandbits(128):032x}",
        "eventID": f"{chance.getrandbits(32):08x}-0000-4000-8000-{chance.getrandbits(48):012x}",
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
