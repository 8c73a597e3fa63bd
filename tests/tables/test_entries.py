"""The port `Entries`: the way of an order through its states."""

from __future__ import annotations

import pytest

from chalicelib.domain.ledger import DocumentKind, EntryState, Hint, Outcome
from tests.tables.conftest import DAY, NOW, Ledger, after, heard, hint, stored

W, C, P, H, D = EntryState
FILE = "axml-orders-20260123-184520-001.xml"


def settled(ledger: Ledger, shop_id: int, key: str, to: EntryState, **outcome: str) -> bool:
    return ledger.entries.settle(
        shop_id, key, file=FILE, to=to, outcome=Outcome(**outcome), at=after(2)
    )


def placed(ledger: Ledger, shop_id: int, document_id: int = 301) -> str:
    entry = heard(ledger, shop_id, document_id)
    assert ledger.entries.claim(entry, FILE, at=after(1))
    assert settled(ledger, shop_id, entry.key, P, fingerprint="f" * 64)
    return entry.key


def story(ledger: Ledger, shop_id: int, key: str) -> list[tuple[str, str, str]]:
    return [(e.what, e.by, e.detail) for e in stored(ledger, shop_id, key).history]


def test_a_new_order_waits(ledger: Ledger, shop_id: int) -> None:
    assert ledger.entries.hear(shop_id, hint(), at=NOW, by="webhook")

    entry = stored(ledger, shop_id, "order-301")
    assert (entry.shop_id, entry.kind, entry.document_id) == (shop_id, DocumentKind.ORDER, 301)
    assert (entry.number, entry.day, entry.state, entry.since) == ("ORD00412", DAY, W, NOW)
    assert (entry.file, entry.hold, entry.hold_detail, entry.revision) == (None, None, "", 0)
    assert story(ledger, shop_id, entry.key) == [("waiting", "webhook", "")]


def test_an_order_heard_twice_is_one_order(ledger: Ledger, shop_id: int) -> None:
    entry = heard(ledger, shop_id)

    assert not ledger.entries.hear(shop_id, hint(), at=after(1), by="sweep")

    assert stored(ledger, shop_id, entry.key) == entry
    assert ledger.entries.count(shop_id, W) == 1


def test_the_same_number_in_two_shops_is_two_orders(ledger: Ledger, shop_id: int) -> None:
    heard(ledger, shop_id)
    assert ledger.entries.get(shop_id + 1_000_000, "order-301") is None


def test_an_order_and_an_invoice_of_one_id_are_two_documents(ledger: Ledger, shop_id: int) -> None:
    heard(ledger, shop_id)
    invoice = Hint(kind=DocumentKind.INVOICE, document_id=301, number="INV00301", day=DAY)
    assert ledger.entries.hear(shop_id, invoice, at=NOW, by="sweep")
    assert ledger.entries.count(shop_id, W) == 2


def test_an_order_and_its_reversal_share_a_number_and_are_two_documents(
    ledger: Ledger, shop_id: int
) -> None:
    order = heard(ledger, shop_id)
    reversal = Hint(kind=DocumentKind.REVERSAL, document_id=301, number=order.number, day=DAY)
    assert ledger.entries.hear(shop_id, reversal, at=NOW, by="merchant")
    assert not ledger.entries.hear(shop_id, reversal, at=NOW, by="merchant")
    found = ledger.entries.by_number(shop_id, order.number)
    assert [entry.kind for entry in found] == [DocumentKind.ORDER, DocumentKind.REVERSAL]
    assert found[1].key == reversal.key == "reversal-301"


@pytest.mark.parametrize("state", [H, D])
def test_a_held_or_dropped_order_waits_again_when_heard_again(
    ledger: Ledger, shop_id: int, state: EntryState
) -> None:
    entry = heard(ledger, shop_id)
    ledger.entries.claim(entry, FILE, at=after(1))
    settled(ledger, shop_id, entry.key, state, code="no-email", detail="x")

    assert ledger.entries.hear(shop_id, hint(number="ORD-OTHER"), at=after(3), by="sweep")

    again = stored(ledger, shop_id, entry.key)
    assert (again.state, again.since, again.file) == (W, after(3), None)
    assert (again.hold, again.hold_detail, again.number) == (None, "", entry.number)
    assert [what for what, _, _ in story(ledger, shop_id, entry.key)] == [
        "waiting",
        "claimed",
        state.value,
        "waiting",
    ]


