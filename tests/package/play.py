"""A play of all that the functions can come upon: whatever makes one call something else has a
branch here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import boto3

from chalicelib.domain.causes import LateChange
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, Event, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.nights import TOGETHER
from chalicelib.domain.orders import Order
from chalicelib.domain.shops import ShopState
from chalicelib.domain.slots import SLOTS, slot_of
from chalicelib.domain.vat_answers import Silence
from chalicelib.entries import nightly
from chalicelib.entries.report import report
from chalicelib.errors import ShopRateLimited, ShopUnauthorised, ShopUnavailable
from tests.fakes.app_pair import add_neighbour
from tests.fakes.web import callback
from tests.package.asperion_scene import goes_by_api
from tests.package.scene import Scene
from tests.unit.usecases.stage import SHOP_ID

MANY = 4
"""As many orders are read as a range: a few, so that the play is short."""

DAYS = {"from": "2026-03-01", "to": "2026-03-20"}


def play_all(scene: Scene) -> None:
    """Everything, in an order in which each finds what it needs."""
    scene.arrive()
    nights(scene)
    few_orders(scene)
    exports(scene, scene.export)
    watches(scene)
    reruns(scene)
    migrations(scene)
    versions_of_rules(scene)
    the_operators_look(scene)
    sales_abroad(scene)
    pages(scene)
    unheard_changes(scene)
    goes_by_api(scene)
    leaves(scene)
    is_forgotten(scene)


def nights(scene: Scene) -> None:
    """What starts by itself."""
    for function, start in (("DailyExport", nightly.daily_export), ("Watch", nightly.watch)):
        with scene.recorder.function(function):
            assert start({"id": "night"})["slices"] == SLOTS // TOGETHER
    scene.store_as_of_before_slots()
    for task in ("export", "watch"):
        body = {"slice": slot_of(SHOP_ID), "task": task, "run": "night"}
        scene.deliver({**body, "due_at": scene.clock().isoformat()})
    early = scene.clock() + timedelta(hours=1)
    scene.deliver({**body, "due_at": early.isoformat()})
    scene.deliver({**body, "due_at": scene.clock().isoformat(), "part": "eu1"})
    with scene.recorder.function("Report"):
        assert report({})["notified"] is True


def exports(scene: Scene, again: Callable[[], object]) -> None:
    """Files of every fate, by the export's own message or by `again`."""
    booked, held = scene.sold(), scene.sold(email="")
    lost_webhook = scene.sold(with_webhook=False)
    gone = scene.sold()
    scene.change(gone, status="cancelled")
    again()
    assert [scene.state(one) for one in (booked, held, lost_webhook, gone)] == [
        *("placed", "held", "placed", "dropped"),
    ]
    scene.later(hours=1)
    scene.change(booked, status="cancelled")  # a late change
    scene.change(held, email="s.devries@example.nl")
    _waits_for_another(scene, held)
    again()
    assert scene.state(held) == "placed"
    scene.unknown_file()
    scene.later(minutes=10)
    again()  # proven absent, and placed again
    assert scene.connector.files.list_unfinished(SHOP_ID) == []
    file = _left_behind(scene)  # by a run that was killed
    again()
    assert file not in [each.name for each in scene.connector.files.list_unfinished(SHOP_ID)]
    busy = scene.connector.shops.lease(
        SHOP_ID, "other", now=scene.clock(), until=scene.clock() + timedelta(minutes=1)
    )
    assert busy
    again()
    scene.later(hours=1)
    _allowance_spent(scene, again)


def _left_behind(scene: Scene) -> str:
    order = scene.sold()
    now, by = scene.clock(), Actor.EXPORT
    file = scene.connector.files.create(SHOP_ID, now.date(), at=now, by=by)
    scene.take_step(order, Event(at=now, step=OrderStep.CLAIM, by=by, file=file.name))
    return file.name


