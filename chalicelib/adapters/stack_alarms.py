"""The stack's alarms in CloudWatch, and the SNS topic by which they tell somebody."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws_clients import make_client
from chalicelib.adapters.aws_refusals import read_code
from chalicelib.errors import AlarmsUnavailable
from chalicelib.ports.alarms import LONGEST_SUBJECT, Listeners, RingingAlarm

_KINDS = ["MetricAlarm", "CompositeAlarm"]
_PENDING = "PendingConfirmation"  # in place of a subscription's ARN
_SIGN = r"[^ -~]"


class StackAlarms:
    """Port `Alarms`. `stack` is CloudFormation's name of the stack, with which it begins the names
    of its alarms; `topic` is the ARN of their topic; `make_client` makes a client of the service of
    that name.
    """

    def __init__(
        self, stack: str, topic: str, make_client: Callable[[str], Any] = make_client
    ) -> None:
        # An alarm's name in the template has no hyphen: so none is of a stack whose name begins
        # with this one's.
        self._name = re.compile(rf"{re.escape(stack)}-([A-Za-z0-9]+)(?:-[A-Za-z0-9]+)?")
        self._prefix = f"{stack}-"
        self._topic = topic
        self._client = cache(make_client)

    def list_ringing(self) -> list[RingingAlarm]:
        """See the port. A night that is missed is told as one without data, hence those too that
        tell somebody when there is none.
        """
        found = []
        for state, actions in (
            ("ALARM", "AlarmActions"),
            ("INSUFFICIENT_DATA", "InsufficientDataActions"),
        ):
            for each in self._describe(state):
                name = self._name.fullmatch(each["AlarmName"])
                if name and each.get(actions) and not _is_new(each, state):
                    since = each.get("StateTransitionedTimestamp") or each["StateUpdatedTimestamp"]
                    found.append(RingingAlarm(name=name[1], since=since))
        return sorted(found, key=lambda each: each.name)

    def _describe(self, state: str) -> list[dict[str, Any]]:
        try:
            pages = self._client("cloudwatch").get_paginator("describe_alarms")
            return [
                each
                for page in pages.paginate(
                    AlarmNamePrefix=self._prefix, StateValue=state, AlarmTypes=_KINDS
                )
                for kind in ("MetricAlarms", "CompositeAlarms")
                for each in page.get(kind, ())
                if each["StateValue"] == state
            ]
        except (BotoCoreError, ClientError) as error:
            raise AlarmsUnavailable(
                f"CloudWatch does not say which alarms ring: {read_code(error)}"
            ) from None

    def count_listeners(self) -> Listeners:
        try:
            pages = self._client("sns").get_paginator("list_subscriptions_by_topic")
            found = [
                each["SubscriptionArn"]
                for page in pages.paginate(TopicArn=self._topic)
                for each in page["Subscriptions"]
            ]
        except (BotoCoreError, ClientError) as error:
            raise AlarmsUnavailable(
                f"SNS does not say who gets the alarms: {read_code(error)}"
            ) from None
        return Listeners(
            confirmed=sum(each.startswith("arn:") for each in found),
            pending=found.count(_PENDING),
        )

    def notify(self, subject: str, text: str) -> None:
        line = re.sub(_SIGN, " ", subject)[:LONGEST_SUBJECT]
        try:
            self._client("sns").publish(TopicArn=self._topic, Subject=line, Message=text)
        except (BotoCoreError, ClientError) as error:
            raise AlarmsUnavailable(f"SNS does not take the report: {read_code(error)}") from None


def _is_new(alarm: dict[str, Any], state: str) -> bool:
    """Whether an alarm has no data because it was made and never had any: of a stack before its
    first night nothing is missed.
    """
    return state == "INSUFFICIENT_DATA" and "Unchecked" in alarm.get("StateReason", "")
