"""The import screen: Financieel > Extra > Im-/Export Basis > Import orders (xml)."""

import re
from html import unescape

from tests.sandbox.asperion.conftest import SYNCHRONISE
from tests.sandbox.asperion.page_text import text
from tests.sandbox.asperion.samples import FIGURE_5, document
from tests.sandbox.asperion.shop_client import Client


def test_the_import_screen_shows_the_ten_rows_of_figure_4(client: Client) -> None:
    rows = re.findall(r"<tr id=.*?</tr>", client.page("/import"), re.DOTALL)
    shown = [re.sub(r" (van|met|voor) \S+( \(\w+\))?", "", text(row)) for row in rows]
    assert shown == [
        "Asperion Instellingen Inlezen",
        "Shop2Date (DataBecker) Instellingen Inlezen",
        "Mijnwebwinkel.nl Instellingen Synchroniseren",
        "MijnWinkel Instellingen Synchroniseren",
        "RightClick Instellingen Synchroniseren",
        "OsCommerce Instellingen Synchroniseren",
        "ICEShop Instellingen Synchroniseren",
        "QuickOffice Instellingen Synchroniseren",
        "Bratpack Instellingen Synchroniseren",
        "Webwinkelfacturen.nl Instellingen Synchroniseren",
    ]


def test_waiting_files_are_counted_beside_the_row(client: Client) -> None:
    client.put("a.xml", FIGURE_5)
    client.put("b.xml", FIGURE_5)
    assert "Webwinkelfacturen.nl 2 bestanden wachten" in text(client.page("/import"))


def test_synchronise_says_what_came_in_and_what_failed_and_why(client: Client) -> None:
    client.put("a.xml", FIGURE_5)
    client.put("b.xml", b"<Asperion>")
    page = text(client.post(SYNCHRONISE))
    assert "1 bestand ingelezen, 7 conceptfacturen toegevoegd." in page
    assert "b.xml Het bestand is geen geldige XML (regel 1" in page


def test_synchronise_with_nothing_waiting_says_so(client: Client) -> None:
    assert "Er wachtten geen bestanden." in text(client.post(SYNCHRONISE))


def test_a_refused_file_can_wait_again_or_be_removed(client: Client) -> None:
    client.put("b.xml", b"<Asperion>")
    client.post(SYNCHRONISE)
    assert "Het bestand wacht weer" in text(client.post("/files/b.xml/retry"))
    assert client.read("files")[0]["state"] == "waiting"
    client.post(SYNCHRONISE)
    assert "uit de inbox verwijderd" in text(client.post("/files/b.xml/remove"))
    assert client.head("b.xml").status_code == 404


def test_an_imported_file_cannot_be_removed_or_tried_again(figure_5: Client) -> None:
    name = "axml-orders-20141222-184520-001.xml"
    assert "niet meer zo in de inbox" in text(figure_5.post(f"/files/{name}/remove"))
    assert "niet meer zo in de inbox" in text(figure_5.post(f"/files/{name}/retry"))
    assert figure_5.head(name).status_code == 200


def test_the_other_rows_fetch_nothing_and_say_so(client: Client) -> None:
    client.put("a.xml", FIGURE_5)
    page = text(client.post("/import/mijnwinkel/synchronise"))
    assert "geen webwinkel gekoppeld" in page
    assert client.read("totals")["count"] == 0


def test_a_file_can_be_read_in_by_hand_once(client: Client) -> None:
    upload = {"file": ("mijn orders.xml", FIGURE_5, "text/xml")}
    assert "7 conceptfacturen toegevoegd" in text(
        client.post("/import/asperion/read", files=upload)
    )
    assert "niet nog eens ingelezen" in text(client.post("/import/asperion/read", files=upload))
    assert client.read("totals")["count"] == 7


def test_reading_in_without_a_file_asks_for_one(client: Client) -> None:
    assert "Kies eerst een bestand" in text(client.post("/import/asperion/read"))


def test_settings_decide_how_later_invoices_are_booked(client: Client) -> None:
    page = client.page("/import/webwinkelfacturen/settings")
    chosen = {
        name: unescape(value)
        for name, value in re.findall(
            r'<select[^>]*name="(\w+)".*?<option selected>(.*?)</option>', page, re.DOTALL
        )
    }
    assert list(chosen)[:5] == ["debtor_kind", "sales_high", "sales_low", "sales_none", "journal"]
    changed = chosen | {"debtor_kind": "Particulieren", "sales_high": "8001 Webwinkel hoog"}
    assert "bewaard" in text(client.post("/import/webwinkelfacturen/settings", data=changed))
    client.put("a.xml", document())
    client.synchronise()
    (invoice,) = client.read("invoices")
    assert invoice["debtor"]["kind"] == "Particulieren"
    assert invoice["lines"][0]["sales_type"] == "8001 Webwinkel hoog"