def _waits_for_another(scene: Scene, other: Order) -> None:
    """A document, which the shop lists no more, is held until another one is decided, which has to
    be found by its number.
    """
    order, at, by = scene.sold(), scene.clock(), Actor.EXPORT
    del scene.outside.api.orders[order.id]
    file = scene.connector.files.create(SHOP_ID, at.date(), at=at, by=by).name
    cause = HoldReason.CREDIT_BEFORE_ORIGINAL
    scene.take_step(order, Event(at=at, step=OrderStep.CLAIM, by=by, file=file))
    hold = Event(at=at, step=OrderStep.HOLD, by=by, cause=cause, file=file)
    scene.take_step(order, hold, detail=other.number)


def _allowance_spent(scene: Scene, again: Callable[[], object]) -> None:
    """The rest is handed on."""
    scene.sold()
    until = scene.clock() + timedelta(minutes=5)
    scene.outside.api.fail(ShopRateLimited("wait", until=until))
    again()
    scene.outside.api.recover()
    scene.later(hours=1)
    again()


def unheard_changes(scene: Scene) -> None:
    """The licence code changes while SEOshop does not say whom to tell; the watch tells later, and
    a file that was sent before is asked about where it went.
    """
    scene.unknown_file()
    scene.outside.api.fail(ShopUnavailable("no"), "contact_address")
    scene.change_licence("ASP-3")
    scene.outside.api.recover()
    scene.export(task="watch")
    scene.later(hours=2)
    scene.export()


def watches(scene: Scene) -> None:
    """A subscription is gone, money was paid back, a token is refused."""
    scene.outside.api.subscriptions.clear()
    paid_back = scene.sold()
    scene.export()
    scene.pays_back(paid_back)
    scene.export(task="watch")
    listed = scene.connector.entries.list_changed(SHOP_ID)
    (changed,) = [each for each in listed if each.change is LateChange.REFUNDED]
    assert changed.document_id == paid_back.id
    scene.outside.api.fail(ShopUnauthorised("no", status=401))
    scene.export()
    assert scene.connector.find_shop(SHOP_ID).state is ShopState.ACTIVE, "nobody could be asked"
    add_neighbour(scene.connector.shops, scene.clock)
    scene.export(task="watch")
    assert scene.connector.find_shop(SHOP_ID).state is ShopState.DISCONNECTED
    scene.outside.api.recover()
    scene.arrive()
    scene.outside.api.fail(ShopUnauthorised("no", status=401))
    scene.export()
    scene.outside.api.recover()
    scene.arrive()


def reruns(scene: Scene) -> None:
    """All that an operator can ask of `rerun`."""
    exports(scene, scene.rerun)
    placed, without_webhook = scene.sold(), scene.sold(with_webhook=False)
    scene.rerun(dry_run=True)
    scene.rerun(since="2026-03-01")
    scene.rerun(orders=[placed.number, without_webhook.number], reason="deleted in Asperion")
    scene.outside.tells_nothing = True
    for verdict in ("confirm", "again"):
        name = scene.unknown_file()
        scene.later(minutes=10)
        scene.rerun(file=name, settle=verdict)
    scene.outside.tells_nothing = False
    scene.later(days=2)
    scene.rerun()  # and looks whether files of the days before are finished
    scene.outside.api.fail(ShopUnauthorised("no", status=401))
    scene.rerun()
    scene.outside.api.recover()
    scene.arrive()


def few_orders(scene: Scene) -> None:
    """They are looked up each by its key, where many are read as a range."""
    scene.sold()
    assert scene.backfill(**DAYS)["shop_id"] == SHOP_ID
    assert scene.behaviours(shop_id=SHOP_ID, preview="2")["sales"]
    for _ in range(MANY):
        scene.sold()


def migrations(scene: Scene) -> None:
    scene.sold(with_webhook=False)
    for wish in (DAYS, {**DAYS, "action": "start"}, {"action": "stop"}, {"action": "resume"}):
        assert scene.backfill(**wish)["shop_id"] == SHOP_ID
    scene.export()
    assert scene.backfill(action="status")["state"] == "done"


def versions_of_rules(scene: Scene) -> None:
    scene.sold()
    assert scene.behaviours()["new_shops_begin_on"] == "1"
    assert scene.behaviours(shop_id=SHOP_ID, preview="2")["sales"]
    for version in ("2", "1"):
        assert scene.behaviours(all=True, switch=version, reason="there and back")["changed"]


