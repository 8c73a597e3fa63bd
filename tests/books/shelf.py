"""The golden shelf: named days, each with what the shop says and the invoices it must become.

A day is a TOML file in ``golden/``; `read_day` gives it as documents that can be judged, `shown`
turns a verdict into the rows a bookkeeper checks, `page` makes the page of the docs out of the
*expected* rows. ``python -m tests.books.shelf`` writes that page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Debtor, Invoice
from chalicelib.domain.judgement import NotDue, Terms, Verdict, judge, judge_invoice
from chalicelib.domain.orders import (
    Address,
    Charge,
    InvoiceItem,
    InvoiceStatus,
    Order,
    OrderLine,
    OrderStatus,
    PaymentStatus,
    ShopInvoice,
    TaxAmount,
)
from chalicelib.domain.policy import Policy, Source, VatClass, ZeroOrders
from chalicelib.domain.vat import percentage
from chalicelib.web.texts.hold_texts import FIGURES, TEXTS

GOLDEN = Path(__file__).parent / "golden"
PAGE = Path(__file__).parents[2] / "docs/books.md"
CATALOGUE = Path(__file__).parents[2] / "templates/locale/nl/LC_MESSAGES/pages.po"
INTRODUCTION = Path(__file__).parent / "golden/introduction.md"
RETURNS = Path(__file__).parent / "golden/returns.md"
STRAIGHT_IN = Path(__file__).parent / "golden/straight_in.md"

D = Decimal
CLASSES = {"high": "hoog", "low": "laag", "none": "geen"}
KINDS = {
    "domestic": "binnenland",
    "intra-community": "intracommunautaire levering",
    "export": "uitvoer",
    "oss": "OSS",
    "reverse-charge": "verlegd",
    "small-business": "KOR",
}
PAGE_HEADS = {
    "lines": ["Regel", "Aantal", "Stuksprijs incl.", "Tarief", "Excl.", "Btw", "Incl."],
    "totals": ["Tarief", "Verkoopsoort", "Soort", "Land", "Excl.", "Btw", "Incl."],
}


@dataclass(frozen=True)
class Document:
    """One order, or an invoice or credit note of it, and what must come of it."""

    order: Order
    terms: Terms
    invoice: ShopInvoice | None
    items: tuple[InvoiceItem, ...]
    expected: Mapping[str, Any]

    def verdict(self) -> Verdict:
        if self.invoice is None:
            return judge(self.order, self.terms)
        return judge_invoice(self.invoice, self.items, self.order, self.terms)


@dataclass(frozen=True)
class Day:
    """A named day."""

    name: str
    title: str
    note: str
    documents: tuple[Document, ...]


def days() -> Iterator[Day]:
    """All days, in the order of their file names."""
    for path in sorted(GOLDEN.glob("*.toml")):
        yield read_day(path)


def read_day(path: Path) -> Day:
    """Read one day."""
    facts = tomllib.loads(path.read_text(encoding="utf-8"))
    customers = {name: _customer(one) for name, one in facts["customers"].items()}
    documents = []
    orders: dict[str, Order] = {}
    for one in facts["document"]:
        if "order" in one:
            orders[one["order"]] = _order(one, customers[one["customer"]])
        order = orders[one.get("order", one.get("of"))]
        invoice = _bill(one, order.id) if "bill" in one else None
        terms = Terms(
            policy=_policy(facts.get("policy", {}) | one.get("policy", {})),
            currency="EUR",
            country="NL",
        )
        items = tuple(_item(at, item) for at, item in enumerate(one.get("items", [])))
        documents.append(Document(order, terms, invoice, items, one["expected"]))
    return Day(path.stem, facts["title"], facts["note"].strip(), tuple(documents))


def shown(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the rows of a golden file."""
    if isinstance(verdict, Hold):
        return {"held": verdict.reason.value, "detail": verdict.detail} | (
            {"figures": dict(verdict.figures)} if verdict.figures else {}
        )
    if isinstance(verdict, NotDue):
        return {"not_due": verdict.cause}
    return _booked(verdict)


def page() -> str:
    """The page of the docs, out of the expected rows."""
    texts = (INTRODUCTION, RETURNS, STRAIGHT_IN)
    parts = [each.read_text(encoding="utf-8").strip() for each in texts]
    for day in days():
        parts.append(f"## {day.title}\n\n{day.note}")
        parts += [_section(one) for one in day.documents]
        parts += _sum_of(day)
    return "\n\n".join(parts) + "\n"


