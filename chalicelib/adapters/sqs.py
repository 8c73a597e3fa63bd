"""The queue of shops to export, on SQS. A message is JSON: ``{"shop_id": 184520, "run": "…"}``, and
with ``"task"`` it asks for something else than an export: see `ports.Task`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws_refusals import name_code, read_code
from chalicelib.domain import bounds
from chalicelib.errors import QueueError, RequestError
from chalicelib.ports import LONGEST_DELAY, Backlog, Task

LARGEST_BATCH = 10
_ATTEMPTS = 2
_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a message asks for; `run` names the run that it belongs to, for logs and leases."""

    shop_id: int
    run: str = ""
    task: Task = Task.EXPORT


def read_message(body: str) -> Message:
    """Read the message in a body. Raises `RequestError`, which says what is wrong with it and
    quotes nothing of it, because a body may contain anything.
    """
    try:
        found = json.loads(body)
    except ValueError:
        raise RequestError("The message is not JSON.") from None
    if not isinstance(found, dict):
        raise RequestError('The message is no JSON object such as {"shop_id": 184520}.')
    shop_id, run, task = found.get("shop_id"), found.get("run", ""), found.get("task", Task.EXPORT)
    if type(shop_id) is not int or not bounds.is_id(shop_id):
        raise RequestError("The message has no shop_id, or one that is no shop's number.")
    if not isinstance(run, str) or not bounds.is_line(run or "-", bounds.LONGEST_RUN):
        raise RequestError("The message's run is no text, or none that can be kept.")
    if task not in list(Task):
        raise RequestError(f"The message's task is none of {', '.join(Task)}.")
    return Message(shop_id=shop_id, run=run, task=Task(task))


class SqsExportQueue:
    """Port `ExportQueue` on one SQS queue.

    `client_factory` gives a boto3 SQS client; it is called at the first message.
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
                MessageBody=_write_message(Message(shop_id=shop_id, run=run, task=task)),
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

    def send_many(self, shop_ids: Iterable[int], *, run: str, task: Task = Task.EXPORT) -> int:
        """See the port. One bad batch does not stop the next."""
        messages = [Message(shop_id=shop_id, run=run, task=task) for shop_id in shop_ids]
        unsent: list[Message] = []
        reason = ""
        for start in range(0, len(messages), LARGEST_BATCH):
            failed, why = self._send_batch(messages[start : start + LARGEST_BATCH])
            unsent += failed
            reason = why if failed else reason
        if unsent:
            named = ", ".join(str(message.shop_id) for message in unsent[:_MOST_NAMED])
            more = f" and {len(unsent) - _MOST_NAMED} more" if len(unsent) > _MOST_NAMED else ""
            raise QueueError(
                f"{len(unsent)} of {len(messages)} shops could not be queued ({reason}):"
                f" {named}{more}. Rerun those."
            )
        return len(messages)

    def _send_batch(self, unsent: list[Message]) -> tuple[list[Message], str]:
        """Send at most ten messages; those not sent after two attempts, and why."""
        reason = ""
        for _ in range(_ATTEMPTS):
            entries = [
                {"Id": str(place), "MessageBody": _write_message(message)}
                for place, message in enumerate(unsent)
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


def _write_message(message: Message) -> str:
    body: dict[str, object] = {"shop_id": message.shop_id, "run": message.run}
    if message.task is not Task.EXPORT:
        body["task"] = message.task.value
    return json.dumps(body)