def the_operators_look(scene: Scene) -> None:
    scene.outside.tells_nothing = True
    name = scene.unknown_file()
    (line,) = [one for one in scene.shops()["shops"] if one["shop_id"] == SHOP_ID]
    assert line["causes"][0]["cause"] == "unknown_files"
    assert scene.shops(action="list", state="active")["shops"]
    assert scene.shops(shop_id=SHOP_ID)["unknown_files"] == [name]
    assert scene.shops(action="redrive", dry_run=True)["dead_letters"] == 0
    for action in ("halt", "resume"):
        assert scene.shops(action=action, part="us1", reason="a test")["changed"]
    for action in ("pause", "resume"):
        scene.shops(shop_id=SHOP_ID, action=action)
    boto3.client("sqs").send_message(
        QueueUrl=scene.settings["EXPORT_QUEUE_URL"].replace("/export", "/dead"), MessageBody="[]"
    )
    assert scene.shops(action="redrive") == {"redriven": 1, "changed": True}
    scene.outside.api.fail(ShopUnauthorised("no", status=401))
    add_neighbour(scene.connector.shops, scene.clock)
    scene.export()
    scene.outside.api.recover()
    assert scene.shops(shop_id=SHOP_ID, action="reconnect")["changed"]
    assert scene.shops(action="reconnect")["is_all"]
    scene.outside.tells_nothing = False
    scene.later(minutes=10)
    held = scene.sold(email="")
    scene.export()
    scene.change(held, email="s.devries@example.nl")
    released = scene.shops(shop_id=SHOP_ID, action="release", reason="email_missing")
    assert released["changed"]
    _merchant_comes_first(scene)


def _merchant_comes_first(scene: Scene) -> None:
    """The operator releases what the merchant releases at the same moment."""
    held = scene.sold(email="")
    scene.export()
    retry = Event(at=scene.clock(), step=OrderStep.RETRY, by=Actor.MERCHANT)

    def press(_: object) -> None:
        scene.outside.api.before_call = lambda call: None
        scene.take_step(held, retry)

    scene.outside.api.before_call = press
    scene.shops(shop_id=SHOP_ID, action="release", reason="email_missing")
    assert scene.state(held) == "waiting"


def sales_abroad(scene: Scene) -> None:
    """Numbers are kept by either function that makes files; the watch opens them to ask again, and
    erases one that is kept no longer; the list opens all.
    """
    register = scene.outside.register
    register.silent["BE"] = Silence.STATE
    first = scene.sold_abroad("BE0403019261")
    scene.rerun()
    register.silent.clear()
    scene.export(task="watch")
    scene.sold_abroad("DE136695976")
    scene.export()
    scene.arrive()
    assert "0403019261" in scene.get("/vat/icp")
    assert scene.state(first) == "placed"
    scene.age_numbers()
    scene.export(task="watch")  # seals them anew
    scene.end_numbers()
    scene.export(task="watch")
    assert "0403019261" not in scene.get("/vat/icp")


def pages(scene: Scene) -> None:
    """The merchant looks at everything, and presses every button."""
    late, paid_back, held = scene.sold(), scene.sold(), scene.sold(email="")
    scene.export()
    scene.change(late, status="cancelled")
    scene.pays_back(paid_back)
    scene.later(hours=1)
    scene.export()
    file = scene.connector.files.list_recent(SHOP_ID, 1)[0]
    scene.arrive()
    scene.store_plain()
    scene.export(task="watch")  # seals it, so that the pages open what they did not seal
    for path in ("/", "/settings", f"/orders/{late.number}", f"/files/{file.name}", "/health"):
        scene.get(path)
    scene.get(f"/days/{local_day(scene.clock())}")
    scene.get(f"/days/{local_day(scene.clock())}/totals.csv")
    scene.get("/files")
    scene.get(f"/files/{file.name}/download")
    scene.get(f"/orders/{held.number}")
    scene.find(late.number)
    scene.post(f"/orders/{paid_back.number}", action="correct")
    scene.post(f"/orders/{late.number}", action="correct")
    scene.post(f"/orders/{late.number}", action="by_hand")
    scene.post(f"/orders/{late.number}", action="accept")
    scene.post(f"/orders/{held.number}", action="retry")
    scene.post(f"/orders/{late.number}", action="again", reason="weg")
    double = scene.double_file()
    scene.get("/")
    scene.get(f"/files/{double}")
    scene.post(f"/files/{double}", action="resolved")
    scene.post("/held", hold="email_missing", detail="")
    scene.post("/pause")
    scene.post("/resume")
    scene.post("/settings", on_account="yes")
    scene.post("/settings/invoice-date", status=200, date_basis="payment")  # tries it out
    scene.post("/settings/history", status=200, change="1")
    for path in ("/settings/payments", "/settings/history"):
        scene.get(path)
    chooses_mail(scene)
    lets_a_bookkeeper_in(scene)
    scene.change_licence("ASP-2")
    scene.get("/licence")
    moves_and_leaves(scene)
    scene.post("/sign-out")


