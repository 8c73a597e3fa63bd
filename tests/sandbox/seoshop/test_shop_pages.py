from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from sandbox.seoshop.scenarios import SCENARIOS
from sandbox.seoshop.signing import api_password, url_signature
from tests.sandbox.seoshop.conftest import KEY, SECRET, SHOP, Bench, basic

HOME = f"/backoffice/{SHOP}"


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/apps",
        f"/apps/install/{SHOP}",
        HOME,
        f"{HOME}/new",
        f"{HOME}/examples",
        f"{HOME}/faults",
        f"{HOME}/webhooks",
        f"{HOME}/mail",
    ],
)
def test_each_page_is_dutch_labelled_and_self_contained(bench: Bench, path: str) -> None:
    text = page(bench.client, path)
    assert '<html lang="nl">' in text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)
    fields = re.findall(r'<(?:input|select)[^>]* id="(\w+)"', text)
    assert all(f'for="{each}"' in text for each in fields)


def test_pages_that_do_not_exist_say_so(bench: Bench) -> None:
    for path in ("/backoffice/1", f"{HOME}/orders/1", "/apps?shop=1", "/nothing"):
        answer = bench.client.get(path)
        assert answer.status_code == 404
        assert "Niet gevonden" in answer.text


def test_installing_goes_by_logging_in_and_consent_to_the_signed_success_url(
    bench: Bench,
) -> None:
    bench.control("reset")
    assert "Installeren" in page(bench.client, "/apps")
    refused = bench.client.post(f"/apps/install/{SHOP}", data={"user": "", "password": "x"})
    assert refused.status_code == 422
    consent = bench.client.post(f"/apps/install/{SHOP}", data={"user": "ik", "password": "x"})
    assert "Bestellingen lezen" in consent.text
    assert "schrijven" not in consent.text
    sent = bench.client.post(f"/apps/install/{SHOP}/allow")
    url = urlsplit(sent.headers["Location"])
    params = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert (url.netloc, url.path) == ("127.0.0.1:9", "/install")
    assert params["signature"] == url_signature(params, SECRET)
    assert params["timestamp"] == str(int(bench.clock().timestamp()))
    auth = basic(KEY, api_password(params["token"], SECRET))
    assert bench.client.get("/nl/shop.json", headers=auth).status_code == 200


def test_an_installed_app_is_opened_cancelled_and_removed_from_its_card(bench: Bench) -> None:
    text = page(bench.client, "/apps")
    assert all(word in text for word in ("Openen", "Opzeggen", "Verwijderen", "30 dagen gratis"))
    for deed, path in (("open", "/install"), ("cancel", "/cancel"), ("uninstall", "/uninstall")):
        sent = bench.client.post(f"/apps/{SHOP}/{deed}")
        assert urlsplit(sent.headers["Location"]).path == path
    assert "Installeren" in page(bench.client, "/apps")
    assert bench.client.post(f"/apps/{SHOP}/open").headers["Location"] == f"/apps?shop={SHOP}"
    assert bench.call("shop.json").status_code == 401


def test_the_list_shows_number_customer_state_invoice_and_dutch_amounts(bench: Bench) -> None:
    bench.control("scenarios/figuur5")
    text = page(bench.client, HOME)
    for words in ("ORD000038", "cccc cccc", "€\u00a0824,80", "INV000037", "21-12-2014"):
        assert words in text
    assert text.count("Niet betaald</span>") == 7
    found = page(bench.client, f"{HOME}?q=sophie")
    assert "ORD000033" in found
    assert "ORD000038" not in found


def test_chosen_orders_become_paid_together(bench: Bench) -> None:
    ids = bench.control("scenarios/figuur5")["ids"]
    answer = bench.client.post(
        f"{HOME}/do", data={"deed": "paid", "order": ids}, follow_redirects=True
    )
    assert "7 bestellingen op betaald gezet." in answer.text
    assert bench.get("orders.json?limit=1&fields=paymentStatus")["orders"] == [
        {"paymentStatus": "paid"}
    ]


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ("paid", "Betaald</span>"),
        ("not_paid", "Niet betaald</span>"),
        ("ship", "Zending gemaakt"),
        ("cancel", "Geannuleerd</span>"),
        ("invoice", "INV000002"),
        ("credit", "Credit</span>"),
    ],
)
def test_each_button_of_an_order_does_what_it_says(bench: Bench, deed: str, words: str) -> None:
    made = bench.order()
    path = f"{HOME}/orders/{made['id']}"
    assert words not in page(bench.client, path) or deed == "not_paid"
    form = {"deed": deed, "order": made["id"], "back": path}
    assert words in bench.client.post(f"{HOME}/do", data=form, follow_redirects=True).text


def test_a_button_never_leads_out_of_the_back_office(bench: Bench) -> None:
    form = {"deed": "paid", "order": bench.order()["id"], "back": "https://evil.example"}
    assert bench.client.post(f"{HOME}/do", data=form).headers["Location"] == HOME


