"""The queue of shops to export, on SQS. What its messages say is in `queue_messages`."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws_refusals import name_code, read_code
from chalicelib.adapters.queue_messages import Message, write_message
from chalicelib.domain.nights import Slice
from chalicelib.errors import QueueError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import LONGEST_DELAY, Backlog, Task

LARGEST_BATCH = 10
_ATTEMPTS = 2
_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class _Outgoing:
    """A message that is to be sent: what it is about, for errors, and after how many seconds."""

    about: str
    body: str
    delay: int = 0


class SqsExportQueue:
    """Port `ExportQueue` on one SQS queue.

    `client_factory` gives an SQS client; it is called at the first message.
    """

    def __init__(self, client_factory: Callable[[], Any], url: str) -> None:
        self._client = cache(client_factory)
        self._url = url

    def send(
        self, shop_id: int, *, delay: int = 0, run: str = "", task: Task = Task.EXPORT
    ) -> None:
        """See the port. A longer delay than SQS allows is shortened to that; the receiver checks
        whether it is time. Raises `QueueError`.
        """
        try:
            self._client().send_message(
                QueueUrl=self._url,
                MessageBody=write_message(Message(shop_id=shop_id, run=run, task=task)),
                DelaySeconds=max(0, min(delay, LONGEST_DELAY)),
            )
        except (BotoCoreError, ClientError) as error:
            raise QueueError(f"shop {shop_id} could not be queued: {read_code(error)}") from None

    def keep(self, receipt: str, seconds: int) -> None:
        """See the port; ``ChangeMessageVisibility``, which counts from now."""
        try:
            self._client().change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=seconds
            )
        except (BotoCoreError, ClientError) as error:
            raise QueueError(f"a message could not be kept: {read_code(error)}") from None

    def measure(self) -> Backlog:
        """See the port. SQS counts about, and is right when nothing happens for a minute."""
        try:
            own = self._read_counts(self._url)
            dead = self._read_counts(self._find_dead_letters_url())
        except KeyError:
            raise QueueError("The export queue has no dead letters' queue.") from None
        except (BotoCoreError, ClientError) as error:
            raise QueueError(f"messages could not be counted: {read_code(error)}") from None
        return Backlog(waiting=own[0], in_hand=own[1], later=own[2], dead=sum(dead))

    def _read_counts(self, url: str) -> list[int]:
        counts = self._client().get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))
        return [int(counts["Attributes"].get(name, 0)) for name in _COUNTS]

    def redrive(self) -> int:
        """See the port. The dead letters' queue is the one this queue's redrive policy names.

        Moved one by one rather than by SQS's own task, whose outcome is not reported. A crash in
        between sends a letter twice, which does no harm. Receiving waits a second, because without
        waiting SQS asks only some of its servers and may miss letters.
        """
        moved = 0
        try:
            dead = self._find_dead_letters_url()
            while (
                letters := self._client()
                .receive_message(
                    QueueUrl=dead, MaxNumberOfMessages=LARGEST_BATCH, WaitTimeSeconds=1
                )
                .get("Messages")
            ):
                for letter in letters:
                    self._client().send_message(QueueUrl=self._url, MessageBody=letter["Body"])
                    self._client().delete_message(
                        QueueUrl=dead, ReceiptHandle=letter["ReceiptHandle"]
                    )
                moved += len(letters)
        except KeyError:
            raise QueueError("The export queue has no dead letters' queue.") from None
        except (BotoCoreError, ClientError) as error:
            raise QueueError(f"dead letters could not be moved: {read_code(error)}") from None
        return moved

    def _find_dead_letters_url(self) -> str:
        """Both queues are of one account, so their addresses differ in the name alone."""
        attributes = self._client().get_queue_attributes(
            QueueUrl=self._url, AttributeNames=["RedrivePolicy"]
        )["Attributes"]
        arn = json.loads(attributes["RedrivePolicy"])["deadLetterTargetArn"]
        return f"{self._url.rpartition('/')[0]}/{arn.rpartition(':')[2]}"

    def send_many(self, shop_ids: Sequence[int], *, run: str, task: Task = Task.EXPORT) -> int:
        """See the port. One bad batch does not stop the next."""
        self._send_all(
            "shops",
            [
                _Outgoing(str(shop_id), write_message(Message(shop_id=shop_id, run=run, task=task)))
                for shop_id in shop_ids
            ],
        )
        return len(shop_ids)

    def send_slices(self, slices: Sequence[Slice], *, now: datetime) -> None:
        """See the port. A delay that is longer than SQS allows is shortened to that."""
        self._send_all(
            "slices",
            [
                _Outgoing(one.slot, write_message(one), delay=_count_seconds(one.due_at - now))
                for one in slices
            ],
        )

    def _send_all(self, what: str, outgoing: Sequence[_Outgoing]) -> None:
        unsent: list[_Outgoing] = []
        reason = ""
        for start in range(0, len(outgoing), LARGEST_BATCH):
            failed, why = self._send_batch(outgoing[start : start + LARGEST_BATCH])
            unsent += failed
            reason = why if failed else reason
        if unsent:
            named = ", ".join(each.about for each in unsent[:_MOST_NAMED])
            more = f" and {len(unsent) - _MOST_NAMED} more" if len(unsent) > _MOST_NAMED else ""
            raise QueueError(
                f"{len(unsent)} of {len(outgoing)} {what} could not be queued ({reason}):"
                f" {named}{more}."
            )

    def _send_batch(self, outgoing: Sequence[_Outgoing]) -> tuple[Sequence[_Outgoing], str]:
        """Send at most ten messages; those not sent after two attempts, and why."""
        unsent, reason = outgoing, ""
        for _ in range(_ATTEMPTS):
            entries = [
                {"Id": str(place), "MessageBody": each.body, **_write_delay(each)}
                for place, each in enumerate(unsent)
            ]
            try:
                answer = self._client().send_message_batch(QueueUrl=self._url, Entries=entries)
            except (BotoCoreError, ClientError) as error:
                reason = read_code(error)
                continue
            failed = answer.get("Failed", [])
            unsent = [unsent[int(item["Id"])] for item in failed]
            if not unsent:
                break
            reason = name_code(failed[0].get("Code"))
        return unsent, reason


def _count_seconds(wait: timedelta) -> int:
    """Whole seconds that a message may be delayed by: not sooner than after `wait`, if SQS can."""
    return max(0, min(math.ceil(wait.total_seconds()), LONGEST_DELAY))


def _write_delay(outgoing: _Outgoing) -> dict[str, int]:
    return {"DelaySeconds": outgoing.delay} if outgoing.delay else {}
