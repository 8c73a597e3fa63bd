"""The mail in the morning: what waits on the merchant, that it came right again, how the last week
went. It has counts and links, and nothing of an order.
"""

from __future__ import annotations

from datetime import timedelta

from chalicelib.domain.distance_sales import Nearness
from chalicelib.domain.mail_matters import DueMail, Matter, Waiting, Week
from chalicelib.ports import Mail, MorningNotice
from chalicelib.web.texts.localisation import Msgids, msgid
from chalicelib.web.texts.mail_frame import MailFrame
from chalicelib.web.texts.trouble_texts import find_trouble_text

_WAITS = msgid("%(title)s: something waits for you")
_RIGHT = msgid("%(title)s: everything is right again")
_WEEKLY = msgid("%(title)s: everything is in, the week of %(day)s")

_WAITING_IN = msgid(
    "This waits for you in the connector between your webshop %(title)s and Asperion:"
)
_RIGHT_IN = msgid(
    "What waited for you in the connector between your webshop %(title)s and Asperion is dealt "
    "with. Everything is right again."
)
_WEEK_IN = msgid(
    "In the week of %(first)s to %(last)s everything that was to be booked of your webshop "
    "%(title)s went to Asperion."
)
_ORDERS = (msgid("Delivered: %(num)s order"), msgid("Delivered: %(num)s orders"))
_FILES = (msgid("In %(num)s delivery"), msgid("In %(num)s deliveries"))
_DAYS = msgid("You find the statement of each day in the overview: %(overview)s")
_OVERVIEW = msgid("Why, and which button helps, is in the overview: %(overview)s")
_JOURNAL = msgid(
    "The newest checksum of your journal, of %(day)s: keep this mail, and nobody can rewrite a day "
    "up to then unseen.\n%(hash)s"
)
_SIGN_IN = msgid(
    "Are you asked to sign in? Then open the connector from the AppCenter of your webshop."
)
_NOT_DAILY = msgid(
    "We do not mail about the same thing every day: only when something is added, and once more "
    "after a week."
)
_ASK = msgid("Do you have a question? Mail us: %(support)s")
_CHOOSE = msgid("Choose which mail you get, and where: %(page)s")
_STOP = msgid("No mail like this any more, with one click: %(link)s")

_ACCESS = msgid(
    "Your webshop no longer lets the connector in, so nothing goes to Asperion. Open the app from "
    "the AppCenter again."
)
_NEARS = msgid("%(title)s: sales to other EU countries are near the threshold")
_PASSES = msgid("%(title)s: sales to other EU countries are above the threshold")
_NEAR_IN = msgid(
    "Your webshop %(title)s has come to 80%% of the threshold of € 10,000 for sales to consumers "
    "in other EU countries. Above it you pay the VAT of their countries. Register for the OSS in "
    "time, or ask your bookkeeper."
)
_ABOVE: Msgids[Nearness] = {
    Nearness.REACHED: (
        "Your webshop %(title)s has gone above the threshold of € 10,000 for sales to consumers in "
        "other EU countries this year. From the order on that went above it, you owe the VAT of "
        "their countries. Register for the OSS, or ask your bookkeeper today."
    ),
    Nearness.EXCEEDED: (
        "Last year your webshop %(title)s was above the threshold of € 10,000 for sales to "
        "consumers in other EU countries. So all of this year you owe the VAT of their countries. "
        "Register for the OSS, or ask your bookkeeper today."
    ),
}
_THRESHOLD = msgid("How near it is, by month and country: %(page)s")
_ONCE = msgid("We mail about this once.")
_COUNTED: Msgids[Matter] = {
    Matter.HELD: "%(num)s orders are held",
    Matter.CHANGED: "%(num)s orders were changed after delivery",
    Matter.THERE: "%(num)s orders were deleted, changed or doubled in Asperion",
    Matter.FILES: "%(num)s deliveries are to be checked in Asperion",
    Matter.METHODS: "%(num)s payment methods are new: choose how they are booked",
}
_SINGLE: Msgids[Matter] = {
    Matter.HELD: "%(num)s order is held",
    Matter.CHANGED: "%(num)s order was changed after delivery",
    Matter.THERE: "%(num)s order was deleted, changed or doubled in Asperion",
    Matter.FILES: "%(num)s delivery is to be checked in Asperion",
    Matter.METHODS: "%(num)s payment method is new: choose how it is booked",
}
_HELP = msgid("What each of these means, and what you do: %(help)s")


