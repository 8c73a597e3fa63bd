"""The pages, read as a merchant reads them."""

import re

import pytest

from tests.sandbox.asperion.page_text import table, text
from tests.sandbox.asperion.samples import document, order, orderline
from tests.sandbox.asperion.shop_client import Client


def test_the_invoice_list_is_figure_5(figure_5: Client) -> None:
    page = figure_5.page("/invoices")
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page) == [
        "Betref", "Periode", "Factuur datum", "Deb nr.", "Debiteur", "Bedrag excl. BTW",
        "Bedrag incl. BTW", "Betaalwijze",
    ]  # fmt: skip
    first = "Bestelling ORD0000"
    assert list(table(page)) == [
        [first + "38", "12-2014", "21-12-2014", "2269322", "cccc cccc",
         "€ 699,17", "€ 824,80", "IDEAL"],
        [first + "33 factuur INV000037", "11-2014", "17-11-2014", "3636059", "Sophie F",
         "€ 31,75", "€ 38,00", "Op factuur"],
        [first + "32 factuur INV000038", "11-2014", "16-11-2014", "2269322", "cccc cccc",
         "€ 56,95", "€ 68,50", "Op factuur"],
        [first + "30 factuur INV000021", "11-2014", "11-11-2014", "3568347", "Sophie Fischer",
         "€ 32,08", "€ 32,08", "Op factuur"],
        [first + "29 factuur INV000020", "10-2014", "10-10-2014", "2269322", "cccc cccc",
         "€ 29,34", "€ 34,07", "Op factuur"],
        [first + "02 factuur INV000002", "07-2014", "03-07-2014", "2269322", "cccc cccc",
         "€ 23,96", "€ 29,00", "Op factuur"],
        [first + "01 factuur INV000001", "06-2014", "16-06-2014", "2269322", "cccc cccc",
         "€ 14,05", "€ 17,00", "Op factuur"],
        ["Totaal", "€ 887,30", "€ 1.043,45"],
    ]  # fmt: skip


def test_the_newest_invoice_date_comes_first_whatever_the_order_in_the_file(
    client: Client,
) -> None:
    days = ("2014-03-02", "2014-03-31", "2014-03-01")
    client.put("a.xml", document(*(order(f"ORD{day}", date=day) for day in days)))
    client.synchronise()
    shown = [row[2] for row in list(table(client.page("/invoices")))[:-1]]
    assert shown == ["31-03-2014", "02-03-2014", "01-03-2014"]


def numbers(client: Client) -> dict[str, str | None]:
    return {i["order_number"]: i["number"] for i in client.read("invoices")}


def test_chosen_concepts_become_final_and_get_a_number_by_date(figure_5: Client) -> None:
    page = text(figure_5.post("/invoices", data={"action": "final", "invoice": [2, 1]}))
    assert "2 facturen definitief gemaakt." in page
    found = numbers(figure_5)
    assert (found["ORD000001"], found["ORD000002"]) == ("201400001", "201400002")
    assert found["ORD000029"] is None


def test_a_final_invoice_keeps_its_number(figure_5: Client) -> None:
    figure_5.post("/invoices", data={"action": "final", "invoice": [1]})
    again = figure_5.post("/invoices", data={"action": "final", "invoice": [1]})
    assert "niets om uit te voeren" in text(again)
    assert numbers(figure_5)["ORD000001"] == "201400001"


def test_all_concepts_can_become_final_at_once_and_keep_their_numbers(figure_5: Client) -> None:
    figure_5.post("/invoices", data={"action": "final", "invoice": [3]})
    assert "6 facturen definitief" in text(figure_5.post("/invoices", data={"action": "final-all"}))
    found = numbers(figure_5)
    assert found["ORD000029"] == "201400001"
    assert sorted(str(n) for n in found.values()) == [f"20140000{i}" for i in range(1, 8)]
    assert "niets om uit te voeren" in text(
        figure_5.post("/invoices", data={"action": "final-all"})
    )