def test_a_claimed_or_placed_order_stays_so_when_heard_again(ledger: Ledger, shop_id: int) -> None:
    entry = heard(ledger, shop_id)
    ledger.entries.claim(entry, FILE, at=after(1))
    assert not ledger.entries.hear(shop_id, hint(), at=after(2), by="webhook")
    settled(ledger, shop_id, entry.key, P)
    assert not ledger.entries.hear(shop_id, hint(), at=after(3), by="webhook")
    assert stored(ledger, shop_id, entry.key).state is P


def test_a_claim_takes_a_waiting_order_once(ledger: Ledger, shop_id: int) -> None:
    entry = heard(ledger, shop_id)

    claimed = ledger.entries.claim(entry, FILE, at=after(1))
    other = ledger.entries.claim(entry, "axml-orders-20260123-184520-002.xml", at=after(1))

    assert other is None
    assert claimed is not None
    assert claimed == stored(ledger, shop_id, entry.key)
    assert (claimed.state, claimed.file, claimed.since) == (C, FILE, after(1))
    assert story(ledger, shop_id, entry.key)[-1] == ("claimed", "export", FILE)


def test_an_order_nobody_heard_of_cannot_be_claimed(ledger: Ledger, shop_id: int) -> None:
    entry = heard(ledger, shop_id)
    stranger = type(entry)(
        shop_id=shop_id, kind=entry.kind, document_id=999, number="X", day=DAY, state=W, since=NOW
    )
    assert not ledger.entries.claim(stranger, FILE, at=NOW)
    assert ledger.entries.get(shop_id, "order-999") is None


def test_a_placed_order_keeps_its_file_and_fingerprint(ledger: Ledger, shop_id: int) -> None:
    key = placed(ledger, shop_id)
    entry = stored(ledger, shop_id, key)
    assert (entry.state, entry.file, entry.fingerprint) == (P, FILE, "f" * 64)
    assert (entry.since, entry.hold) == (after(2), None)
    assert story(ledger, shop_id, key)[-1] == ("placed", "export", FILE)


def test_a_held_order_says_why(ledger: Ledger, shop_id: int) -> None:
    entry = heard(ledger, shop_id)
    ledger.entries.claim(entry, FILE, at=after(1))

    assert settled(ledger, shop_id, entry.key, H, code="vat-rate", detail="DE 19")

    held = stored(ledger, shop_id, entry.key)
    assert (held.state, held.hold, held.hold_detail, held.file) == (H, "vat-rate", "DE 19", None)
    assert story(ledger, shop_id, entry.key)[-1] == ("held", "export", "vat-rate")


@pytest.mark.parametrize("to", [D, W])
def test_a_dropped_or_released_order_leaves_its_file(
    ledger: Ledger, shop_id: int, to: EntryState
) -> None:
    entry = heard(ledger, shop_id)
    ledger.entries.claim(entry, FILE, at=after(1))

    assert settled(ledger, shop_id, entry.key, to, code="cancelled", detail="x")

    left = stored(ledger, shop_id, entry.key)
    assert (left.state, left.file, left.hold, left.hold_detail) == (to, None, None, "")
    assert story(ledger, shop_id, entry.key)[-1] == (to.value, "export", "cancelled")


def test_only_the_file_that_claimed_an_order_settles_it(ledger: Ledger, shop_id: int) -> None:
    entry = heard(ledger, shop_id)
    assert not settled(ledger, shop_id, entry.key, P)
    ledger.entries.claim(entry, "axml-orders-20260123-184520-007.xml", at=after(1))
    assert not settled(ledger, shop_id, entry.key, P)
    assert not settled(ledger, shop_id, "order-999", P)
    assert stored(ledger, shop_id, entry.key).state is C


def test_an_order_is_settled_once(ledger: Ledger, shop_id: int) -> None:
    key = placed(ledger, shop_id)
    assert not settled(ledger, shop_id, key, H, code="late")
    assert stored(ledger, shop_id, key).state is P