def word_morning(notice: MorningNotice, frame: MailFrame) -> Mail:
    """The mail, with the headers by which mail programs show a button to unsubscribe (RFC 8058)."""
    due = notice.due
    link = frame.build_url("unsubscribe", ticket=notice.ticket, language=frame.language)
    paragraphs = _word_waiting(notice, frame) if due.waiting else _word_right(notice, frame)
    if due.threshold is not None:
        has_more = due.waiting or due.is_right_again or due.week is not None
        paragraphs = [
            *(paragraphs if has_more else ()),
            *_word_threshold(notice, due.threshold.nearness, frame),
        ]
    if notice.closed_on is not None:
        day = frame.write_day(notice.closed_on)
        paragraphs.append(frame.write(_JOURNAL, day=day, hash=notice.journal_hash))
    paragraphs.append(frame.write(_SIGN_IN))
    if frame.support:
        paragraphs.append(frame.write(_ASK, support=frame.support))
    choose = frame.write(_CHOOSE, page=frame.build_url("settings/mail"))
    paragraphs.append(f"--\n{choose}\n{frame.write(_STOP, link=link)}")
    headers = {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return frame.make_mail(_word_subject(notice, frame), paragraphs, headers)


def _word_subject(notice: MorningNotice, frame: MailFrame) -> str:
    due = notice.due
    if due.waiting:
        return frame.write(_WAITS, title=notice.title)
    if due.threshold is not None:
        text = _NEARS if due.threshold.nearness is Nearness.NEAR else _PASSES
        return frame.write(text, title=notice.title)
    if due.is_right_again or due.week is None:
        return frame.write(_RIGHT, title=notice.title)
    return frame.write(_WEEKLY, title=notice.title, day=_write_days(due.week, frame)[0])


def _word_waiting(notice: MorningNotice, frame: MailFrame) -> list[str]:
    listed = "\n".join(f"- {_word_matter(one, frame)}" for one in notice.due.waiting)
    return [
        frame.write(_WAITING_IN, title=notice.title),
        listed,
        frame.write(_OVERVIEW, overview=frame.build_url()),
        frame.write(_HELP, help=frame.build_url("help/is-everything-in")),
        frame.write(_NOT_DAILY),
    ]


def _word_threshold(notice: MorningNotice, nearness: Nearness, frame: MailFrame) -> list[str]:
    text = _ABOVE.get(nearness, _NEAR_IN)
    page = frame.build_url("vat/oss")
    return [
        frame.write(text, title=notice.title),
        f"{frame.write(_THRESHOLD, page=page)}\n{frame.write(_ONCE)}",
    ]


def _word_matter(waiting: Waiting, frame: MailFrame) -> str:
    if waiting.matter is Matter.ACCESS:
        return frame.write(_ACCESS)
    if waiting.cause is not None:
        text = find_trouble_text(waiting.cause)
        return f"{frame.write(text.title)}. {frame.write(text.cure)}"
    texts = _SINGLE[waiting.matter], _COUNTED[waiting.matter]
    return f"{frame.write_number(*texts, waiting.count)}."


def _word_right(notice: MorningNotice, frame: MailFrame) -> list[str]:
    due: DueMail = notice.due
    paragraphs = [frame.write(_RIGHT_IN, title=notice.title)] if due.is_right_again else []
    if due.week is not None:
        first, last = _write_days(due.week, frame)
        orders = frame.write_number(*_ORDERS, due.week.orders)
        files = frame.write_number(*_FILES, due.week.files)
        paragraphs += [
            frame.write(_WEEK_IN, title=notice.title, first=first, last=last),
            f"{orders}\n{files}",
        ]
    return [*paragraphs, frame.write(_DAYS, overview=frame.build_url())]


def _write_days(week: Week, frame: MailFrame) -> tuple[str, str]:
    """The week's Monday and Sunday."""
    return frame.write_day(week.monday), frame.write_day(week.monday + timedelta(days=6))
