"""The control routes for traffic: API calls, webhook deliveries, and the faults of both."""

from __future__ import annotations

from collections import Counter

from flask import Response, request

from sandbox.seoshop.control_shops import control, form, reply
from sandbox.seoshop.shop_platform import current
from sandbox.seoshop.webshop import SWITCH_CHOICES

CALLS_SHOWN = 1000


@control.get("/calls")
def calls() -> Response:
    """Count API calls, by method, path and shop, with the last thousand in full.

    ``?shop=``, ``?method=``, ``?status=`` and ``?path=`` (prefix, as ``/nl/orders``) narrow it
    down.
    """
    wanted = [
        each
        for each in list(current().calls)
        if request.args.get("shop", each["shop"], type=int) == each["shop"]
        and request.args.get("method", each["method"]).upper() == each["method"]
        and request.args.get("status", each["status"], type=int) == each["status"]
        and each["path"].startswith(request.args.get("path", ""))
    ]
    by = Counter((each["method"], each["path"], each["shop"]) for each in wanted)
    return reply(
        {
            "count": len(wanted),
            "by": [
                {"method": method, "path": path, "shop": shop, "count": count}
                for (method, path, shop), count in by.most_common()
            ],
            "calls": wanted[-CALLS_SHOWN:],
        }
    )


@control.delete("/calls")
def clear_calls() -> Response:
    """Forget the log."""
    current().calls.clear()
    return reply({"ok": True})


@control.get("/deliveries")
def deliveries() -> Response:
    """List webhook deliveries, oldest first; ``?shop=`` and ``?event=`` narrow it down."""
    rows = [
        each.describe()
        for each in list(current().sender.deliveries.values())
        if request.args.get("shop", each.shop, type=int) == each.shop
        and request.args.get("event", each.event) == each.event
    ]
    return reply({"count": len(rows), "deliveries": rows})


@control.get("/deliveries/<int:number>")
def delivery(number: int) -> Response:
    """Return one delivery with the exact body that was sent."""
    found = current().sender.deliveries.get(number)
    if found is None:
        raise KeyError(f"delivery {number}")
    return reply({**found.describe(), "body": found.body.decode()})


@control.post("/deliveries/<int:number>/replay")
def replay(number: int) -> Response:
    """Send an earlier delivery again, byte for byte."""
    if number not in current().sender.deliveries:
        raise KeyError(f"delivery {number}")
    return reply(current().sender.replay(number).describe(), 201)


@control.post("/webhooks/drain")
def drain() -> Response:
    """Wait until all queued deliveries are done; 504 after ``timeout`` (30) seconds."""
    done = current().sender.drain(float(form().get("timeout", 30)))
    return reply({"drained": done}, 200 if done else 504)


@control.post("/webhooks/release")
def release() -> Response:
    """Send what the ``hold`` and ``reorder`` faults keep back."""
    current().sender.release()
    return reply({"ok": True})


@control.get("/faults")
def faults() -> Response:
    """Show what is switched on, and the choices of the switches."""
    return reply({**current().faults.describe(), "switch_choices": SWITCH_CHOICES})


@control.post("/faults")
def set_faults() -> Response:
    """Switch faults on or off.

    ``{"clear": true}`` switches all off; ``{"webhooks": {...}}`` sets the sender's faults;
    ``{"switches": {...}, "shop": n}`` turns switches (``shop`` default: all shops); anything
    else is an API fault (see ``ApiFault``), or ``{"api": [...]}`` several.
    """
    asked, platform = form(), current()
    if asked.pop("clear", False):
        platform.faults.clear()
    if "webhooks" in asked:
        platform.faults.set_webhooks(asked.pop("webhooks"))
    if "switches" in asked:
        switches, number = asked.pop("switches"), asked.pop("shop", None)
        with platform.store.lock:
            chosen = [platform.shop(number)] if number else list(platform.store.shops.values())
            for shop in chosen:
                for name, value in switches.items():
                    shop.set_switch(name, value)
    for rule in asked.pop("api", []):
        platform.faults.add_api(rule)
    if asked:
        platform.faults.add_api(asked)
    return reply(platform.faults.describe())