def test_settling_into_a_claim_is_a_mistake(ledger: Ledger, shop_id: int) -> None:
    with pytest.raises(ValueError, match="out of its claim"):
        settled(ledger, shop_id, "order-301", C)


def test_sending_again_raises_the_revision_and_keeps_the_reason(
    ledger: Ledger, shop_id: int
) -> None:
    key = placed(ledger, shop_id)
    ledger.entries.mark_changed(shop_id, key, "total", at=after(3))

    assert ledger.entries.requeue(
        shop_id, key, expect=P, at=after(4), by="merchant", reason="deleted by mistake"
    )

    entry = stored(ledger, shop_id, key)
    assert (entry.state, entry.revision, entry.file, entry.change) == (W, 1, None, None)
    assert entry.fingerprint == "f" * 64
    assert story(ledger, shop_id, key)[-1] == ("waiting", "merchant", "deleted by mistake")
    assert ledger.entries.changed(shop_id) == []


def test_a_change_told_of_takes_its_print_along_unless_it_was_booked_anew(
    ledger: Ledger, shop_id: int
) -> None:
    key = placed(ledger, shop_id)
    before = stored(ledger, shop_id, key)

    def mark(known: str) -> bool:
        return ledger.entries.mark_changed(
            shop_id, key, "details", at=after(3), by="watch", reprint=(known, "g" * 64)
        )

    assert not mark("e" * 64)
    assert stored(ledger, shop_id, key) == before
    assert mark("f" * 64)
    entry = stored(ledger, shop_id, key)
    assert (entry.change, entry.fingerprint) == ("details", "g" * 64)
    assert story(ledger, shop_id, key)[-1] == ("changed", "watch", "details")


def test_releasing_a_held_order_leaves_the_revision(ledger: Ledger, shop_id: int) -> None:
    entry = heard(ledger, shop_id)
    ledger.entries.claim(entry, FILE, at=after(1))
    settled(ledger, shop_id, entry.key, H, code="payment")

    def requeue() -> bool:
        return ledger.entries.requeue(
            shop_id, entry.key, expect=H, at=after(4), by="merchant", reason="mapped"
        )

    assert requeue()
    assert not requeue()
    again = stored(ledger, shop_id, entry.key)
    assert (again.state, again.revision, again.hold) == (W, 0, None)


def test_an_unknown_order_is_not_requeued(ledger: Ledger, shop_id: int) -> None:
    assert not ledger.entries.requeue(
        shop_id, "order-999", expect=P, at=NOW, by="operator", reason="x"
    )
    assert ledger.entries.get(shop_id, "order-999") is None


@pytest.mark.parametrize("expect", [W, C])
def test_a_claimed_order_is_never_pulled_out_of_its_file_by_requeue(
    ledger: Ledger, shop_id: int, expect: EntryState
) -> None:
    with pytest.raises(ValueError, match="settle"):
        ledger.entries.requeue(shop_id, "order-301", expect=expect, at=NOW, by="x", reason="x")


def test_a_late_change_is_listed_until_somebody_has_seen_it(ledger: Ledger, shop_id: int) -> None:
    key = placed(ledger, shop_id)

    assert ledger.entries.mark_changed(shop_id, key, "cancelled", at=after(3))
    assert not ledger.entries.mark_changed(shop_id, key, "cancelled", at=after(4))
    assert [e.change for e in ledger.entries.changed(shop_id)] == ["cancelled"]

    assert ledger.entries.mark_changed(shop_id, key, None, at=after(5), by="merchant")
    assert not ledger.entries.mark_changed(shop_id, key, None, at=after(6), by="merchant")
    assert ledger.entries.changed(shop_id) == []
    assert stored(ledger, shop_id, key).since == after(2)
    assert story(ledger, shop_id, key)[-2:] == [
        ("changed", "sweep", "cancelled"),
        ("seen", "merchant", ""),
    ]


def test_only_placed_orders_can_have_changed_afterwards(ledger: Ledger, shop_id: int) -> None:
    entry = heard(ledger, shop_id)
    assert not ledger.entries.mark_changed(shop_id, entry.key, "total", at=NOW)
    assert not ledger.entries.mark_changed(shop_id, "order-999", "total", at=NOW)
    assert ledger.entries.changed(shop_id) == []
    assert ledger.entries.get(shop_id, "order-999") is None
