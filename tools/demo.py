"""``make demo``: play a day from "Installeren" in the AppCenter to Asperion's invoice list; with
``WAY=api`` straight into Asperion, without a file.

Starts local AWS with the packaged app and the sandboxes, plays the manual's figure 5, prints the
list as a table and checks it, and leaves everything running: ``make night`` plays another night,
``make down`` stops it. What it prints is English; amounts and pages are Dutch, as Asperion's.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from chalicelib.domain.ways import Way
from tools import local, ministack, sandboxes
from tools.connected_day import connect_asperion
from tools.local_settings import LOCAL_APP
from tools.played_day import LICENCE, SHOP_ID, Day

PAYMENTS = {"ideal": "IDEAL", "invoice": "Op factuur"}
SETTINGS = {
    "MAIL_FROM": "koppeling@connector.example",
    "SUPPORT_ADDRESS": "hulp@connector.example",
    "ASPERION_PACE": "50",
}
"""What the environment need not give: local AWS delivers no mail, it catches it, and the sandbox
needs no modest pace."""

TOTAL_EXCL, TOTAL_INCL = Decimal("887.30"), Decimal("1043.45")


def main() -> None:
    """Play the day; exits with 1 when the list is not the manual's."""
    way = read_way(os.environ)
    folder = local.find_folder(os.environ)
    sandboxes.stop_sandboxes(folder)
    sandboxes.check_ports(os.environ)
    started = time.monotonic()
    step("AWS on this machine, with the packaged connector on it …")
    stack = local.up({**SETTINGS, **os.environ}, folder=folder)
    day = open_sandboxes(stack)
    step("The merchant installs the connector from the AppCenter …")
    day.install(PAYMENTS)
    step("Seven orders are paid; SEOshop reports them by webhook …")
    for order_id in day.scenario("figuur5").values():
        day.pay(order_id)
    day.webhooks_delivered()
    deliver = {Way.FILE: deliver_by_file, Way.API: deliver_by_api}
    deliver[way](day)
    invoices = day.invoices()
    print(table(invoices))
    wrong = differences(invoices)
    print(addresses(day))
    print(
        f"Done in {time.monotonic() - started:.0f} s. Everything stays up: pay more orders in the "
        "webshop and\nplay another night with `make night`; `make down` stops it all."
    )
    if wrong:
        raise SystemExit("\n".join(["NOT as in figure 5 of the manual:", *wrong]))


def read_way(environ: Mapping[str, str]) -> Way:
    """By which way the day is played. Raises SystemExit for one that there is not."""
    given = environ.get("WAY") or Way.FILE.value
    if given not in set(Way):
        raise SystemExit(f"WAY must be {' or '.join(Way)}: not {given}.")
    return Way(given)


def deliver_by_file(day: Day) -> None:
    """Night and morning of a shop whose orders come in a file."""
    step("The night: the daily export puts one XML file into Asperion's inbox …")
    day.night()
    step("In the morning: Synchroniseren in Asperion.\n")
    day.synchronise()


def deliver_by_api(day: Day) -> None:
    """The same of a shop that is connected."""
    step("The merchant connects his administration in Asperion, and tries the last orders …")
    connect_asperion(day)
    step("The night: the daily export makes each order a concept invoice …")
    day.night()
    step("In the morning nothing is to be done in Asperion.\n")


def open_sandboxes(stack: local.Stack) -> Day:
    """Start the sandboxes beside a stack that is up; returns the demo shop's day."""
    key, secret = (os.environ.get(name) or value for name, value in sorted(LOCAL_APP.items()))
    where = sandboxes.start_sandboxes(
        os.environ,
        local.find_folder(os.environ),
        app_url=stack.api_url,
        key=key,
        secret=secret,
        mail_url=ministack.find_mails(stack.aws_endpoint),
    )
    return Day(stack, where.shop_url, where.asperion_url, vies_url=where.vies_url)


def step(text: str) -> None:
    """Say what happens now."""
    print(f"• {text}", flush=True)


