"""What happens to orders, files and shops, and who does it: the lines of their biographies.

`docs/life.md` takes the meaning of each step from the text beneath it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.causes import DocumentCause
from chalicelib.domain.holds import HoldReason
from chalicelib.lazy_dataclass import dataclass


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
    BOOKKEEPER = "bookkeeper"  # who has a seat in the shop


PERSONS = frozenset({Actor.MERCHANT, Actor.BOOKKEEPER, Actor.OPERATOR})


class OrderStep(StrEnum):
    """A step in the life of an order, invoice, credit note or reversal; see `life.ORDER_LIFE`."""

    HINT = "hint"
    """A webhook or the migration says that the document is due."""
    DISCOVER = "discover"
    """The sweep finds the document in the shop's list."""
    ASK = "ask"
    """A person asks for the document."""
    CLAIM = "claim"
    """A file takes the document up; until the file is done with it, no other file can."""
    MOVE = "move"
    """The document alone is in doubt: it goes into a delivery of its own, the others stay."""
    PLACE = "place"
    """The file with the document is in Asperion's inbox, or its concept invoice in Asperion."""
    HOLD = "hold"
    """The document cannot be booked as it is, and waits for somebody to mend what is wrong."""
    DROP = "drop"
    """There is nothing to book, or no longer."""
    RELEASE = "release"
    """The file gives the document back; it waits for another one."""
    RETRY = "retry"
    """A person lets a held document be read and judged again."""
    HOLD_AGAIN = "hold again"
    """A person had a held document looked at at once, and it still cannot be booked as it is."""
    FREE = "free"
    """A held document goes on by itself, because another one that it waited for is decided."""
    BOOK_BY_HAND = "book by hand"
    """A person dealt with a held document in Asperion; the next run drops it."""
    REOPEN = "reopen"
    """A person asks for a dropped document after all."""
    SEND_AGAIN = "send again"
    """A person lets a placed document be booked once more, on purpose."""
    REPORT = "report"
    """A booked document changed in the shop; the merchant decides what to do about it."""
    WITHDRAW = "withdraw"
    """A reported change is no longer there in the shop."""
    ACCEPT = "accept"
    """A person has dealt with a reported change."""
    SHOW_RIGHT = "show right"
    """Asperion shows the invoice again as it was delivered."""
    DELETE_THERE = "delete there"
    """A person lets the connector delete the concept invoice in Asperion, for a reason."""
    CREDIT = "credit"
    """A person takes a booked document back by a credit, for a reason, though the shop has it."""


class FileStep(StrEnum):
    """A step in the life of an import file; see `life.FILE_LIFE`."""

    CREATE = "create"
    """A run makes a file, under a name that is never given twice."""
    FIX = "fix"
    """Content, documents and inbox of the file are fixed; sending may begin."""
    DELIVER = "deliver"
    """The inbox takes the file and, asked at once, shows it; by API: Asperion took the invoices."""
    TRUST = "trust"
    """The inbox says that it took the file, and cannot be asked: its word is all there is."""
    FIND = "find"
    """A later run asks the inbox, and it has the file with this very content."""
    CONFIRM = "confirm"
    """The operator saw the file in Asperion."""
    LOSE = "lose"
    """The inbox's answer was lost or proves nothing: the file may have arrived or not."""
    CONTRADICT = "contradict"
    """The inbox says one thing and shows another, or a later run asks it and it cannot tell."""
    REFUSE = "refuse"
    """The inbox refused the file, nothing was sent at all, or the shop changed before."""
    MISS = "miss"
    """The file is proven not to be in the inbox, and its documents go into another one."""
    RESEND = "resend"
    """The file is proven not to be in the inbox, and the same bytes are sent once more."""
    GIVE_UP = "give up"
    """The operator says that the file is not in Asperion; its documents go into another one."""
    FINISH = "finish"
    """Every document of the file has the file's outcome."""
    DISCARD = "discard"
    """The file is given up before anything of it was sent."""
    TAKE_BACK = "take back"
    """The file is in the inbox after all, and all its documents still waited: they are in it."""
    SURFACE = "surface"
    """The file is in the inbox after all, and its documents went into other files meanwhile."""
    RESOLVE = "resolve"
    """A person dealt in Asperion with the invoices that were there twice."""