def _booked(invoice: Invoice) -> dict[str, Any]:
    return {
        "description": invoice.description,
        "day": invoice.day.strftime("%d-%m-%Y"),
        "debtor": _name_debtor(invoice.debtor),
        "payment": invoice.payment_code or "",
        "lines": [
            [
                line.description,
                f"{line.quantity.normalize():f}",
                f"{line.unit_incl:.4f}",
                percentage(line.treatment.rate),
                str(line.excl),
                str(line.vat),
                str(line.incl),
            ]
            for line in invoice.lines
        ],
        "totals": [
            [
                percentage(one.treatment.rate),
                CLASSES[one.treatment.vat_class],
                KINDS[one.treatment.kind],
                one.treatment.country,
                str(one.excl),
                str(one.vat),
                str(one.incl),
            ]
            for one in invoice.totals
        ],
        "total": [str(invoice.excl), str(invoice.vat), str(invoice.incl)],
    }


def _name_debtor(debtor: Debtor) -> str:
    """Company or name, e-mail address, and the VAT number if there is one."""
    return f"{debtor.company or debtor.name} <{debtor.email}> {debtor.vat_number}".strip()


def _section(document: Document) -> str:
    expected = document.expected
    name = document.invoice.number if document.invoice else document.order.number
    if "not_due" in expected:
        return f"### {name}: niet geboekt\n\n{expected['text']}"
    if "held" in expected:
        return _held(name, expected)
    payment = expected["payment"] or "laat Asperion kiezen"
    head = (
        f"### {expected['description']}\n\n"
        f"Factuurdatum {expected['day']} · {_cell(expected['debtor'])} · betaalwijze: {payment}"
    )
    if "text" in expected:
        head += f"\n\n{expected['text']}"
    whole = ["**Totaal**", "", "", "", *(f"**{_euro(one)}**" for one in expected["total"])]
    return "\n\n".join(
        [
            head,
            _table("lines", expected["lines"], [whole]),
            _table("totals", expected["totals"], []),
        ]
    )


def _held(name: str, expected: Mapping[str, Any]) -> str:
    with CATALOGUE.open("rb") as file:
        dutch = {one.id: one.string for one in read_po(file, locale="nl")}
    reason = TEXTS[HoldReason(expected["held"])]
    parts = [f"### {name}: blijft wachten", f"**{dutch[reason.what]}** {expected['text']}"]
    figures = [
        f"| {dutch[FIGURES[key]]} | {_euro(amount)} |"
        for key, amount in expected.get("figures", {}).items()
    ]
    if figures:
        parts.append("\n".join(["| Bedragen die botsen | Euro |", "| --- | ---: |", *figures]))
    return "\n\n".join(parts)


def _sum_of(day: Day) -> list[str]:
    """The day's totals, where there are several invoices to add up."""
    totals = [one.expected["total"] for one in day.documents if "total" in one.expected]
    if len(totals) < 2:
        return []
    excl, vat, incl = (_euro(str(sum(D(row[at]) for row in totals))) for at in range(3))
    return [f"Samen: € {excl} exclusief, € {vat} btw, € {incl} inclusief."]


def _table(kind: str, rows: list[list[str]], last: list[list[str]]) -> str:
    heads = PAGE_HEADS[kind]
    numbers = {"Aantal", "Stuksprijs incl.", "Tarief", "Excl.", "Btw", "Incl."}
    rule = ["---:" if head in numbers else "---" for head in heads]
    money = {at for at, head in enumerate(heads) if head in numbers - {"Tarief"}}
    parts = [
        [_euro(cell) if at in money else _cell(cell) for at, cell in enumerate(row)] for row in rows
    ]
    return "\n".join("| " + " | ".join(row) + " |" for row in [heads, rule, *parts, *last])


def _euro(amount: str) -> str:
    """Dutch notation: 1.043,45; unit prices keep the decimals they need."""
    text = f"{D(amount):,}"
    if "." in text and len(text.rpartition(".")[2]) > 2:
        whole, _, decimals = text.partition(".")
        text = f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".").replace("-", "−")


def _cell(text: str) -> str:
    return text.replace("%", " %").replace("<", "‹").replace(">", "›").replace("|", "/")


