"""Whether anybody gets the alarms of a stack: somebody has to have subscribed, and confirmed it."""

from __future__ import annotations

import boto3

from tools.cloudformation import list_resources

TOPIC = "AlarmTopic"
PENDING = "PendingConfirmation"  # in place of the subscription's ARN


def say_if_nobody(stack: str) -> str | None:
    """What to do when nobody gets the alarms of a stack that stands; None when somebody does."""
    topics = [
        each["PhysicalResourceId"]
        for each in list_resources(boto3.client("cloudformation"), stack)
        if each["LogicalResourceId"] == TOPIC
    ]
    pages = boto3.client("sns").get_paginator("list_subscriptions_by_topic")
    found = [
        each
        for topic in topics
        for page in pages.paginate(TopicArn=topic)
        for each in page["Subscriptions"]
    ]
    if any(each["SubscriptionArn"] not in (PENDING, "Deleted") for each in found):
        return None
    if waiting := [each["Endpoint"] for each in found if each["SubscriptionArn"] == PENDING]:
        return (
            f"NOBODY GETS THE ALARMS YET: {', '.join(waiting)} has not confirmed it. Open the mail "
            "from AWS (AWS Notification - Subscription Confirmation) and follow its link; it is "
            "good for three days, then deploy with another ALARM_EMAIL and back for a new one."
        )
    return (
        "NOBODY GETS THE ALARMS: the stack has no ALARM_EMAIL. Deploy again with "
        "ALARM_EMAIL=you@example.nl, and confirm the mail that AWS then sends."
    )
