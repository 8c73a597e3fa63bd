"""The mail to a merchant in the morning: what waits on him, that it came right again, or how the
last week went. At most one a day, however often the message for it is delivered; nothing of an
order is in it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import FileState
from chalicelib.domain.mail_matters import (
    DueMail,
    Matter,
    ThresholdNews,
    Waiting,
    Week,
    add_threshold,
    count_last_week,
    find_due_mail,
    list_marks,
    make_waiting,
)
from chalicelib.domain.mail_records import MailChoices, MailProgress, Sending
from chalicelib.domain.shop_records import WatchFindings
from chalicelib.domain.shops import ShopState, TroubleCause
from chalicelib.errors import MailError
from chalicelib.ports import MorningNotice
from chalicelib.usecases.connector import Connector, Post
from chalicelib.usecases.operating.overview import Overview, read_overview
from chalicelib.usecases.operating.threshold import find_warning
from chalicelib.usecases.shop.mail_choices import find_address, read_choices
from chalicelib.usecases.shop.mail_tickets import Purpose, Ticket, sign_ticket
from chalicelib.usecases.workspace import Workspace, open_workspace

log = logging.getLogger(__name__)

_HIS_TO_MEND = frozenset(
    {
        TroubleCause.INBOX_REFUSED,
        TroubleCause.LICENCE,
        TroubleCause.SHOP_FORBIDDEN,
        TroubleCause.SHOP_UNAUTHORISED,
        TroubleCause.SEAL_BROKEN,
        TroubleCause.LANGUAGE,
        TroubleCause.CONNECT_AGAIN,
        TroubleCause.ADMINISTRATION_CLOSED,
    }
)
_TO_BE_CHECKED = (FileState.UNKNOWN, FileState.DOUBLE)
_MAILED = (ShopState.ACTIVE, ShopState.CANCELLED, ShopState.DISCONNECTED)
_DAYS_READ = 21  # enough for the last whole week


def mail_morning(connector: Connector, shop_id: int) -> Sending | None:
    """Send the shop's mail of this morning, if one is due; returns what became of it. Nothing is
    raised for a mail that fails: what it was about is told the next morning. Raises `UnknownShop`,
    `LedgerError`.
    """
    workspace = open_workspace(connector, shop_id)
    if connector.post is None or workspace.shop.state not in _MAILED:
        return None
    progress = connector.shops.load(shop_id, MailProgress) or MailProgress()
    today = local_day(workspace.now())
    if progress.begun_on == today:
        return None
    overview = read_overview(workspace)
    waiting = list_waiting_matters(workspace, overview)
    week = None if overview.headline.asks else _count_week(workspace, today)
    choices = read_choices(workspace)
    found = find_due_mail(choices, progress, waiting, week=week, now=workspace.now())
    due = add_threshold(found, choices, progress, _find_threshold_news(workspace))
    if due is None:
        _forget_what_is_over(workspace, progress, waiting)
        return None
    return _send(workspace, connector.post, choices, due)


def list_waiting_matters(workspace: Workspace, overview: Overview) -> list[Waiting]:
    """What waits on the merchant, the most urgent first."""
    listed = [
        _list_troubles(overview),
        make_waiting(Matter.HELD, [e.key for group in overview.held for e in group.entries]),
        make_waiting(Matter.CHANGED, _mark_changes(overview, is_there=False)),
        make_waiting(Matter.THERE, _mark_changes(overview, is_there=True)),
        make_waiting(Matter.FILES, _name_files(workspace)),
        make_waiting(Matter.METHODS, _name_methods(workspace, overview)),
    ]
    return [one for one in listed if one.count]


def _mark_changes(overview: Overview, *, is_there: bool) -> list[str]:
    """What changed in the shop after delivery, or in Asperion."""
    changed = ((each.key, each.change) for each in overview.changed if each.change is not None)
    return [f"{key}/{change}" for key, change in changed if change.is_in_asperion == is_there]


def _list_troubles(overview: Overview) -> Waiting:
    if overview.shop.state is ShopState.DISCONNECTED:
        return make_waiting(Matter.ACCESS, ["access"])
    trouble = overview.trouble
    if trouble is None or trouble.cause not in _HIS_TO_MEND:
        return make_waiting(Matter.TROUBLE, [])
    return make_waiting(Matter.TROUBLE, [f"{trouble.since}"], cause=trouble.cause)


def _name_files(workspace: Workspace) -> list[str]:
    """Those of which it is to be seen in Asperion whether they are there, or there twice."""
    unfinished = workspace.connector.files.list_unfinished(workspace.shop_id)
    return [file.name for file in unfinished if file.state in _TO_BE_CHECKED]


def _name_methods(workspace: Workspace, overview: Overview) -> Sequence[str]:
    """The payment methods' keys, for as long as the overview asks about any."""
    found = workspace.connector.shops.load(workspace.shop_id, WatchFindings)
    return [] if found is None or not overview.new_methods else list(found.new_methods)