def test_a_concept_can_be_deleted_and_a_final_invoice_cannot(figure_5: Client) -> None:
    figure_5.post("/invoices", data={"action": "final", "invoice": [1]})
    both = {"action": "delete", "invoice": [1, 2]}
    assert "Er is niets verwijderd" in text(figure_5.post("/invoices", data=both))
    assert len(numbers(figure_5)) == 7
    one = {"action": "delete", "invoice": [2]}
    assert "1 factuur verwijderd." in text(figure_5.post("/invoices", data=one))
    assert "ORD000002" not in numbers(figure_5)


def test_the_list_can_be_narrowed_and_its_total_with_it(figure_5: Client) -> None:
    found = list(table(figure_5.page("/invoices?q=sophie")))
    assert found[-1] == ["Totaal", "€ 63,83", "€ 70,08"]
    figure_5.post("/invoices", data={"action": "final", "invoice": [1]})
    assert list(table(figure_5.page("/invoices?status=definitief")))[-1][-1] == "€ 17,00"
    assert "Geen facturen gevonden" in figure_5.page("/invoices?q=niemand")


def test_a_long_list_has_pages_and_one_total(client: Client) -> None:
    client.put("a.xml", document(*(order(f"ORD{i:04}") for i in range(101))))
    client.synchronise()
    first, second = client.page("/invoices"), client.page("/invoices?page=2")
    assert "Pagina 1 van 2 Volgende" in text(first)
    assert "Vorige Pagina 2 van 2" in text(second)
    assert (len(list(table(first))), len(list(table(second)))) == (101, 2)
    assert (
        list(table(first))[-1] == list(table(second))[-1] == ["Totaal", "€ 2.020,00", "€ 2.444,20"]
    )


def test_one_invoice_shows_lines_rates_debtor_and_file(figure_5: Client) -> None:
    page = text(figure_5.page("/invoices/7"))
    assert (
        "Eettafel eiken SKU-1 1 € 557,85 Hoog (21 %) code 1 8000 Omzet hoog € 557,85 € 117,15"
        in page
    )
    assert "6 % € 141,32 € 8,48 € 149,80" in page
    assert "cccc@example.com" in page
    assert "axml-orders-20141222-184520-001.xml" in page
    assert "Volgt bij definitief maken" in page


def test_a_deviation_is_shown_in_the_list_and_explained_on_the_invoice(client: Client) -> None:
    client.put("a.xml", document(order("ORD1", orderline("21", "10.00", "3.00", "13.00"))))
    client.synchronise()
    assert "Afwijking" in text(client.page("/invoices"))
    assert "21 % over € 10,00 is € 2,10, niet € 3,00" in text(client.page("/invoices/1"))


def test_a_double_order_points_at_its_twin(client: Client) -> None:
    client.put("a.xml", document())
    client.put("b.xml", document())
    client.synchronise()
    assert "Order ORD000001 staat 2 keer in de facturen" in text(client.page("/invoices/1"))


def test_hostile_text_is_shown_as_text(client: Client) -> None:
    more = "<Description>&lt;script&gt;alert(1)&lt;/script&gt;</Description>"
    client.put("a.xml", document(order(more=more)))
    client.synchronise()
    assert "<script>alert" not in client.page("/invoices") + client.page("/invoices/1")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "Nog geen facturen"),
        ("/invoices", "Nog geen facturen"),
        ("/import", "Alles is ingelezen"),
        ("/debtors", "Nog geen debiteuren"),
    ],
)
def test_an_empty_administration_is_friendly(client: Client, path: str, words: str) -> None:
    assert words in text(client.page(path))


def test_a_licence_code_opens_its_administration(client: Client) -> None:
    answer = client.http.get(client.asperion.url, params={"licence": client.licence})
    assert answer.url == f"{client.asperion.url}/{client.licence}"
    assert client.licence in client.http.get(client.asperion.url).text


@pytest.mark.parametrize("path", ["/invoices/999", "/import/onzin/settings", "/nergens"])
def test_a_page_that_is_not_there_says_so_in_dutch(client: Client, path: str) -> None:
    answer = client.http.get(f"{client.asperion.url}/{client.licence}{path}")
    assert answer.status_code == 404
    assert "Deze pagina is er niet" in answer.text


def test_pages_load_nothing_from_elsewhere(figure_5: Client) -> None:
    answer = figure_5.http.get(f"{figure_5.asperion.url}/{figure_5.licence}/invoices")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert not re.search(r'(src|href)="(https?:)?//', answer.text)
