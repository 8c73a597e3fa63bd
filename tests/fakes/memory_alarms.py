"""The stack's alarms in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.ports import LONGEST_SUBJECT, Listeners, RingingAlarm


@dataclass
class MemoryAlarms:
    """Port `Alarms`. `messages` are the subjects and texts that went out."""

    ringing: list[RingingAlarm] = field(default_factory=list)
    listeners: Listeners = field(default_factory=lambda: Listeners(confirmed=1, pending=0))
    messages: list[tuple[str, str]] = field(default_factory=list)

    def list_ringing(self) -> list[RingingAlarm]:
        return sorted(self.ringing, key=lambda each: each.name)

    def count_listeners(self) -> Listeners:
        return self.listeners

    def notify(self, subject: str, text: str) -> None:
        assert len(subject) <= LONGEST_SUBJECT
        assert subject.isascii()
        assert subject.isprintable()
        self.messages.append((subject, text))
