from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.orders import (
    Address,
    InvoiceStatus,
    Order,
    OrderStatus,
    OrderSummary,
    PaymentStatus,
    TaxAmount,
)
from chalicelib.errors import ShopUnavailable, ShopUnreadable
from tests.unit.adapters.seoshop.support import (
    Answer,
    Call,
    Desk,
    Json,
    answering,
    by_path,
    payload,
)

ORDER = 301204417


def order_of(document: Json) -> Order:
    return Desk(answering(document)).api.order(ORDER)


def changed(name: str, **fields: Any) -> Json:
    document = payload(name)
    document["order"].update(fields)
    return document


def test_an_order_with_everything_embedded_costs_one_call() -> None:
    desk = Desk(answering(payload("order.json")))
    order = desk.api.order(ORDER)
    assert desk.calls == ["GET /nl/orders/301204417.json"]
    assert len(order.lines) == 2
    assert len(order.invoices) == 1


def test_an_order_reads_as_the_shop_wrote_it() -> None:
    order = order_of(payload("order.json"))
    assert (order.id, order.number) == (ORDER, "ORD00412")
    assert (order.status, order.payment_status) == ("processing_awaiting_shipment", "paid")
    assert order.created_at == datetime(2026, 3, 14, 9, 22, 4, tzinfo=UTC)
    assert (order.price_excl, order.price_incl) == (Decimal("44.74"), Decimal("51.98"))
    assert (order.firstname, order.middlename, order.lastname) == ("Sanne", "de", "Vries")
    assert (order.email, order.phone) == ("s.devries@example.nl", "+31 20 5550123")
    assert order.company_name == "De Vries Keukens B.V."
    assert (order.company_coc_number, order.company_vat_number) == ("12345678", "NL123456789B01")
    assert order.payment_id == "seoshoppayments"
    assert order.customer_id == 226000311
    assert not order.has_gift_card_payment
    assert (
        order.billing
        == order.shipping
        == Address(
            attention="Sanne de Vries",
            street="Voorbeeldstraat",
            number="12",
            suffix="A",
            postal_code="1234 AB",
            city="Voorbeeldstad",
            country="NL",
        )
    )


def test_statuses_are_members_and_one_of_next_year_keeps_its_text() -> None:
    order = order_of(payload("order.json"))
    assert order.status is OrderStatus.AWAITING_SHIPMENT
    assert order.payment_status is PaymentStatus.PAID
    assert order.invoices[0].status is InvoiceStatus.PAID
    later = order_of(changed("order.json", status="sent_to_mars", paymentStatus="refunded"))
    assert (later.status.name, later.status.value) == ("UNKNOWN", "sent_to_mars")
    assert (later.payment_status.name, later.payment_status.value) == ("UNKNOWN", "refunded")


def test_its_lines_are_totals_after_discount_with_rates_as_fractions() -> None:
    mug, book = order_of(payload("order.json")).lines
    assert (mug.title, mug.variant, mug.article_code) == ("Keramische mok", "Blauw", "MOK-BL")
    assert (mug.quantity, mug.tax_rate) == (Decimal(2), Decimal("0.21"))
    assert (mug.base_price_excl, mug.base_price_incl) == (Decimal("12.3554"), Decimal("14.95"))
    assert (mug.price_excl, mug.price_incl) == (Decimal("22.24"), Decimal("26.91"))
    assert (mug.discount_excl, mug.discount_incl) == (Decimal("2.47"), Decimal("2.99"))
    assert mug.tax_rates == (TaxAmount(rate=Decimal("0.21"), amount=Decimal("4.6703")),)
    assert (book.base_price_excl, book.tax_rate) == (Decimal(20), Decimal("0.09"))


def test_its_charges_and_invoice_come_along() -> None:
    order = order_of(payload("order.json"))
    assert (order.shipment.title, order.shipment.price_incl) == ("PostNL pakket", Decimal("4.95"))
    assert (order.payment.price_excl, order.payment.tax_rate) == (Decimal("0.41"), Decimal("0.21"))
    (invoice,) = order.invoices
    assert (invoice.id, invoice.number, invoice.status) == (332000498, "INV00398", "paid")
    assert invoice.order_id == ORDER
    assert invoice.original_id is None
    assert not invoice.is_credit_note