def _customer(facts: Mapping[str, Any]) -> dict[str, Any]:
    contact = dict(facts)
    name = " ".join(contact.get(part, "") for part in ("firstname", "middlename", "lastname"))
    address = Address(attention=" ".join(name.split()), **contact.pop("address"))
    shipping = contact.pop("shipping", None)
    return {
        **contact,
        "billing": address,
        "shipping": Address(**shipping) if shipping else address,
    }


def _order(facts: Mapping[str, Any], customer: Mapping[str, Any]) -> Order:
    number = facts["order"]
    made = datetime.fromisoformat(facts["made"])
    return Order(
        id=int("".join(sign for sign in number if sign.isdigit())),
        number=number,
        created_at=made,
        updated_at=made,
        status=OrderStatus(facts.get("status", "processing_awaiting_shipment")),
        payment_status=PaymentStatus(facts.get("payment_status", "paid")),
        price_excl=D(facts["total"][0]),
        price_incl=D(facts["total"][1]),
        payment_id=facts.get("payment", "ideal"),
        shipment=_charge(facts.get("shipping")),
        payment=_charge(facts.get("fee")),
        lines=tuple(_make_line(at, line) for at, line in enumerate(facts["lines"])),
        invoices=tuple(_bill(bill, 0) for bill in facts.get("invoices", [])),
        **customer,
    )


def _pair(facts: Mapping[str, Any], name: str, default: str = "0") -> tuple[Decimal, Decimal]:
    excl, incl = facts.get(name, [default, default])
    return D(excl), D(incl)


def _make_line(at: int, facts: Mapping[str, Any]) -> OrderLine:
    unit, off, total = _pair(facts, "unit"), _pair(facts, "discount"), _pair(facts, "line")
    return OrderLine(
        id=at,
        title=facts["title"],
        article_code=facts.get("code", ""),
        quantity=D(facts.get("quantity", 1)),
        tax_rate=D(facts["rate"]),
        base_price_excl=unit[0],
        base_price_incl=unit[1],
        discount_excl=off[0],
        discount_incl=off[1],
        price_excl=total[0],
        price_incl=total[1],
    )


def _item(at: int, facts: Mapping[str, Any]) -> InvoiceItem:
    line = _make_line(at, facts)
    shared = ("id", "title", "quantity", "tax_rate", "base_price_excl", "base_price_incl")
    return InvoiceItem(
        kind=facts.get("kind", "product"),
        variant=facts.get("variant", ""),
        price_excl=line.price_excl,
        price_incl=line.price_incl,
        **{name: getattr(line, name) for name in shared},
    )


def _charge(facts: Mapping[str, Any] | None) -> Charge:
    if facts is None:
        return Charge()
    excl, incl = _pair(facts, "line")
    taxes = tuple(
        TaxAmount(rate=D(rate), amount=D(amount)) for rate, amount in facts.get("taxes", [])
    )
    return Charge(
        title=facts["title"],
        tax_rate=D(facts["rate"]),
        tax_rates=taxes,
        price_excl=excl,
        price_incl=incl,
    )


def _bill(facts: Mapping[str, Any], order_id: int) -> ShopInvoice:
    made = datetime.fromisoformat(facts.get("made", "2026-01-01T00:00:00+01:00"))
    excl, incl = _pair(facts, "total")
    return ShopInvoice(
        id=int("".join(sign for sign in facts["bill"] if sign.isdigit())),
        number=facts["bill"],
        created_at=made,
        updated_at=made,
        status=InvoiceStatus(facts.get("bill_status", "paid")),
        is_credit_note=facts.get("credit", False),
        price_excl=excl,
        price_incl=incl,
        order_id=order_id or None,
        original_id=facts.get("original"),
    )


def _policy(facts: Mapping[str, Any]) -> Policy:
    settings = dict(facts)
    rates = settings.pop("foreign_rates", [])
    if "outside_vat_articles" in settings:
        settings["outside_vat_articles"] = frozenset(settings["outside_vat_articles"])
    if "source" in settings:
        settings["source"] = Source(settings["source"])
    if "zero_orders" in settings:
        settings["zero_orders"] = ZeroOrders(settings["zero_orders"])
    mapped = {(country, D(rate)): VatClass(kind) for country, rate, kind in rates}
    return Policy(foreign_rates=mapped, **settings)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
