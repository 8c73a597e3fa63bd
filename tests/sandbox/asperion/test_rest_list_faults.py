"""Faults of the API's lists: half of them, late ones, without an end."""

from tests.sandbox.asperion.api_client import ApiClient, make_invoice
from tests.sandbox.asperion.conftest import MovableClock

PATH = "salesinvoiceswithlines"


def test_a_page_may_be_short_a_list_may_miss_one_or_repeat_one(books: ApiClient) -> None:
    for number in range(4):
        books.add_invoice(description=f"ORD{number}")
    whole = [each["id"] for each in books.items(PATH)]
    shown = {}
    for kind in ("short-page", "missing-item", "repeated-item"):
        books.fault(kind, path=PATH)
        page = books.read(PATH)
        shown[kind] = ([each["id"] for each in page["_data"]], page["_meta"]["totalCount"])
    assert shown == {
        "short-page": (whole[:2], 4),
        "missing-item": (whole[1:], 3),
        "repeated-item": ([whole[0], *whole], 4),
    }
    assert [each["id"] for each in books.items(PATH)] == whole


def test_a_list_may_lag_behind(books: ApiClient, clock: MovableClock) -> None:
    books.add_invoice()
    clock.pass_time(minutes=1)
    books.add_invoice(description="vers")
    books.fault("lagging", path=PATH, seconds=60, count=2)
    for _ in range(2):
        assert [each["id"] for each in books.items(PATH)] == [1]
    assert len(books.items(PATH)) == 2


def test_a_list_may_have_no_end(books: ApiClient) -> None:
    books.fault("endless-pages", count=-1)
    meta = books.read("debtors", page=5)["_meta"]
    assert "page=6" in meta["nextPage"]


def test_a_fault_of_lists_waits_for_a_list(books: ApiClient) -> None:
    books.fault("short-page")
    body = make_invoice(debtorCustomerNumber="1000001")
    assert books.call("POST", PATH, json=body).status_code == 201
    assert books.items(PATH) == []
