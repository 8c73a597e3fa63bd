"""The role by which API Gateway writes access logs.

It is a setting of the account, one in each region, for the APIs of everybody: a stack that made it
would take it from them when it is deleted. Hence the operator makes it, once, and a deployment
looks whether it is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import boto3

ROLE = "api-gateway-logs"
_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "apigateway.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    },
    separators=(",", ":"),
)
_WRITE_LOGS = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"


def find_no_role() -> Iterator[str]:
    """The commands that give API Gateway its role in this region; none where it has one."""
    if boto3.client("apigateway").get_account().get("cloudwatchRoleArn"):
        return
    yield (
        f"aws iam create-role --role-name {ROLE} --assume-role-policy-document '{_TRUST}'"
        "    # by which API Gateway writes logs; or do without an access log: ACCESS_LOG=false"
    )
    yield f"aws iam attach-role-policy --role-name {ROLE} --policy-arn {_WRITE_LOGS}"
    yield (
        "aws apigateway update-account --patch-operations op=replace,path=/cloudwatchRoleArn,value="
        f'"$(aws iam get-role --role-name {ROLE} --query Role.Arn --output text)"'
    )
