"""The export's queue at work: messages come when their time has come, once or twice."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.ports import Task
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.filing.run import Run
from tests.fakes.export_queue import Message
from tests.unit.usecases.stage import SHOP_ID, Stage

NIGHT = Message(SHOP_ID, run="night")


class Messages:
    """Delivers what the stage's queue holds. `runs` are all runs so far, with when each began."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.runs: list[tuple[timedelta, Run]] = []
        self.began = stage.now
        self._count = 0

    def deliver(self, message: Message = NIGHT, *, receipt: str = "") -> Run:
        """Carry one message out, now."""
        self._count += 1
        job = Job(
            shop_id=SHOP_ID,
            run=f"{message.run or 'export'}/m{self._count}/once",
            task=message.task,
            receipt=receipt,
        )
        run = export_shop(self.stage.connector, job)
        self.runs.append((self.stage.now - self.began, run))
        return run

    def play(self, *, twice: bool = False, most: int = 60) -> None:
        """Deliver every message that is under way when it comes, and those that it sends, until
        there is none; `twice`: each of them two times.
        """
        due = [(self.stage.now + timedelta(seconds=one.delay), one) for one in self._take()]
        while due:
            due.sort(key=lambda each: each[0])
            at, message = due.pop(0)
            self.stage.now = max(self.stage.now, at)
            for _ in range(2 if twice else 1):
                most -= 1
                assert most >= 0, "the messages never end"
                self.deliver(message)
                due += [(self.stage.now + timedelta(seconds=m.delay), m) for m in self._take()]

    def _take(self) -> list[Message]:
        taken, self.stage.queue.messages = self.stage.queue.messages, []
        return [one for one in taken if one.task is not Task.WATCH]

    def at_work(self) -> list[timedelta]:
        """When runs had the shop to themselves, since the first message; those of messages that
        only passed themselves on, or found nothing to do, are none.
        """
        return [since for since, run in self.runs if run.lease is not None]

    def minutes_at_work(self) -> list[int]:
        """The same in whole minutes, because each hop of a message is a second longer."""
        return [round(since.total_seconds() / 60) for since in self.at_work()]
