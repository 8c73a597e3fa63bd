"""Every error this connector raises on purpose, as one tree.

Messages say what happened, to what, and what to do. They never hold a token, a licence code, a
signature, anything of a customer, or what another system said but for a word of a known list.
"""

from __future__ import annotations

from datetime import datetime

LONGEST_MESSAGE = 1_000  # characters


class ConnectorError(Exception):
    """Base of every error raised on purpose. Its message is one line of visible characters, because
    Lambda logs what a function raises as it is: anything else in it becomes a blank, and what is
    longer than `LONGEST_MESSAGE` is cut.
    """

    def __init__(self, message: str = "") -> None:
        line = "".join(sign if sign.isprintable() else " " for sign in message)
        is_long = len(line) > LONGEST_MESSAGE
        super().__init__(f"{line[: LONGEST_MESSAGE - 1]}…" if is_long else line)


class SettingsError(ConnectorError):
    """A setting is missing or unusable, so the function does not start; the message names it."""


class SignatureError(ConnectorError):
    """A call's signature is missing, malformed, wrong or too old."""


class SignatureTooOld(SignatureError):
    """A call's signature is right, but it was made too long ago. `shop_id` is the shop's number."""

    def __init__(self, message: str, *, shop_id: int) -> None:
        super().__init__(message)
        self.shop_id = shop_id


class LinkUsed(SignatureError):
    """An install link has signed somebody in already, in another browser."""


class RequestError(ConnectorError):
    """Input from an operator or a merchant that cannot be carried out; nothing was done."""


class OfAnotherShop(RequestError):
    """A page of one shop, sent while another one is signed in."""


class UnknownShop(RequestError):
    """No shop of that number is installed."""


class UnknownBehaviour(RequestError):
    """There is no version of the rules of booking by that name."""


class UnknownOrder(RequestError):
    """The shop has no order of that number in the connector's ledger."""


class UnknownFile(RequestError):
    """The shop has no file of that name."""


class MigrationUnderWay(RequestError):
    """Another migration of this shop is running."""


class NothingExported(RequestError):
    """The shop does not export at the moment, so that nothing can be migrated."""


class OnlyOrders(RequestError):
    """The shop exports invoices; a migration is of orders."""


class LicenceError(RequestError):
    """A licence code that is empty or could change an address; see `domain.licence`."""


class VaultError(ConnectorError):
    """A shop's secret cannot be sealed or opened; the message names shop and secret."""


class VaultUnavailable(VaultError):
    """The data key cannot be used just now; nothing was lost, and trying again is safe."""


class SealBroken(VaultError):
    """A secret was not sealed for this shop and purpose, or its key is gone: it stays unreadable
    until it is brought anew.
    """


class AnswerError(ConnectorError):
    """Another system answered with an error, or with nothing usable.

    `status` is the HTTP status, or None when there was no answer.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class ShopError(AnswerError):
    """SEOshop's API did."""


class ShopUnauthorised(ShopError):
    """401 in SEOshop's own words: key, secret or token are refused; `app_proof` tells which."""


class AppRefused(ShopError):
    """SEOshop refuses the app's own key and secret, so that no shop can be asked: nothing is called
    until they are proven good again.
    """


class ShopForbidden(ShopError):
    """403: the app lacks a permission."""


class ShopNotFound(ShopError):
    """404: the object is not there (a fresh order may appear within minutes)."""


class ShopLanguageUnknown(ShopError):
    """404 to everything: the shop no longer has the language its calls are made in. Opening the app
    from the AppCenter brings the present one.
    """


class ShopRefused(ShopError):
    """400, 410, 422 and the like: SEOshop calls our request wrong; never retried."""


class ShopRateLimited(ShopError):
    """The allowance of calls, or our own share of it, is used up until `until` (aware, UTC)."""

    def __init__(self, message: str, *, until: datetime, status: int | None = None) -> None:
        super().__init__(message, status=status)
        self.until = until


class ShopUnavailable(ShopError):
    """5xx, an answer that is not the JSON promised, a time-out or a broken connection."""