def test_it_knows_when_it_last_became_paid() -> None:
    paid_at = order_of(payload("order.json")).paid_at
    assert paid_at == datetime(2026, 3, 15, 8, 5, 30, tzinfo=UTC)


def test_no_amount_ever_was_a_float() -> None:
    document = payload("order.json")
    document["order"]["priceIncl"] = 0.1 + 0.2
    order = order_of(document)
    assert order.price_incl == Decimal("0.3")
    numbers = [order.price_excl, order.shipment.price_excl, *(x.price_excl for x in order.lines)]
    assert all(isinstance(number, Decimal) for number in numbers)


def test_a_guest_order_with_every_kind_of_none_reads_the_same_way() -> None:
    order = order_of(payload("order-guest.json"))
    assert order.customer_id is None
    assert order.shipping.country is None
    assert order.middlename == order.company_name == order.shipping_company == ""
    assert order.company_coc_number == ""
    assert order.billing.number == "313"
    assert order.payment.tax_rates == order.shipment.tax_rates == ()
    assert order.shipment.price_excl == order.shipment.price_incl == 0
    assert (order.price_excl, order.price_incl) == (Decimal(42), Decimal("50.82"))
    assert order.invoices == ()
    assert order.paid_at is None
    (line,) = order.lines
    assert (line.id, line.variant, line.article_code) == (688120009, "", "")
    assert line.discount_excl == line.discount_incl == 0
    assert line.tax_rates == (TaxAmount(rate=Decimal("0.21"), amount=Decimal("8.82")),)


def test_links_without_embedded_are_followed_by_their_url_and_never_by_link() -> None:
    desk = Desk(
        by_path(
            orders__301204417=payload("order-links-only.json"),
            orders__301204417__products=payload("order-products.json"),
            invoices=payload("invoices.json"),
        )
    )
    order = desk.api.order(ORDER)
    assert len(order.lines) == 2
    assert [invoice.number for invoice in order.invoices] == ["INV00398"]
    assert desk.calls == [
        "GET /nl/orders/301204417.json",
        "GET /nl/orders/301204417/products.json",
        "GET /nl/invoices.json",
    ]
    assert desk.shop.calls[2].query == {"order": str(ORDER), "limit": "250", "page": "1"}
    assert all(call.url.startswith("https://api.webshopapp.com/nl/") for call in desk.shop.calls)


def test_only_the_missing_one_is_fetched() -> None:
    document = payload("order.json")
    del document["order"]["invoices"]["resource"]["embedded"]
    desk = Desk(by_path(orders__301204417=document, invoices=payload("invoices.json")))
    assert len(desk.api.order(ORDER).invoices) == 1
    assert len(desk.calls) == 2


@pytest.mark.parametrize("nothing", [False, None, [], {"resource": False}])
def test_without_any_link_the_known_address_is_asked(nothing: object) -> None:
    document = changed("order.json", products=nothing)
    desk = Desk(
        by_path(
            orders__301204417=document, orders__301204417__products=payload("order-products.json")
        )
    )
    assert len(desk.api.order(ORDER).lines) == 2


@pytest.mark.parametrize(
    "url", ["//evil.example/x", "https://evil.example/", "../admin", "orders/1#", "orders?a=b&c=d"]
)
def test_a_link_that_leads_out_of_the_api_is_not_followed(url: str) -> None:
    document = payload("order-links-only.json")
    document["order"]["products"]["resource"]["url"] = url
    desk = Desk(answering(document))
    with pytest.raises(ShopUnavailable, match=r"order\.products\.resource, field url"):
        desk.api.order(ORDER)
    assert len(desk.calls) == 1


def test_more_lines_than_a_page_holds_are_all_read() -> None:
    line = payload("order-products.json")["orderProducts"][0]
    lines = [{**line, "id": 1000 + number} for number in range(320)]

    def answer(call: Call) -> Answer:
        if call.path.endswith("products.json"):
            page = int(call.query["page"])
            return Answer({"orderProducts": lines[(page - 1) * 250 : page * 250]})
        return Answer(
            payload("order-links-only.json" if "orders/" in call.path else "invoices.json")
        )

    order = Desk(answer).api.order(ORDER)
    assert len(order.lines) == 320


def test_a_server_that_repeats_its_first_page_does_not_double_lines() -> None:
    line = payload("order-products.json")["orderProducts"][0]
    lines = [{**line, "id": 1000 + number} for number in range(250)]
    desk = Desk(
        by_path(
            orders__301204417=changed("order.json", products=False),
            orders__301204417__products={"orderProducts": lines},
        )
    )
    assert len(desk.api.order(ORDER).lines) == 250


