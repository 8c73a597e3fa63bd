"""Back office pages for ready-made examples, faults and webhooks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from sandbox.seoshop.appcenter import shop_or_404
from sandbox.seoshop.backoffice_orders import backoffice
from sandbox.seoshop.scenarios import SCENARIOS, play
from sandbox.seoshop.shelf import GROUPS
from sandbox.seoshop.shop_platform import current
from sandbox.seoshop.webshop import SWITCH_CHOICES

API_FAULTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("401", "Geen toegang (401)", {"status": 401}),
    ("403", "Geen rechten (403)", {"status": 403}),
    ("404", "Niet gevonden (404)", {"status": 404}),
    ("429", "Te veel aanvragen (429)", {"status": 429}),
    ("500", "Fout bij SEOshop (500)", {"status": 500}),
    ("502", "Slechte doorgang (502)", {"status": 502}),
    ("503", "Niet beschikbaar (503)", {"status": 503}),
    ("html", "Een webpagina in plaats van gegevens", {"kind": "html"}),
    ("hang", "Geen antwoord (30 seconden)", {"kind": "hang", "seconds": 30}),
    ("reset", "Verbinding verbroken", {"kind": "reset"}),
    ("truncated", "Half antwoord", {"kind": "truncated"}),
    ("trickle", "Een byte per seconde", {"kind": "trickle", "seconds": 1}),
)
WEBHOOK_FAULTS = (
    ("duplicate", "Dubbel", "elke melding komt twee keer"),
    ("lose", "Verloren", "meldingen komen niet aan"),
    ("delay", "Vertraagd", "meldingen komen 5 seconden later"),
    ("reorder", "Verwisseld", "de laatste melding komt het eerst"),
    ("wrong_signature", "Valse handtekening", "de handtekening past niet bij de inhoud"),
    ("retry", "Opnieuw proberen", "een geweigerde melding komt zo vaak terug"),
)
COUNTS = ((1, "1 keer"), (3, "3 keer"), (10, "10 keer"), (-1, "tot ik het uitzet"))


def span(seconds: int) -> str:
    """Write a length of time: ``5 minuten``, ``uur``, ``dag``, ``20 seconden``."""
    names = {300: "5 minuten", 3600: "uur", 86400: "dag", 60: "minuut"}
    return names.get(seconds, f"{seconds} seconden")


@backoffice.get("/examples")
def examples(number: int) -> str:
    """Show the shelf of ready-made orders."""
    return render_template("examples.html", shop=shop_or_404(number), groups=GROUPS, tab="examples")


@backoffice.post("/examples/<name>")
def play_example(number: int, name: str) -> Response:
    """Play one example; with ``paid`` its orders become paid."""
    platform = current()
    with platform.store.lock:
        shop = shop_or_404(number)
        scenario = SCENARIOS[name]
        try:
            made = play(platform, shop, scenario, bool(request.form.get("paid")))
        except ValueError:
            flash("Dit kan in deze winkel niet nog een keer.", "bad")
            return redirect(f"/backoffice/{number}/examples")
    numbers = ", ".join(order.number for order in made) or "geen bestelling"
    flash(f"{scenario.title}: {numbers}.", "good")
    return redirect(f"/backoffice/{number}/examples#{name}")


@backoffice.get("/faults")
def faults(number: int) -> str:
    """Show what goes wrong on purpose, and the switches."""
    titles = {form["kind"]: title for _, title, form in API_FAULTS if "kind" in form}
    return render_template(
        "faults.html",
        shop=shop_or_404(number),
        kinds=API_FAULTS,
        hooks=WEBHOOK_FAULTS,
        counts=COUNTS,
        live=current().faults.describe(),
        titles=titles,
        switches=SWITCH_CHOICES,
        spans=[span(seconds) for seconds in shop_or_404(number).limits.windows],
        tab="faults",
    )


@backoffice.post("/faults/api")
def add_fault(number: int) -> Response:
    """Switch on an API fault for this shop."""
    form = next(form for key, _, form in API_FAULTS if key == request.form["kind"])
    count = request.form.get("count", 1, type=int)
    path = request.form.get("path", "").strip() or None
    current().faults.add_api({**form, "shop": number, "count": count, "path": path})
    flash("De storing staat aan.", "good")
    return redirect(f"/backoffice/{number}/faults")


@backoffice.post("/faults/webhooks")
def set_webhook_faults(number: int) -> Response:
    """Set the sender's faults."""
    asked: dict[str, Any] = {
        name: request.form.get(name, 0, type=int) for name, _, _ in WEBHOOK_FAULTS
    }
    current().faults.set_webhooks({**asked, "hold": bool(request.form.get("hold"))})
    if not request.form.get("hold"):
        current().sender.release()
    flash("De storingen van de webhooks zijn ingesteld.", "good")
    return redirect(f"/backoffice/{number}/faults")


@backoffice.post("/faults/switches")
def set_switches(number: int) -> Response:
    """Set this shop's switches."""
    with current().store.lock:
        shop = shop_or_404(number)
        for name, choices in SWITCH_CHOICES.items():
            shop.set_switch(name, choices[request.form.get(name, 0, type=int)])
    flash("De gedragingen zijn ingesteld.", "good")
    return redirect(f"/backoffice/{number}/faults")


@backoffice.post("/faults/limits")
def set_limits(number: int) -> Response:
    """Set how many API calls the shop allows in each window and in a second."""
    asked = [request.form.get(f"limit{place}", 0, type=int) for place in range(3)]
    per_second = request.form.get("second", 0, type=int)
    if min(*asked, per_second) < 1:
        flash("Vul hele getallen vanaf 1 in.", "bad")
        return redirect(f"/backoffice/{number}/faults")
    with current().store.lock:
        shop = shop_or_404(number)
        shop.limits = replace(shop.limits, limits=tuple(asked), per_second=per_second)
    current().limiter.reset()
    flash("Het tegoed is ingesteld en begint opnieuw.", "good")
    return redirect(f"/backoffice/{number}/faults")


@backoffice.post("/faults/clear")
def clear_faults(number: int) -> Response:
    """Switch all faults off."""
    current().faults.clear()
    current().sender.release()
    flash("Alle storingen zijn uit.", "good")
    return redirect(f"/backoffice/{number}/faults")


@backoffice.get("/webhooks")
def webhooks(number: int) -> str:
    """Show the subscriptions and the latest hundred deliveries."""
    with current().store.lock:
        shop = shop_or_404(number)
        numbers = {order.id: order.number for order in shop.orders.values()}
        numbers |= {invoice.id: invoice.number for invoice in shop.invoices.values()}
        mine = [each for each in current().sender.deliveries.values() if each.shop == number]
        return render_template(
            "webhooks.html",
            shop=shop,
            webhooks=list(shop.webhooks.values()),
            deliveries=mine[-100:][::-1],
            count=len(mine),
            numbers=numbers,
            tab="webhooks",
        )


@backoffice.post("/webhooks/<int:delivery>/replay")
def replay(number: int, delivery: int) -> Response:
    """Send an earlier delivery again."""
    current().sender.replay(delivery)
    flash("De melding is opnieuw verstuurd.", "good")
    return redirect(f"/backoffice/{number}/webhooks")
