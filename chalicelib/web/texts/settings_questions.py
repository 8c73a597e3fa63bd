"""The settings a merchant chooses, as data: every option with its explanation.

Option values are what the form posts and what `domain.policy` names.
"""

from __future__ import annotations

from chalicelib.domain.policy import (
    DateBasis,
    GiftCardPayments,
    LateOrders,
    Policy,
    Source,
    UnansweredNumbers,
    ZeroOrders,
)
from chalicelib.web.texts.question_forms import Choice, Option, Question, Scheme

YES, NO = "yes", "no"


CHOICES = (
    Choice(
        name="source",
        title="What goes to Asperion",
        options=(
            Option(
                Source.ORDERS,
                "Paid orders",
                "Every order that is paid becomes one invoice. If it is cancelled or refunded "
                "afterwards, you see that in the overview.",
                "An order of € 121.00 becomes one invoice of € 121.00, € 21.00 of which is VAT.",
            ),
            Option(
                Source.INVOICES,
                "All SEOshop invoices",
                "Every invoice SEOshop makes is booked as it is, credit notes included. Choose "
                "this if you send SEOshop's invoices to your customers.",
                "An invoice of € 121.00 and a credit note of € 24.20 that follows it are both in "
                "Asperion: together € 96.80.",
            ),
        ),
    ),
    Choice(
        name="date_basis",
        title="Invoice date in Asperion",
        said="Invoice date",
        help="Decides the period in which you declare the VAT. A credit note keeps its own date.",
        options=(
            Option(
                DateBasis.ORDER,
                "Date of the order",
                "The day on which the customer ordered.",
                "Ordered on 30 June, paid on 1 July: the invoice is dated 30 June, and its VAT "
                "belongs to the second quarter.",
            ),
            Option(
                DateBasis.INVOICE,
                "Date of the SEOshop invoice",
                "An order without an invoice gets the date of the order.",
                "Ordered on 30 June, invoiced by SEOshop on 2 July: the invoice is dated 2 July, "
                "and its VAT belongs to the third quarter.",
            ),
            Option(
                DateBasis.PAYMENT,
                "Date of payment",
                "If SEOshop does not tell when an order was paid, it is held for you.",
                "Ordered on 30 June, paid on 1 July: the invoice is dated 1 July, and its VAT "
                "belongs to the third quarter.",
            ),
        ),
    ),
    Choice(
        name="late_orders",
        title="Orders that come after their period was closed",
        said="Orders of a closed period",
        help="Applies once you or your bookkeeper have closed a period, under VAT. The VAT rates "
        "stay those of the day of the order.",
        options=(
            Option(
                LateOrders.NEXT,
                "Book them on the first open day",
                "The invoice gets the date of the day after the closed period. Its description "
                "says which date it had.",
                "The books are closed up to and including 31 March. An order of € 121.00 of 31 "
                "March that is paid on 2 April is dated 1 April: its € 21.00 of VAT belongs to the "
                "second quarter.",
            ),
            Option(
                LateOrders.HOLD,
                "Hold them until I have looked",
                "They wait in the overview until you choose otherwise, or until the period is "
                "opened again.",
                "That order of € 121.00 waits for you. You can first ask your bookkeeper whether "
                "the return of the first quarter has to be corrected.",
            ),
        ),
    ),
    Choice(
        name="zero_orders",
        title="Orders of € 0.00",
        options=(
            Option(
                ZeroOrders.BOOK,
                "Book them",
                "Every order is in your books, also one that was free of charge.",
                "A free sample becomes an invoice of € 0.00.",
            ),
            Option(
                ZeroOrders.SKIP,
                "Leave them out",
                "The overview still counts them, as left out.",
                "A free sample does not come into Asperion.",
            ),
        ),
    ),
    Choice(
        name="gift_card_payments",
        title="Orders paid with a gift card",
        options=(
            Option(
                GiftCardPayments.HOLD,
                "Hold them until I have looked",
                "The gift card pays a part only; you decide how to book it.",
                "An order of € 60.50, € 25.00 of it paid with a card and € 35.50 with iDEAL, waits "
                "for you.",
            ),
            Option(
                GiftCardPayments.BOOK,
                "Book the full amount",
                "The invoice is for the whole order; the gift card counts as a payment.",
                "That order becomes an invoice of € 60.50, € 10.50 of which is VAT; it is € 25.00 "
                "more than iDEAL pays you.",
            ),
        ),
    ),
    Choice(
        name="vies",
        title="When VIES does not answer",
        said="Checking VAT numbers in VIES",
        help="What is sold without VAT to a business in another EU country needs a VAT number that "
        "is in use. Every night the numbers of such orders are checked in VIES, the register of "
        "the European Commission; an order with a number that is not in use is held. Sometimes "
        "VIES, or the register of a country, does not answer.",
        options=(
            Option(
                UnansweredNumbers.BOOK,
                "Book the order, and ask again every night",
                "Until there is an answer, the list of supplies to EU businesses says that it is "
                "not proven.",
                "€ 500.00 to a business in Germany, while the German register does not answer: "
                "booked tonight, proven two nights later.",
            ),
            Option(
                UnansweredNumbers.WAIT,
                "Let the order wait for an answer",
                "It is not in Asperion until VIES has answered; all other orders go on.",
                "Those € 500.00 are not in Asperion for two nights, and come in the third.",
            ),
            Option(
                UnansweredNumbers.OFF,
                "Do not check VAT numbers",
                "You check them yourself. Only their form is looked at: length, characters, check "
                "digit.",
                "Those € 500.00 are booked tonight, also when the number is not in use.",
            ),
        ),
    ),
)
SCHEMES = (
    Scheme(
        name="small_business_scheme",
        since="kor_since",
        until="kor_until",
        title="I use the small-business scheme (KOR)",
        said="Small-business scheme (KOR)",
        help="You charge no VAT. An order with VAT on it is held, because it must be a mistake.",
        example="An order of € 100.00 is booked as € 100.00 with € 0.00 VAT. If € 17.36 of VAT is "
        "on it, it is held until you have looked.",
    ),
    Scheme(
        name="one_stop_shop",
        since="oss_since",
        until="oss_until",
        title="I use the one-stop-shop scheme (OSS)",
        said="One-stop-shop scheme (OSS)",
        help="Consumers in other EU countries pay the VAT of their own country. Say below to which "
        "VAT type of Asperion each of those rates belongs.",
        example="€ 119.00 to a consumer in Germany: € 100.00 and € 19.00 of German VAT (19%). "
        "Without OSS your webshop charges Dutch VAT (21%): € 98.35 and € 20.65.",
    ),
)
SWITCHES = (
    Question(
        name="on_account",
        title="Also book orders on account",
        said="Orders on account",
        help="Orders that wait for shipment are booked before they are paid. Applies only if paid "
        "orders go to Asperion.",
        example="An order of € 242.00 of 3 March that is paid on 2 April comes into Asperion in "
        "the night after 3 March; without this, in the night after 2 April.",
    ),
    Question(
        name="ideal_is_wero",
        title="Treat Wero as iDEAL",
        said="Wero as iDEAL",
        help="iDEAL is going to be called Wero. Until you choose a method for each, both get the "
        "same one.",
        example="If you chose the method iDEAL for iDEAL, an order of € 45.00 that is paid with "
        "Wero gets it too.",
    ),
    Question(
        name="keep_totals",
        title="Keep the totals of every file and day",
        said="Totals of every file and day",
        help="For you and your bookkeeper to compare with Asperion: per VAT rate the number of "
        "invoices, the amount without VAT and the VAT. Untick it, and they are not kept any more; "
        "what was kept before is erased the next night.",
        example="21% VAT: 12 invoices, € 1,240.00 without VAT, € 260.40 VAT.",
    ),
    *SCHEMES,
)
QUESTIONS = {question.name: question for question in (*CHOICES, *SWITCHES)}


def list_answers(policy: Policy) -> dict[str, str]:
    """The answers that a policy gives, by the names of the form's fields."""
    values = {choice.name: str(getattr(policy, choice.name).value) for choice in CHOICES}
    values |= {switch.name: YES if getattr(policy, switch.name) else NO for switch in SWITCHES}
    for name in (name for scheme in SCHEMES for name in (scheme.since, scheme.until)):
        day = getattr(policy, name)
        values[name] = "" if day is None else day.isoformat()
    return values
