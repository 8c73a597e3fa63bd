"""The app's maker turns its pair: from then on the platform knows the new one alone."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

from sandbox.seoshop.signing import api_password, url_signature, webhook_signature
from tests.sandbox.seoshop.conftest import KEY, SECRET, SHOP, Bench, Receiver, basic

NEW_KEY, NEW_SECRET = "a1" * 16, "b2" * 16


def token(bench: Bench) -> str:
    live = bench.platform.store.shops[SHOP].installation
    assert live
    return live.token


def test_the_former_pair_is_refused_at_once_and_the_new_one_taken(bench: Bench) -> None:
    assert bench.control("app", key=NEW_KEY, secret=NEW_SECRET) == {
        "key": NEW_KEY,
        "secret": NEW_SECRET,
    }
    assert bench.call("shop.json").status_code == 401
    for key, secret in ((NEW_KEY, SECRET), (KEY, NEW_SECRET)):
        bench.auth = basic(key, api_password(token(bench), secret))
        assert bench.call("shop.json").status_code == 401
    bench.auth = basic(NEW_KEY, api_password(token(bench), NEW_SECRET))
    assert bench.call("shop.json").status_code == 200
    assert bench.get("account.json")["account"]["apiKey"] == NEW_KEY


def test_the_key_may_stay_and_a_secret_is_made_up(bench: Bench) -> None:
    made = bench.control("app")
    assert made["key"] == KEY
    assert len(made["secret"]) == 32
    assert made["secret"] != SECRET


def test_links_and_webhooks_are_signed_with_the_new_secret(
    bench: Bench, receiver: Receiver
) -> None:
    bench.subscribe(receiver.url)
    bench.control("app", secret=NEW_SECRET)
    link = bench.control("uninstall-url", dry=True)["url"]
    signed = dict(parse_qsl(urlsplit(link).query))
    given = signed.pop("signature")
    del signed["cluster_id"]
    assert given == url_signature(signed, NEW_SECRET) != url_signature(signed, SECRET)

    bench.order(paid=True)
    bench.control("webhooks/drain")
    assert receiver.headers[0]["X-Signature"] == webhook_signature(receiver.bodies[0], NEW_SECRET)


def test_what_was_queued_before_keeps_its_signature(bench: Bench, receiver: Receiver) -> None:
    bench.subscribe(receiver.url)
    bench.order(paid=True)
    bench.control("webhooks/drain")
    bench.control("app", secret=NEW_SECRET)
    (first,) = bench.platform.sender.deliveries
    bench.control(f"deliveries/{first}/replay")
    bench.control("webhooks/drain")
    assert receiver.headers[0]["X-Signature"] == receiver.headers[1]["X-Signature"]


def test_a_pair_of_another_form_is_refused_and_nothing_turned(bench: Bench) -> None:
    for wrong in ({"secret": "short"}, {"key": "K" * 32}, {"name": "x"}):
        answer = bench.client.post("/_control/app", data=json.dumps(wrong))
        assert answer.status_code == 400
    assert bench.call("shop.json").status_code == 200