def test_an_invoice_of_another_order_is_not_taken_for_ours() -> None:
    document = payload("order.json")
    invoice = document["order"]["invoices"]["resource"]["embedded"][0]
    invoice["order"]["resource"]["id"] = 999
    assert order_of(document).invoices == ()


def test_another_order_than_the_one_asked_for_is_not_booked() -> None:
    with pytest.raises(ShopUnavailable, match="order, field id"):
        order_of(changed("order.json", id=5))


@pytest.mark.parametrize(
    ("gift_cards", "has_one"),
    [
        ([], False),
        (False, False),
        (None, False),
        ({}, False),
        ([{"id": 1}], True),
        ({"0": {"amount": 5}}, True),
        ({"resource": {"id": False, "url": "orders/1/gift_cards", "link": "x"}}, False),
        ({"resource": {"id": False, "url": "", "embedded": [{"id": 1}]}}, True),
        ({"resource": {"id": False, "url": "", "embedded": []}}, False),
    ],
)
def test_a_payment_by_gift_card_is_noticed(
    gift_cards: Json | bool | list[Json] | None, has_one: bool
) -> None:
    order = order_of(changed("order.json", giftCardsPayment=gift_cards))
    assert order.has_gift_card_payment is has_one


@pytest.mark.parametrize(
    "field",
    ["id", "number", "status", "paymentStatus", "priceExcl", "priceIncl", "createdAt", "updatedAt"],
)
@pytest.mark.parametrize("nothing", [None, False, ""])
def test_what_the_books_rest_on_is_never_guessed(field: str, nothing: bool | str | None) -> None:
    with pytest.raises(ShopUnavailable, match=f"order, field {field}"):
        order_of(changed("order.json", **{field: nothing}))


@pytest.mark.parametrize(
    "field", ["taxRate", "priceExcl", "basePriceIncl", "quantityOrdered", "id"]
)
def test_a_line_without_amount_or_rate_is_refused_by_name(field: str) -> None:
    document = payload("order.json")
    document["order"]["products"]["resource"]["embedded"][0][field] = None
    with pytest.raises(ShopUnavailable, match=f"order.products, field {field}"):
        order_of(document)


def test_an_error_names_the_field_and_nothing_of_the_customer() -> None:
    document = changed("order.json", email={"secret": "klant@example.nl"})
    with pytest.raises(ShopUnavailable, match="order, field email") as refused:
        order_of(document)
    assert "klant@example.nl" not in str(refused.value)


def test_nothing_private_gets_into_the_order() -> None:
    document = changed(
        "order.json",
        comment="GEHEIM-1",
        memo="GEHEIM-2",
        birthDate="1980-05-17",
        remoteIp="203.0.113.24",
        nationalId="GEHEIM-3",
        gender="female",
        mobile="GEHEIM-4",
        userAgent="GEHEIM-5",
        neverSeenBefore="GEHEIM-6",
    )
    seen = repr(order_of(document))
    assert "GEHEIM" not in seen
    assert "1980" not in seen
    assert "203.0.113.24" not in seen


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (42, "42"),
        ("42.0000", "42.0000"),
        (-5, "-5"),
        ("-0.5", "-0.5"),
        (100, "100"),
        (12.3554, "12.3554"),
        (44.739999999999995, "44.74"),
        ("0.0000", "0"),
        (1e2, "100.0"),
    ],
)
def test_an_amount_is_read_however_it_is_written(written: float | int | str, read: str) -> None:
    assert str(order_of(changed("order.json", priceIncl=written)).price_incl) == read


@pytest.mark.parametrize(
    "nonsense", ["veel", "1,50", "1e5", " ", True, [1], {"a": 1}, 10**20, "NaN", "٣"]
)
def test_what_is_no_amount_is_refused(nonsense: Json | int | list[int] | str) -> None:
    with pytest.raises(ShopUnavailable, match="order, field priceIncl"):
        order_of(changed("order.json", priceIncl=nonsense))


@pytest.mark.parametrize(
    "nonsense",
    ["gisteren", "2026-03-14", "2026-03-14T10:22:04", 5, "0001-01-01T00:00:00+05:00"],
)
def test_a_moment_without_offset_or_sense_is_refused(nonsense: int | str) -> None:
    with pytest.raises(ShopUnavailable, match="order, field createdAt"):
        order_of(changed("order.json", createdAt=nonsense))


