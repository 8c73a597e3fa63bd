"""The words for a file that was made once more: what differs, why, and what keeps it from us."""

from __future__ import annotations

from chalicelib.domain.holds import Hold
from chalicelib.domain.judgement import NotDue, Verdict
from chalicelib.usecases.judging.booked_again import Change
from chalicelib.usecases.operating.rebuilt_files import FileCause, Obstacle
from chalicelib.web.texts.biography_texts import DROP_CAUSES
from chalicelib.web.texts.hold_texts import find_hold_text
from chalicelib.web.texts.localisation import Msgids, msgid

CHANGES: Msgids[Change] = {
    Change.IN_SHOP: "Changed in your webshop: customer, articles, VAT or amount.",
    Change.BY_SETTINGS: "Not changed in your webshop; with your present settings it is booked "
    "differently.",
    Change.EITHER: "It is now booked differently: changed in your webshop, or by your settings.",
    Change.GONE: "It no longer exists in your webshop.",
    Change.UNREADABLE: "Your webshop gives it in a way that we cannot read.",
}
UNCHANGED = msgid("What the file says of it is unchanged.")
CAUSES: Msgids[FileCause] = {
    FileCause.SETTINGS: "Your settings have been changed since this file was made.",
    FileCause.PROFILE: "The connector now writes files for Asperion in another form than when this "
    "file was made.",
    FileCause.BOTH: "Your settings have been changed since this file was made, and the connector "
    "now writes files for Asperion in another form.",
    FileCause.UNKNOWN: "Customers, articles, VAT and amounts are as they were. What differs is "
    "something of which we keep nothing, such as an invoice number, an invoice date, or the "
    "payment method.",
}
OBSTACLES: Msgids[Obstacle] = {
    Obstacle.ALLOWANCE: "Your webshop allows a limited number of requests: this file has "
    "%(documents)s orders, of which %(readable)s can be read now.",
    Obstacle.TIME: "This takes too long for one page: this file has %(documents)s orders, of "
    "which %(readable)s were read in the time that there is.",
    Obstacle.SHOP: "Your webshop does not answer at the moment. Try again in a few minutes.",
    Obstacle.SIZE: "This file is too large to be downloaded at once.",
}
_NO_LONGER_WRITABLE = msgid("It does not fit into a file for Asperion as it is now.")


def describe_left_out(verdict: Verdict) -> tuple[str, bool]:
    """Why a document would not be in the file now, and whether that is the end of a sentence."""
    if isinstance(verdict, NotDue):
        return DROP_CAUSES[verdict.cause], False
    if isinstance(verdict, Hold):
        return find_hold_text(verdict.reason).what, True
    return _NO_LONGER_WRITABLE, True