class ShopUnreadable(ShopUnavailable):
    """A field of this one document is missing or of another kind than promised: hold it.

    `readable` is what could be read of it all the same, as its list would show it: an
    `OrderSummary` or a `ShopInvoice` of `domain.orders`, or None.
    """

    def __init__(self, message: str, *, readable: object = None) -> None:
        super().__init__(message)
        self.readable = readable


class InboxError(ConnectorError):
    """Asperion's inbox did not take a file as it should."""


class InboxNotSent(InboxError):
    """The inbox could not be reached at all: nothing was sent, trying again is safe."""


class InboxRefused(InboxError):
    """The inbox refused (4xx, full) and does not show the file: nothing was stored."""


class InboxBusy(InboxRefused):
    """The inbox refused for now (408, 425, 429, full): it may take the same file later."""


class InboxUnknown(InboxError):
    """The answer was lost, or proves nothing: the file may be there, or not."""


class InboxContradicts(InboxUnknown):
    """The inbox said that it has the file, or something under its name, and does not show it."""


class AsperionError(AnswerError):
    """Asperion's REST API did, or its identity server."""


class AsperionNotSent(AsperionError):
    """Asperion could not be reached at all: nothing was sent, trying again is safe."""


class AsperionBusy(AsperionError):
    """429, or 503 with a time to a read: nothing was stored; to be asked again from `until` (aware,
    UTC).
    """

    def __init__(self, message: str, *, until: datetime, status: int | None = None) -> None:
        super().__init__(message, status=status)
        self.until = until


class AsperionUnauthorised(AsperionError):
    """401, also with an access token that was renewed just before."""


class AsperionForbidden(AsperionError):
    """403 or 404 to everything: the administration is closed, or the account may not open it."""


class AsperionInvalid(AsperionError):
    """Asperion refuses what was sent; nothing was stored. `fields` are codes of
    `domain.refused_fields.RefusedField`, never Asperion's own text.
    """

    def __init__(
        self, message: str, *, fields: tuple[str, ...] = (), status: int | None = None
    ) -> None:
        super().__init__(message, status=status)
        self.fields = fields


class AsperionUnavailable(AsperionError):
    """A read, or the identity server, gave no usable answer: 5xx, no JSON, a time-out."""


class AsperionUnknown(AsperionError):
    """The answer to a write was lost, or proves nothing: what was sent may be there, or not."""


class GrantRefused(AsperionError):
    """``invalid_grant``: the identity server takes a code or a refresh token no more."""


class ConnectionRefused(AsperionError):
    """The shop's connection with Asperion counts no more: the merchant has to connect again."""


class ProfileError(ConnectorError):
    """An aXML profile cannot be used; the message names file and line."""


class RenderedWrong(ConnectorError):
    """A rendered file, read back, differs from what was judged; it is not placed. `field` is what
    cannot be written, as the profile names it (``line.article_code``), or empty.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class QueueError(ConnectorError):
    """Messages could not be put on the queue; the message names the shops."""


class AlarmsUnavailable(ConnectorError):
    """The alarms cannot be looked at, or nobody can be told; the message says what AWS answers."""


class MailError(ConnectorError):
    """The mail service did not take a mail; the message names no address."""


class ShopBusy(ConnectorError):
    """The shop's lease goes from hand to hand: it could neither be taken, nor a wish be noted with
    it. The message goes back to the queue for a later try.
    """


class LeaseLost(ConnectorError):
    """Another run has taken the shop over, because this one was held up for too long. Nothing may
    be sent any more.
    """


class Unforeseen(ConnectorError):
    """An error of any other kind, without its own message, which may quote an order's content;
    the message names the kind, the log the place in the code.
    """


class LedgerError(ConnectorError):
    """The tables could not do what was asked."""


class LedgerConflict(LedgerError):
    """The record was changed by another run first; nothing was written."""


class LedgerThrottled(LedgerError):
    """The tables are busy, and nothing was written; or they did not answer, and it is not known
    whether they wrote (the message says so). Either way the job may be run again from its start.
    """