def chooses_mail(scene: Scene) -> None:
    """Another address is proposed and confirmed; the watch seals it anew, and mails it when the
    day's mail has not been sent yet.
    """
    scene.post("/settings/mail", where="elsewhere", address="boekhouder@example.nl")
    scene.confirm_address()
    scene.age_address()
    scene.later(days=1)
    scene.export(task="watch")
    scene.arrive()
    scene.get("/settings/mail")


def lets_a_bookkeeper_in(scene: Scene) -> None:
    """A seat is given, used, changed and taken away; the watch names it, and seals its address,
    anew.
    """
    more: Any = {"right-solve": "yes"}
    scene.seat_bookkeeper()
    scene.export(task="watch")
    for seat in scene.connector.shops.seats(SHOP_ID):
        assert not seat.holder.startswith("00000000.")
        scene.post("/seats", action="rights", seat=seat.holder, **more)
        scene.post("/seats", action="revoke", seat=seat.holder)
    assert scene.connector.shops.seats(SHOP_ID) == []
    scene.get("/seats")
    scene.post("/clients/sign-out")


def moves_and_leaves(scene: Scene) -> None:
    """Older orders are counted and moved; then everything is taken along, and the end pressed."""
    first, last = "2026-03-01", str(local_day(scene.clock()))
    scene.get("/migration")
    scene.post("/migration", status=200, action="count", first=first, last=last)
    for action in ("start", "stop", "resume"):
        scene.post("/migration", action=action, first=first, last=last)
    for path in ("", "/statements", "/files", "/orders", "/history"):
        scene.get(f"/leave{path}")
    for action in ("send", "end"):
        scene.post("/leave", action=action)
    scene.post("/resume")


def leaves(scene: Scene) -> None:
    """Called removed while the token is good, erased a night later; and again, at once."""
    call_away(scene, "/cancel", "/uninstall")
    assert scene.connector.find_shop(SHOP_ID).leaving_since is not None
    scene.later(days=1)
    scene.outside.api.fail(ShopUnauthorised("no", status=401))
    scene.export(task="watch")
    scene.outside.api.recover()
    assert scene.connector.find_shop(SHOP_ID).state is ShopState.UNINSTALLED
    scene.export(task="watch")
    scene.later(minutes=1)
    scene.arrive()
    scene.export(task="watch")  # finds something that is erased
    scene.later(minutes=1)
    scene.outside.api.fail(ShopUnauthorised("no", status=401))
    call_away(scene, "/uninstall")
    scene.outside.api.recover()
    assert scene.connector.find_shop(SHOP_ID).state is ShopState.UNINSTALLED


def call_away(scene: Scene, *paths: str) -> None:
    for path in paths:
        with scene.recorder.function("APIHandler"):
            answer = scene.browser.get(path, callback(scene.clock, token=None))
        assert answer.status == 200, answer


def is_forgotten(scene: Scene) -> None:
    """The operator looks at all that is kept, and erases it."""
    whole = scene.shops(shop_id=SHOP_ID, action="extract")
    number = whole["orders"][0]["number"]
    assert scene.shops(shop_id=SHOP_ID, action="extract", order=number)["orders"]
    assert scene.shops(shop_id=SHOP_ID, action="erase")["is_all"]