class ShopStep(StrEnum):
    """A step in the life of a shop, and what else its audit tells; see `shop_life.SHOP_LIFE`."""

    ARRIVE = "arrived"
    """The merchant comes from the AppCenter for the first time."""
    OPEN = "opened"
    """The merchant comes from the AppCenter with the token that is stored."""
    REINSTALL = "reinstalled"
    """The merchant comes from the AppCenter with another token: a new installation."""
    COMPLETE = "installed"
    """The merchant sends the form with licence code and choices."""
    CHANGE_SETTINGS = "settings"
    """The merchant changes the choices; in versions before 1.3.0 the licence code too."""
    SWITCH_BEHAVIOUR = "behaviour switched"
    """The operator puts the shop on another version of the rules of booking; the audit has both."""
    CANCEL = "cancelled"
    """The merchant cancels the app; it works on until it is uninstalled."""
    LEAVE = "leaving"
    """SEOshop calls the app removed and still takes the token: the shop works on meanwhile."""
    STAY = "stays"
    """A shop is not leaving after all: SEOshop takes its token, and the merchant opened the app."""
    UNINSTALL = "uninstalled"
    """The app is removed, and SEOshop refuses the token: all that names the shop is erased."""
    ERASE = "erased"
    """The operator erases everything that was kept about a shop."""
    DISCONNECT = "disconnected"
    """SEOshop refuses the shop's token, and not because of the app's own key and secret."""
    RECONNECT = "reconnected"
    """The operator connects a shop again whose token SEOshop accepts after all."""
    PAUSE = "paused"
    """A person stops the exports for now; hints are still recorded."""
    RESUME = "resumed"
    """A person lets the exports go on."""
    HALT = "halted"
    """The operator halts the exports of all shops, or a part of them; the audit says why."""
    END_HALT = "halt ended"
    """The operator lets all shops, or the part of them that was halted, export again."""
    START_MIGRATION = "migration started"
    """A person starts a migration; the audit has its period."""
    STOP_MIGRATION = "migration stopped"
    """A person stops a migration."""
    RESUME_MIGRATION = "migration resumed"
    """A person lets a migration go on that was stopped."""
    END_SESSIONS = "sessions ended"
    """The merchant signs out in every browser."""
    MEND_SUBSCRIPTIONS = "subscriptions mended"
    """The watch created a webhook subscription that was missing, or removed one too many."""
    CHANGE_LICENCE = "licence changed"
    """The merchant changes the licence code; the audit has both endings."""
    TELL_CONTACT = "contact told"
    """The shop's contact was mailed that the licence code or the connection was changed."""
    MISS_CONTACT = "contact not told"
    """The shop's contact could not be mailed; the audit says why, the watch tries again."""
    CONNECT = "connected to asperion"
    """The merchant chose an administration that the connection with Asperion opens."""
    CONNECT_AGAIN = "connected to asperion again"
    """The merchant signed in at Asperion once more, for the same administration."""
    CHANGE_ADMINISTRATION = "administration changed"
    """The merchant chose another administration; the audit has both names."""
    CONFIRM_API_CHOICES = "api choices confirmed"
    """The merchant confirmed how invoices are booked in the administration."""
    TURN_ON_API = "api turned on"
    """From now on invoices go straight into the administration, and not by file."""
    TURN_OFF_API = "api turned off"
    """From now on invoices go by file again."""
    DISCONNECT_ASPERION = "disconnected from asperion"
    """The merchant ended the connection with Asperion."""
    CHANGE_MAIL = "mail changed"
    """The merchant changes which mails there are, or where they go; no address is in the audit."""
    LOCK = "period closed"
    """A period is closed: nothing is booked any more up to its last day, which the audit has."""
    UNLOCK = "period opened"
    """Whoever closed a period opens it again; the audit has its last day, and why."""
    INVITE = "invited"
    """The merchant invites a bookkeeper; the audit has the rights, and no address."""
    REVOKE_INVITATION = "invitation revoked"
    """The merchant takes an invitation back that nobody has accepted yet."""
    ACCEPT_SEAT = "seat accepted"
    """A bookkeeper accepts an invitation, and has a seat from then on."""
    CHANGE_SEAT = "seat changed"
    """The merchant changes what a seat allows."""
    DELETE_INVOICE = "invoice deleted"
    """A person had a concept invoice deleted in Asperion; the audit has its number, and why."""
    CREDIT_ORDER = "order credited"
    """A person took a delivered order back by a credit; the audit has its number, and why."""
    REVOKE_SEAT = "seat revoked"
    """The merchant takes a seat away."""


class Contradiction(StrEnum):
    """What an inbox says of a file that it should have."""

    DIFFERENT = "different"  # another content lies under its name
    CANNOT_TELL = "cannot tell"
    NO_INBOX = "no inbox"  # a page for people answers in its place
    NOT_SHOWN = "not shown"  # it said that it has the file, or its name, and does not show it


Cause = HoldReason | DocumentCause | Contradiction


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
