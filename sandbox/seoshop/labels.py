"""Dutch words, amounts and dates for the pages."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Flask

from sandbox.seoshop.jsonout import AMSTERDAM
from sandbox.seoshop.webshop import CURRENCIES

STATUS = {
    "new": ("Nieuw", "info"),
    "offer": ("Offerte", "info"),
    "on_hold": ("In de wacht", "warn"),
    "processing_awaiting_payment": ("Wacht op betaling", "warn"),
    "processing_awaiting_shipment": ("Wacht op verzenden", "info"),
    "processing_awaiting_pickup": ("Wacht op afhalen", "info"),
    "completed": ("Voltooid", "good"),
    "completed_shipped": ("Verzonden", "good"),
    "cancelled": ("Geannuleerd", "off"),
}
PAYMENT = {
    "paid": ("Betaald", "good"),
    "not_paid": ("Niet betaald", "warn"),
    "partially_paid": ("Deels betaald", "warn"),
    "cancelled": ("Vervallen", "off"),
}
DELIVERY = {
    "delivered": ("Bezorgd", "good"),
    "refused": ("Geweigerd", "bad"),
    "failed": ("Mislukt", "bad"),
    "lost": ("Verloren", "off"),
    "queued": ("Onderweg", "info"),
    "held": ("Vastgehouden", "warn"),
}
APP = {
    None: ("Niet geïnstalleerd", "off"),
    "active": ("Geïnstalleerd", "good"),
    "cancelled": ("Opgezegd", "warn"),
    "expired": ("Verwijderd", "off"),
}
MESSAGES = {
    ("order", "new"): "Bestelling geplaatst",
    ("order", "paid"): "Op betaald gezet",
    ("order", "not_paid"): "Op niet betaald gezet",
    ("order", "cancelled"): "Geannuleerd",
    ("order", "shipped"): "Verzonden",
    ("order", "updated"): "Gewijzigd",
    ("invoice", "new"): "Factuur gemaakt",
    ("invoice", "paid"): "Factuur betaald",
    ("invoice", "not_paid"): "Factuur niet betaald",
    ("shipment", "new"): "Zending gemaakt",
}
SWITCHES = {
    "embedded_in_lists": "Regels en facturen ook in lijsten",
    "filter_timezone": "Tijdzone van datumfilters",
    "filter_bounds": "Grens van datumfilters",
    "events_key": "Naam van de gebeurtenissen",
    "retry_after": "Retry-After bij te veel aanvragen",
    "status_filter": "Filter op status",
    "exhausted_remaining": "Rest van een leeg tegoed",
    "credit_sign": "Teken van creditfacturen",
    "list_order": "Volgorde van lijsten",
    "most_listed": "Hoogstens per pagina",
}
CHOICES: dict[Any, str] = {
    False: "nee",
    True: "ja",
    "local": "Amsterdam",
    "utc": "UTC",
    "inclusive": "telt mee",
    "exclusive": "telt niet mee",
    "absent": "afwezig",
    "seconds": "seconden",
    "date": "datum",
    "iso": "datum (ISO)",
    "ignored": "genegeerd",
    "applied": "toegepast",
    "positive": "positief",
    "negative": "negatief",
    "newest": "nieuwste eerst",
    "oldest": "oudste eerst",
}


def money(amount: Decimal, currency: str = "EUR") -> str:
    """Write an amount the Dutch way: ``€ 1.043,45``."""
    text = f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return f"{CURRENCIES[currency][0]}\u00a0{text}"


def percent(rate: Decimal) -> str:
    """Write a fraction as a percentage: ``21 %``."""
    return f"{(rate * 100).normalize():f}".replace(".", ",") + "\u00a0%"


def day(moment: datetime) -> str:
    """Write a day: ``21-12-2014``."""
    return f"{moment.astimezone(AMSTERDAM):%d-%m-%Y}"


def day_and_time(moment: datetime) -> str:
    """Write a day and a time: ``21-12-2014 10:15``."""
    return f"{moment.astimezone(AMSTERDAM):%d-%m-%Y %H:%M}"


def choice(value: Any) -> str:
    """Write a switch's value in Dutch, or as it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return CHOICES.get(value, str(value))


def printable(value: Any) -> Any:
    """Replace what UTF-8 cannot carry (lone surrogates) before it reaches a page."""
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        cleaned = value.encode("utf-8", "replace").decode()
        return type(value)(cleaned)
    return value


def set_up(app: Flask) -> None:
    """Register these words and formats as filters of the templates."""
    app.jinja_options = {**app.jinja_options, "finalize": printable}
    app.jinja_env.filters.update(
        money=money,
        percent=percent,
        day=day,
        day_and_time=day_and_time,
        choice=choice,
        status=lambda value: STATUS.get(value, (value, "info")),
        payment=lambda value: PAYMENT.get(value, (value, "info")),
        delivery=lambda value: DELIVERY.get(value, (value, "info")),
        app_state=lambda value: APP[value],
        message=lambda event: MESSAGES.get((event.kind, event.message), event.message),
    )
    app.jinja_env.globals.update(switch_titles=SWITCHES)
