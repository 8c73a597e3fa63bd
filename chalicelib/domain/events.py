"""What happens to orders, files and shops, and who does it: the lines of their biographies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.causes import DropCause, LateChange, ReleaseCause, RequestCause
from chalicelib.domain.holds import HoldReason


class Actor(StrEnum):
    """Who does something. Stored: a value never changes."""

    WEBHOOK = "webhook"
    SWEEP = "sweep"
    BACKFILL = "backfill"
    EXPORT = "export"
    WATCH = "watch"
    MERCHANT = "merchant"
    OPERATOR = "operator"
    PLATFORM = "platform"  # SEOshop's install, cancel and uninstall calls
    CONNECTOR = "connector"  # by itself, in the course of something else


class OrderStep(StrEnum):
    """A step in the life of an order, invoice, credit note or reversal; see `life.ORDER_LIFE`."""

    HINT = "hint"  # a webhook or the migration says that it is due
    DISCOVER = "discover"  # the sweep finds it in the shop's list
    ASK = "ask"  # a person asks for it
    CLAIM = "claim"
    PLACE = "place"
    HOLD = "hold"
    DROP = "drop"
    RELEASE = "release"
    RETRY = "retry"
    FREE = "free"
    BOOK_BY_HAND = "book by hand"
    REOPEN = "reopen"
    SEND_AGAIN = "send again"
    REPORT = "report"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"


class FileStep(StrEnum):
    """A step in the life of an import file; see `life.FILE_LIFE`."""

    CREATE = "create"
    FIX = "fix"
    DELIVER = "deliver"
    FIND = "find"
    CONFIRM = "confirm"
    LOSE = "lose"
    CONTRADICT = "contradict"
    REFUSE = "refuse"
    MISS = "miss"
    RESEND = "resend"
    GIVE_UP = "give up"
    FINISH = "finish"
    DISCARD = "discard"


class ShopStep(StrEnum):
    """A step in the life of a shop, and what else its audit tells; see `life.SHOP_LIFE`."""

    ARRIVE = "arrived"
    OPEN = "opened"
    REINSTALL = "reinstalled"
    COMPLETE = "installed"
    CHANGE_SETTINGS = "settings"
    CANCEL = "cancelled"
    UNINSTALL = "uninstalled"
    DISCONNECT = "disconnected"
    PAUSE = "paused"
    RESUME = "resumed"
    MEND_SUBSCRIPTIONS = "subscriptions mended"


class Contradiction(StrEnum):
    """What an inbox says of a file that it should have."""

    DIFFERENT = "different"  # another content lies under its name
    CANNOT_TELL = "cannot tell"


Cause = HoldReason | DropCause | ReleaseCause | RequestCause | LateChange | Contradiction


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a biography: which step, when and by whom.

    `cause` is a code of the step's own list, `file` an import file's name. `note` is free text (an
    operator's reason, another system's error): it is shown, and nothing is ever decided by it.
    """

    at: datetime
    step: OrderStep | FileStep
    by: Actor
    cause: Cause | None = None
    file: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """Something that happened to a shop, kept after uninstalling. `note` holds no secrets."""

    at: datetime
    step: ShopStep
    by: Actor
    note: str = ""