@pytest.mark.parametrize("nonsense", ["nederland", {"code": "nld"}, {"code": 150}, [1], 5])
def test_a_country_that_is_none_is_refused(nonsense: Json | int | list[int] | str) -> None:
    with pytest.raises(ShopUnavailable, match="addressBillingCountry"):
        order_of(changed("order.json", addressBillingCountry=nonsense))


@pytest.mark.parametrize("blanks", [{"code": "be "}, {"code": " BE"}, " be "])
def test_blanks_around_a_country_do_not_matter(blanks: Json | str) -> None:
    order = order_of(changed("order.json", addressBillingCountry=blanks))
    assert order.billing.country == "BE"


@pytest.mark.parametrize(
    "nothing", [{"code": ""}, {"code": False}, {"code": None}, {"id": 150}, {"code": " "}, "", True]
)
def test_a_country_that_says_none_is_none(nothing: Json | str | bool) -> None:
    order = order_of(changed("order.json", addressBillingCountry=nothing))
    assert order.billing.country is None
    assert order.shipping.country == "NL"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Kaas &amp; wijn", "Kaas & wijn"),
        ("Kaas &amp;amp; wijn", "Kaas &amp; wijn"),
        ("caf&eacute; &#8364; &#xE9;", "café € é"),
        ("&lt;b&gt;dik&lt;/b&gt;", "<b>dik</b>"),
        ("&quot;&#39;&apos;", "\"''"),
        ("10&nbsp;cm&#160;breed", "10 cm breed"),
        ("10\u00a0cm", "10\u00a0cm"),
        ("Kaas & wijn", "Kaas & wijn"),
        ("R&D;T&notit; A&B", "R&D;T&notit; A&B"),
        ("&copy 2026 &notes", "&copy 2026 &notes"),
        ("a&#0;b&#xD83D;c&#99999999;", "a\ufffdb\ufffdc&#99999999;"),
        ("a&#11;b&#27;c", "abc"),
        ("a&NewLine;b", "a\nb"),
        ("&", "&"),
        ("&;&#;&#x;", "&;&#;&#x;"),
    ],
)
def test_what_people_typed_is_decoded_once(written: str, read: str) -> None:
    document = payload("order.json")
    names = (
        *("firstname", "middlename", "lastname", "companyName", "addressShippingCompany", "phone"),
        *("paymentTitle", "shipmentTitle"),
    )
    for name in names:
        document["order"][name] = written
    parts = ("Name", "Street", "Street2", "Number", "Extension", "Zipcode", "City", "Region")
    for part in parts:
        document["order"][f"addressBilling{part}"] = written
    line = document["order"]["products"]["resource"]["embedded"][0]
    line["productTitle"] = line["variantTitle"] = written
    order = order_of(document)
    billing, article = order.billing, order.lines[0]
    texts = {
        *(order.firstname, order.middlename, order.lastname, order.company_name),
        *(order.shipping_company, order.phone, order.payment.title, order.shipment.title),
        *(billing.attention, billing.street, billing.line2, billing.number, billing.suffix),
        *(billing.postal_code, billing.city, billing.region, article.title, article.variant),
    }
    assert texts == {read}


def test_an_article_code_and_an_address_of_mail_are_typed_as_well() -> None:
    document = changed("order.json", email="o&#039;neill@x.example")
    document["order"]["products"]["resource"]["embedded"][0]["articleCode"] = "K&amp;W"
    order = order_of(document)
    assert (order.email, order.lines[0].article_code) == ("o'neill@x.example", "K&W")


def test_numbers_and_ids_are_as_they_are_given() -> None:
    document = changed("order.json", companyVatNumber="NL&amp;1", paymentId="a&amp;b")
    document["order"]["number"] = "ORD&amp;1"
    order = order_of(document)
    assert (order.number, order.company_vat_number) == ("ORD&amp;1", "NL&amp;1")
    assert order.payment_id == "a&amp;b"


OPTIONAL = ["phone", "middlename", "companyName", "addressBillingNumber", "addressShippingCompany"]


@pytest.mark.parametrize("field", OPTIONAL)
def test_true_where_a_text_may_be_left_out_is_as_if_it_were(field: str) -> None:
    assert order_of(changed("order.json", **{field: True})) == order_of(
        changed("order.json", **{field: ""})
    )