def _find_threshold_news(workspace: Workspace) -> ThresholdNews | None:
    warned = find_warning(workspace)
    return None if warned is None else ThresholdNews(year=warned.year, nearness=warned.nearness)


def _count_week(workspace: Workspace, today: date) -> Week:
    statements = workspace.connector.shops.statements(workspace.shop_id, _DAYS_READ)
    return count_last_week(statements, today)


def _forget_what_is_over(
    workspace: Workspace, progress: MailProgress, waiting: Sequence[Waiting]
) -> None:
    """What was told and is over counts as new when it comes again."""
    left = progress.reported & list_marks(waiting)
    if waiting and left != progress.reported:
        _note(workspace, reported=left)


def _send(workspace: Workspace, post: Post, choices: MailChoices, due: DueMail) -> Sending | None:
    """The day is taken before the mail goes out: a mail too few is better than one twice."""
    address = find_address(workspace)
    if isinstance(address, Sending):
        _note(workspace, last=address, last_at=workspace.now())
        return address
    if not _begin_day(workspace):
        return None
    shop = workspace.shop
    ticket = Ticket(shop_id=shop.shop_id, address=str(choices.era))
    newest = workspace.connector.shops.journal(shop.shop_id, 1)
    notice = MorningNotice(
        title=shop.title,
        language=shop.language,
        due=due,
        closed_on=newest[0].day if newest else None,
        journal_hash=newest[0].hash if newest else "",
        ticket=sign_ticket(workspace.connector.secrets, Purpose.UNSUBSCRIBE, ticket),
    )
    try:
        post.mailer.send(address, post.word(notice))
    except MailError as error:
        log.warning("no morning mail: %s", error, extra={"shop_id": shop.shop_id})
        _note(workspace, last=Sending.REFUSED, last_at=workspace.now())
        return Sending.REFUSED
    _note_sent(workspace, due)
    return Sending.SENT


def _begin_day(workspace: Workspace) -> bool:
    """Take this day's mail; False when another delivery of the message has it."""
    today = local_day(workspace.now())
    is_ours: list[bool] = []

    def begin(kept: MailProgress | None) -> MailProgress | None:
        progress = kept or MailProgress()
        is_ours[:] = [progress.begun_on != today]
        return replace(progress, begun_on=today) if is_ours[0] else None

    workspace.connector.shops.change(workspace.shop_id, MailProgress, begin)
    return is_ours[0]


def _note_sent(workspace: Workspace, due: DueMail) -> None:
    now = workspace.now()
    changed: dict[str, object] = {"last": Sending.SENT, "last_at": now}
    if due.waiting or due.is_right_again:
        changed |= {"reported": list_marks(due.waiting), "reported_at": now}
    if due.week is not None:
        changed["receipt_of"] = due.week.monday
    _note(workspace, due.threshold, **changed)


def _note(workspace: Workspace, news: ThresholdNews | None = None, **changed: object) -> None:
    def note(kept: MailProgress | None) -> MailProgress:
        progress = kept or MailProgress()
        reported = progress.threshold_reported | ({news.name} if news else frozenset())
        return replace(progress, threshold_reported=reported, **changed)  # type: ignore[arg-type]

    workspace.connector.shops.change(workspace.shop_id, MailProgress, note)
