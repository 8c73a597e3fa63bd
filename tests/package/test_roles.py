"""Every function's role against the calls that the function makes: nothing is denied on AWS that
moto lets pass, and nothing is allowed that nobody needs.

Each function's own entry points run on moto through whatever makes them call something else. A call
that a change brings is found here as soon as a branch below comes upon it: add the branch with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

from chalicelib import entry, hook
from chalicelib.domain.causes import LateChange
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, Event, OrderStep
from chalicelib.domain.shops import ShopState
from chalicelib.errors import ShopRateLimited, ShopUnauthorised
from chalicelib.ports import StepTaken
from tests.fakes.app_pair import add_neighbour
from tests.fakes.web import callback
from tests.package.recording import Grant, granted
from tests.package.scene import Scene
from tests.package.test_template import Template, functions, statements
from tests.unit.usecases.stage import SHOP_ID

Functions = Mapping[str, set[Grant]]

# Without it, S3 answers a HEAD of a missing key with 403, and not with the 404 that proves.
PROOF: Grant = ("s3:ListBucket", "inbox")

UNSEEN: Mapping[str, set[Grant]] = {
    # Lambda itself takes the messages, in the function's name.
    "ExportShop": {
        ("sqs:ReceiveMessage", "ExportQueue"),
        ("sqs:DeleteMessage", "ExportQueue"),
        ("sqs:GetQueueAttributes", "ExportQueue"),
        PROOF,
    },
    "Rerun": {PROOF},
}
"""What a function needs without calling it."""

LOGS: set[Grant] = {("logs:CreateLogStream", "logs"), ("logs:PutLogEvents", "logs")}
"""Lambda writes the log, in every function's name."""


def nights(scene: Scene) -> None:
    """What starts by itself."""
    for function, start in (("DailyExport", entry.daily_export), ("Watch", entry.watch)):
        with scene.recorder.function(function):
            assert start({"id": "night"}) == {"shops": 1}


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
    entries, files = scene.connector.entries, scene.connector.files
    now, by = scene.clock(), Actor.EXPORT
    file = files.create(SHOP_ID, now.date(), at=now, by=by)
    claim = Event(at=now, step=OrderStep.CLAIM, by=by, file=file.name)
    assert entries.record(SHOP_ID, StepTaken(key=f"order-{order.id}", event=claim))
    return file.name


def _allowance_spent(scene: Scene, again: Callable[[], object]) -> None:
    """The rest is handed on."""
    scene.sold()
    until = scene.clock() + timedelta(minutes=5)
    scene.outside.api.fail(ShopRateLimited("wait", until=until))
    again()
    scene.outside.api.recover()
    scene.later(hours=1)
    again()


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
    scene.rerun()
    scene.outside.api.fail(ShopUnauthorised("no", status=401))
    scene.rerun()
    scene.outside.api.recover()
    scene.arrive()


def migrations(scene: Scene) -> None:
    days = {"from": "2026-03-01", "to": "2026-03-20"}
    scene.sold(with_webhook=False)
    for wish in (days, {**days, "action": "start"}, {"action": "stop"}, {"action": "resume"}):
        assert scene.backfill(**wish)["shop_id"] == SHOP_ID
    scene.export()
    assert scene.backfill(action="status")["state"] == "done"


def the_operators_look(scene: Scene) -> None:
    scene.outside.tells_nothing = True
    name = scene.unknown_file()
    (line,) = scene.shops()["shops"]
    assert line["unknown_files"] == [name]
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
    assert scene.shops(action="reconnect")["left"] == []
    scene.outside.tells_nothing = False
    scene.later(minutes=10)


def pages(scene: Scene) -> None:
    """The merchant looks at everything, and presses every button."""
    late, paid_back, held = scene.sold(), scene.sold(), scene.sold(email="")
    scene.export()
    scene.change(late, status="cancelled")
    scene.pays_back(paid_back)
    scene.later(hours=1)
    scene.export()
    scene.export(task="watch")
    file = scene.connector.files.list_recent(SHOP_ID, 1)[0]
    scene.arrive()
    for path in ("/", "/settings", f"/orders/{late.number}", f"/files/{file.name}", "/health"):
        scene.get(path)
    scene.get(f"/days/{local_day(scene.clock())}")
    scene.get(f"/orders/{held.number}")
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
    scene.post("/settings", licence="ASP-2")
    scene.post("/sign-out")


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


@pytest.fixture(scope="module")
def used() -> Iterator[Functions]:
    """What every function called in the whole play."""
    with pytest.MonkeyPatch.context() as monkeypatch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "test")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
        scene = Scene(monkeypatch)
        scene.arrive()
        nights(scene)
        exports(scene, scene.export)
        watches(scene)
        reruns(scene)
        migrations(scene)
        the_operators_look(scene)
        pages(scene)
        leaves(scene)
        is_forgotten(scene)
        yield scene.recorder.calls
        hook.open_parts.cache_clear()


def role(template: Template, function: str) -> set[Grant]:
    name = functions(template)[function]["Role"]["Fn::GetAtt"][0]
    return granted(statements(template, name))


def test_every_function_was_played(template: Template, used: Functions) -> None:
    assert set(used) == set(functions(template))


@pytest.mark.parametrize(
    "function",
    [
        *("APIHandler", "WebhookFunction", "DailyExport", "ExportShop"),
        *("Watch", "Rerun", "Backfill", "Shops"),
    ],
)
def test_a_role_grants_what_its_function_calls_and_nothing_else(
    template: Template, used: Functions, function: str
) -> None:
    allowed = role(template, function)
    unseen = {*LOGS, *UNSEEN.get(function, set())}

    assert used[function] - allowed == set(), "AWS would deny this"
    assert allowed - used[function] - unseen == set(), "nobody needs this"
