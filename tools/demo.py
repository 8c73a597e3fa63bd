"""``make demo``: play a day from "Installeer" in the AppCenter to Asperion's invoice list.

Starts local AWS with the packaged app and both sandboxes, plays the manual's figure 5, prints the
list as a table and checks it, and leaves everything running: ``make down`` stops it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests

from tools import local
from tools.build import ROOT
from tools.played_day import LICENCE, Day, until

SHOP_PORT, ASPERION_PORT = 8071, 8072
PIDS = local.LOCAL / "sandboxes.pid"
PAYMENTS = {"ideal": "IDEAL", "invoice": "Op factuur"}
TOTAL_EXCL, TOTAL_INCL = Decimal("887.30"), Decimal("1043.45")


def main() -> None:
    """Play the day; exits with 1 when the list is not the manual's."""
    stop_sandboxes()
    started = time.monotonic()
    step("AWS op deze machine, met de gebouwde koppeling erop …")
    stack = local.up(os.environ)
    shop_url, asperion_url = start_sandboxes(stack.api_url)
    day = Day(stack, shop_url, asperion_url)
    step("De webwinkelier installeert de koppeling vanuit het AppCenter …")
    day.install(PAYMENTS)
    step("Zeven bestellingen worden betaald; SEOshop meldt ze met webhooks …")
    for order_id in day.scenario("figuur5").values():
        day.pay(order_id)
    day.webhooks_delivered()
    step("De nacht: de dagelijkse export zet een XML-bestand klaar in Asperion …")
    day.night()
    step("'s Ochtends: Synchroniseren in Asperion.\n")
    day.synchronise()
    invoices = day.invoices()
    print(table(invoices))
    wrong = differences(invoices)
    print(addresses(stack.api_url, shop_url, asperion_url))
    print(f"Klaar in {time.monotonic() - started:.0f} s. Alles blijft draaien tot `make down`.")
    if wrong:
        raise SystemExit("\n".join(["NIET zoals figuur 5 van de handleiding:", *wrong]))


def step(text: str) -> None:
    """Say what happens now."""
    print(f"• {text}", flush=True)


def table(invoices: Sequence[dict[str, Any]]) -> str:
    """Figure 5 of the manual as text."""
    head = (
        *("Betref", "Periode", "Factuur datum", "Deb nr.", "Debiteur"),
        *("Excl. BTW", "Incl. BTW", "Betaalwijze"),
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
    total = ("Totaal", "", "", "", "", _euro(_sum(invoices, "excl")), _euro(_sum(invoices, "incl")))
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
    wrong = [f"  ontbreekt: {row}" for row in expected if row not in found]
    wrong += [f"  te veel:   {row}" for row in found if row not in expected]
    if (_sum(invoices, "excl"), _sum(invoices, "incl")) != (TOTAL_EXCL, TOTAL_INCL):
        wrong.append("  de totalen wijken af")
    return wrong


def addresses(api_url: str, shop_url: str, asperion_url: str) -> str:
    """The addresses of all pages, one a line."""
    return "\n".join(
        [
            f"AppCenter          {shop_url}/apps",
            f"Webwinkel          {shop_url}/backoffice/184520",
            f"De koppeling       {api_url}/",
            f"Asperion: import   {asperion_url}/{LICENCE}/import",
            f"Asperion: facturen {asperion_url}/{LICENCE}/invoices",
            "",
        ]
    )


def start_sandboxes(app_url: str) -> tuple[str, str]:
    """Both sandboxes as processes of their own; returns their addresses."""
    key, secret = (os.environ.get(name) or value for name, value in sorted(local.LOCAL_APP.items()))
    commands = {
        "seoshop": [
            *("--port", str(SHOP_PORT), "--app-key", key, "--app-secret", secret),
            *("--app-url", app_url),
        ],
        "asperion": ["--port", str(ASPERION_PORT)],
    }
    pids = []
    for name, arguments in commands.items():
        with (local.LOCAL / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"sandbox.{name}", *arguments],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        pids.append(str(process.pid))
    PIDS.write_text("\n".join(pids))
    urls = (f"http://127.0.0.1:{SHOP_PORT}", f"http://127.0.0.1:{ASPERION_PORT}")
    for url in urls:
        until(lambda url=url: _answers(url), what=url, seconds=30)  # type: ignore[misc]
    return urls


def _answers(url: str) -> bool:
    with suppress(requests.ConnectionError):
        return requests.get(url, timeout=10).status_code < 500
    return False


def stop_sandboxes() -> None:
    """Stop sandboxes of an earlier demo."""
    with suppress(FileNotFoundError):
        for pid in PIDS.read_text().split():
            with suppress(ProcessLookupError, ValueError):
                os.kill(int(pid), signal.SIGTERM)
        Path(PIDS).unlink()


if __name__ == "__main__":
    if sys.argv[1:] == ["stop"]:
        stop_sandboxes()
    else:
        main()