def test_one_line_can_be_credited(bench: Bench) -> None:
    made = bench.order(lines=[{"priceIncl": "10", "quantity": 3}, {"priceIncl": "5"}])
    path = f"{HOME}/orders/{made['id']}"
    data = {f"line{made['lines'][0]['id']}": "2"}
    answer = bench.client.post(f"{path}/credit-lines", data=data, follow_redirects=True)
    assert "Creditfactuur INV000002 is gemaakt." in answer.text
    note = bench.get("invoices.json?limit=1")["invoices"][0]
    assert (note["isCreditNote"], note["priceIncl"]) == (True, 20)
    again = bench.client.post(f"{path}/credit-lines", data=data, follow_redirects=True)
    assert "Crediteren lukt niet" in again.text


FORM = {
    "title0": "Mok",
    "price0": "14,95",
    "quantity0": "2",
    "rate0": "0.21",
    "title1": "",
    "shipping": "4,95",
    "discount": "10",
    "email": "a@example.nl",
    "firstname": "An",
    "lastname": "Berg",
    "country": "be",
    "payment": "bancontact",
    "invoice": "late",
}


def test_a_new_order_is_placed_from_the_form(bench: Bench) -> None:
    answer = bench.client.post(f"{HOME}/new", data=FORM, follow_redirects=True)
    assert "Bestelling ORD000001 is geplaatst." in answer.text
    order = bench.get("orders.json")["orders"][0]
    assert str(order["priceIncl"]) == "31.86"
    assert order["paymentTitle"] == "Bancontact"
    assert order["addressBillingCountry"]["code"] == "be"


@pytest.mark.parametrize(
    "wrong",
    [
        {"price0": "veel"},
        {"quantity0": "x"},
        {"title0": ""},
        {"payment": "goud"},
    ],
)
def test_a_form_with_a_mistake_comes_back_with_what_was_typed(
    bench: Bench, wrong: dict[str, str]
) -> None:
    answer = bench.client.post(f"{HOME}/new", data={**FORM, **wrong})
    assert answer.status_code == 422
    assert "Dit lukt nog niet" in answer.text
    assert 'value="a@example.nl"' in answer.text


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_every_example_is_one_click_and_its_orders_have_a_page(bench: Bench, name: str) -> None:
    assert f'id="{name}"' in page(bench.client, f"{HOME}/examples")
    answer = bench.client.post(f"{HOME}/examples/{name}", data={"paid": "1"}, follow_redirects=True)
    assert answer.status_code == 200
    page(bench.client, HOME)
    for identity in bench.platform.store.shops[SHOP].orders:
        page(bench.client, f"{HOME}/orders/{identity}")
    assert "<script>alert(1)" not in page(bench.client, HOME)


def test_faults_are_switched_on_and_off_on_their_page(bench: Bench) -> None:
    bench.client.post(f"{HOME}/faults/api", data={"kind": "503", "count": "-1", "path": ""})
    assert bench.call("shop.json").status_code == 503
    assert "tot uitzetten" in page(bench.client, f"{HOME}/faults")
    bench.client.post(f"{HOME}/faults/webhooks", data={"lose": "3", "hold": "1"})
    assert bench.platform.faults.webhooks.lose == 3
    bench.client.post(f"{HOME}/faults/switches", data={"retry_after": "1"})
    assert bench.platform.store.shops[SHOP].switches["retry_after"] == "seconds"
    bench.client.post(f"{HOME}/faults/clear")
    assert bench.call("shop.json").status_code == 200
    assert not bench.platform.faults.webhooks.hold


def test_webhooks_and_deliveries_are_listed_and_can_be_sent_again(bench: Bench) -> None:
    bench.subscribe("http://127.0.0.1:1/hooks/184520/orders-paid")
    bench.order(paid=True)
    bench.control("webhooks/drain", timeout=60)
    text = page(bench.client, f"{HOME}/webhooks")
    assert "http://127.0.0.1:1/hooks/184520/orders-paid" in text
    assert "Mislukt" in text
    number = next(iter(bench.platform.sender.deliveries))
    answer = bench.client.post(f"{HOME}/webhooks/{number}/replay", follow_redirects=True)
    assert f"herhaling van {number}" in answer.text


def test_the_allowance_is_set_on_the_faults_page(bench: Bench) -> None:
    numbers = {"limit0": "1", "limit1": "50", "limit2": "60", "second": "9"}
    bench.client.post(f"{HOME}/faults/limits", data=numbers)
    assert bench.call("shop.json").headers["X-RateLimit-Limit"] == "1/50/60"
    assert bench.call("shop.json").status_code == 429
    bench.client.post(f"{HOME}/faults/limits", data={**numbers, "limit0": "0"})
    assert bench.platform.store.shops[SHOP].limits.limits == (1, 50, 60)