@pytest.mark.parametrize("link", [True, {"resource": True}, {"resource": False}, [], None])
def test_a_customer_that_is_no_link_is_none(link: object) -> None:
    assert order_of(changed("order.json", customer=link)).customer_id is None


@pytest.mark.parametrize(
    ("number", "read"), [(True, None), (False, None), (0, None), ("0", None), (1, 1), ("7", 7)]
)
def test_a_link_has_an_id_or_none(number: object, read: int | None) -> None:
    document = changed("order.json", customer={"resource": {"id": number}})
    assert order_of(document).customer_id == read


@pytest.mark.parametrize("field", ["number", "status", "priceIncl", "createdAt"])
def test_true_where_the_books_need_a_value_is_refused(field: str) -> None:
    with pytest.raises(ShopUnreadable, match=f"order, field {field}"):
        order_of(changed("order.json", **{field: True}))


def test_a_number_written_as_one_is_its_text() -> None:
    assert order_of(changed("order.json", number=20260013)).number == "20260013"


def as_php(entries: list[Any]) -> Json:
    """A list that has lost its second element, as ``json_encode`` writes it."""
    return {str(place if place < 1 else place + 1): each for place, each in enumerate(entries)}


def test_lists_that_php_wrote_as_objects_are_lists() -> None:
    document = payload("order.json")
    order = document["order"]
    for name in ("products", "invoices", "events"):
        resource = order[name]["resource"]
        resource["embedded"] = as_php(resource["embedded"])
    for name in ("taxRates", "paymentTaxRates", "shipmentTaxRates"):
        order[name] = as_php(order[name])
    lines = order["products"]["resource"]["embedded"]
    for line in lines.values():
        line["taxRates"] = as_php(line["taxRates"])
    assert list(lines) == ["0", "2"]
    desk = Desk(answering(document))
    assert desk.api.order(ORDER) == order_of(payload("order.json"))
    assert len(desk.calls) == 1


@pytest.mark.parametrize("amount", ["14,95", None, True, "", [], {}])
def test_of_an_unreadable_order_what_can_be_read_comes_along(amount: object) -> None:
    document = changed("order.json", paymentStatus="not_paid")
    document["order"]["products"]["resource"]["embedded"][0]["priceIncl"] = amount
    with pytest.raises(ShopUnreadable) as unreadable:
        order_of(document)
    readable = unreadable.value.readable
    assert isinstance(readable, OrderSummary)
    assert (readable.number, readable.payment_status) == ("ORD00412", "not_paid")


def test_half_a_surrogate_pair_does_not_break_what_stores_or_renders_it() -> None:
    order = order_of(changed("order.json", lastname="Vries\ud83d"))
    assert order.lastname == "Vries\ufffd"


def test_whole_emoji_stay() -> None:
    assert order_of(changed("order.json", lastname="Vries 😀")).lastname == "Vries 😀"


@pytest.mark.parametrize(
    "wrong",
    [
        {"addressBillingCountry": 150},
        {"addressBillingCountry": [1]},
        {"shipmentTaxRates": [1]},
        {"shipmentTaxRates": "x"},
        {"shipmentTaxRates": {"rate": 0.21}},
        {"customer": 7},
        {"events": {"resource": {"embedded": ["x"]}}},
        {"events": {"resource": {"embedded": 5}}},
        {"products": {"resource": {"embedded": [1]}}},
        {"products": {"resource": 5}},
        {"invoices": {"resource": {"embedded": "x"}}},
    ],
    ids=str,
)
def test_a_wrong_shape_anywhere_within_an_order_is_that_orders_own_trouble(wrong: Json) -> None:
    with pytest.raises(ShopUnreadable):
        order_of(changed("order.json", **wrong))


def test_an_order_that_is_no_object_is_unreadable_too() -> None:
    with pytest.raises(ShopUnreadable):
        order_of({"order": 7})


def test_lines_that_are_no_objects_behind_a_link_are_the_orders_trouble_as_well() -> None:
    document = changed("order.json", products={"resource": {"url": "orders/301204417/products"}})
    desk = Desk(
        by_path(orders__301204417=document, orders__301204417__products={"orderProducts": [1]})
    )
    with pytest.raises(ShopUnreadable):
        desk.api.order(ORDER)