def table(invoices: Sequence[dict[str, Any]]) -> str:
    """Figure 5 of the manual as text."""
    head = (
        *("Description", "Period", "Invoice date", "Debtor no.", "Debtor"),
        *("Excl. VAT", "Incl. VAT", "Payment"),
    )
    rows = [
        (
            invoice["description"],
            invoice["period"],
            _dutch_day(invoice["date"]),
            str(invoice["debtor"]["number"]),
            invoice["debtor"]["display_name"],
            _euro(Decimal(invoice["excl"])),
            _euro(Decimal(invoice["incl"])),
            invoice["payment_method"],
        )
        for invoice in invoices
    ]
    total = ("Total", "", "", "", "", _euro(_sum(invoices, "excl")), _euro(_sum(invoices, "incl")))
    cells = [head, *rows, (*total, "")]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = ["  ".join(_cell(row, column, widths) for column in range(len(head))) for row in cells]
    rule = "─" * (sum(widths) + 2 * len(widths) - 2)
    return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1], ""])


def _cell(row: Sequence[str], column: int, widths: Sequence[int]) -> str:
    money = column in (5, 6)
    return row[column].rjust(widths[column]) if money else row[column].ljust(widths[column])


def _euro(amount: Decimal) -> str:
    text = f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return f"€ {text}"


def _dutch_day(iso: str) -> str:
    year, month, day = iso[:10].split("-")
    return f"{day}-{month}-{year}"


def _sum(invoices: Sequence[dict[str, Any]], name: str) -> Decimal:
    return sum((Decimal(invoice[name]) for invoice in invoices), Decimal(0))


FIGURE_5 = (
    ("ORD000038", None, "12-2014", "21-12-2014", 2269322, "699.17", "824.80", "IDEAL"),
    ("ORD000033", "INV000037", "11-2014", "17-11-2014", 3636059, "31.75", "38.00", "Op factuur"),
    ("ORD000032", "INV000038", "11-2014", "16-11-2014", 2269322, "56.95", "68.50", "Op factuur"),
    ("ORD000030", "INV000021", "11-2014", "11-11-2014", 3568347, "32.08", "32.08", "Op factuur"),
    ("ORD000029", "INV000020", "10-2014", "10-10-2014", 2269322, "29.34", "34.07", "Op factuur"),
    ("ORD000002", "INV000002", "07-2014", "03-07-2014", 2269322, "23.96", "29.00", "Op factuur"),
    ("ORD000001", "INV000001", "06-2014", "16-06-2014", 2269322, "14.05", "17.00", "Op factuur"),
)
"""Figure 5 of the manual: order, shop's invoice, period, date, debtor, excl., incl., method."""


def _expected() -> list[tuple[str, ...]]:
    return [
        (
            f"Bestelling {order} factuur {invoice}" if invoice else f"Bestelling {order}",
            *(period, day, str(debtor), excl, incl, method),
        )
        for order, invoice, period, day, debtor, excl, incl, method in FIGURE_5
    ]


def differences(invoices: Sequence[dict[str, Any]]) -> list[str]:
    """Where the list is not figure 5; empty when it is."""
    found = [
        (
            invoice["description"],
            invoice["period"],
            _dutch_day(invoice["date"]),
            str(invoice["debtor"]["number"]),
            invoice["excl"],
            invoice["incl"],
            invoice["payment_method"],
        )
        for invoice in invoices
    ]
    expected = _expected()
    wrong = [f"  missing:  {row}" for row in expected if row not in found]
    wrong += [f"  too many: {row}" for row in found if row not in expected]
    if (_sum(invoices, "excl"), _sum(invoices, "incl")) != (TOTAL_EXCL, TOTAL_INCL):
        wrong.append("  the totals differ")
    return wrong


def addresses(day: Day) -> str:
    """The addresses of all pages, one a line."""
    return "\n".join(
        [
            f"AppCenter           {day.shop_url}/apps",
            f"Webshop             {day.shop_url}/backoffice/{SHOP_ID}",
            f"The connector       {day.stack.api_url}/",
            f"Its mail            {day.shop_url}/backoffice/{SHOP_ID}/mail",
            f"Asperion: import    {day.asperion_url}/{LICENCE}/import",
            f"Asperion: invoices  {day.asperion_url}/{LICENCE}/invoices",
            f"VIES                {day.vies_url}/",
            "",
        ]
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["stop"]:
        sandboxes.stop_sandboxes(local.find_folder(os.environ))
    else:
        main()
