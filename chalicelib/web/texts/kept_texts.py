"""What the connector keeps of a shop, and what it does not: the promise to merchants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from chalicelib.lazy_dataclass import dataclass
from chalicelib.settings import Settings
from chalicelib.web.texts.localisation import list_msgids, msgid


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPart:
    """A part of the promise. Its texts are filled in with ``audit``, ``after_leaving`` and
    ``backups``: for how long.
    """

    name: str
    title: str
    texts: tuple[str, ...]


KEPT_TITLE = msgid("What we keep")

KEPT_PARTS = (
    KeptPart(
        name="orders",
        title=msgid("Of an order"),
        texts=list_msgids(
            "Its number, its date, its invoice date, and what happened to it: when it was read, "
            "why it was held, in which file it went. Of what was booked we keep a code by which a "
            "later change is noticed, and from which nothing can be read.",
            "No name, address, e-mail address, article or amount of an order is stored. The file "
            "with your orders goes straight to Asperion; we keep no copy. Only of a business in "
            "another EU country the VAT number is kept; see below.",
            "Of an e-mail address that several companies use we keep such a code too, so that you "
            "are told about it once.",
        ),
    ),
    KeptPart(
        name="numbers",
        title=msgid("Of a business in another EU country"),
        texts=list_msgids(
            "The VAT number of a business that you sold to without VAT, sealed like your licence "
            "code, with the answer that VIES gave about it: for the list of intra-Community "
            "supplies that you have to file. What it was supplied in a month is among the totals "
            "of a file. No name and no address: those that VIES gives with its answer are not "
            "kept either.",
            "It is kept until a year after the end of the quarter in which something was last "
            "booked for that number: for so long the list may have to be corrected. Then it is "
            "erased, and the list shows the country alone.",
            "If you want no totals kept, no number is kept either, but for those that VIES has not "
            "answered about yet. And VIES, a service of the European Commission, learns which "
            "numbers you ask about; you can choose that it is not asked.",
        ),
    ),
    KeptPart(
        name="totals",
        title=msgid("Of a file and of a day"),
        texts=list_msgids(
            "The totals per VAT rate: how many invoices, the amount without VAT and the VAT. And "
            "of a day what your webshop lists as paid, in total, and how much of that is "
            "delivered, held, left out or waiting. You and your bookkeeper compare these with "
            "Asperion and with the VAT return.",
            "Of a file these totals are kept by invoice date and by box of the VAT return as well, "
            "and what was booked by each payment method: for the VAT sheet, and to compare with "
            "what your payment provider pays out.",
            "Of this year and the last also what went to consumers in other EU countries, in "
            "total, so that you are warned of the threshold of € 10,000 in time.",
            "They are totals. If there is only one order in a file, or only one held, then that "
            "total is its amount: leaving it out would not help, since the totals of the day "
            "would show it all the same.",
            "Would you rather not? Untick “Keep the totals of every file and day” in the settings. "
            "Then they are not kept any more, and what was kept before is erased the next night. "
            "The statements go on in numbers of orders.",
        ),
    ),
    KeptPart(
        name="shop",
        title=msgid("Of your webshop"),
        texts=list_msgids(
            "Its number and name, your licence code, the access to your webshop, your choices, and "
            "what was changed in them lately: when, by whom, from what to what.",
            "Of a closed period by whom and when; and when it is opened again, the reason that was "
            "given.",
            "Of mail only when the last one was sent, and what you chose. It goes to the address "
            "in your webshop, which is looked up each time and not stored; if you give us another "
            "address, that one is stored, sealed like your licence code.",
            "Of a bookkeeper whom you let look in: the e-mail address, sealed likewise, what "
            "the bookkeeper may do, since when, and the day of the last visit. Of an invitation "
            "the address, until it is accepted or over.",
        ),
    ),
    KeptPart(
        name="time",
        title=msgid("For how long"),
        texts=list_msgids(
            "Numbers, dates, states and totals belong to your books. We keep them for %(audit)s "
            "after they last changed, also when you have removed the connector; then they are "
            "erased by themselves.",
            "When you remove the connector, your licence code, the access, your choices and "
            "everything that refers to your webshop are erased as soon as SEOshop has ended the "
            "access. What else we have, such as how far the connector had come, is erased after "
            "%(after_leaving)s.",
            "Our backups go back %(backups)s. For so long what was erased is still in them; only "
            "after a breakdown is anything taken from there.",
            "Do you want to know what we keep of your webshop or of one order, or have everything "
            "erased? Ask the support desk.",
        ),
    ),
)

_YEARS, _DAYS, _DAY = msgid("%(num)s years"), msgid("%(num)s days"), msgid("%(num)s day")

LIFETIMES = next(part for part in KEPT_PARTS if part.name == "time")
"""The part that says for how long."""


def say_how_long(say: Callable[..., str], settings: Settings) -> dict[str, str]:
    """What the texts are filled in with; `say` translates a text and fills it in."""
    kept = {
        "audit": settings.keep_audit,
        "after_leaving": settings.keep_after_leaving,
        "backups": settings.keep_backups,
    }
    return {name: _write_duration(say, each) for name, each in kept.items()}


def _write_duration(say: Callable[..., str], kept: timedelta) -> str:
    """In whole years where it is so many, else in days."""
    years = round(kept.days / 365.25)
    if years > 1 and abs(kept.days - years * 365.25) < 2:
        return say(_YEARS, num=years)
    return say(_DAY if kept.days == 1 else _DAYS, num=kept.days)
