"""The back office shows the mail that apps sent about a shop."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.sandbox.seoshop.conftest import SHOP, Bench

PAGE = f"/backoffice/{SHOP}/mail"


@contextmanager
def catcher(*mails: dict[str, Any]) -> Iterator[str]:
    """A mail catcher with these mails, as local AWS shows them."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"messages": {"000000000000": mails}}).encode())

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def mail(
    text: str, subject: str = "Er wacht iets op u", to: str = "info@example.nl"
) -> dict[str, Any]:
    return {
        "To": [to],
        "Subject": subject,
        "BodyText": text,
        "Timestamp": "2026-03-14T03:45:00Z",
    }


def test_a_mail_is_shown_with_its_links_and_those_of_other_shops_are_not(bench: Bench) -> None:
    title = bench.platform.store.shops[SHOP].title
    link = "http://127.0.0.1:4566/unsubscribe?ticket=a.b"
    mine = mail(f"In {title} <b>wacht</b> iets.\n\n{link}\n")
    with catcher(mine, mail("Een andere winkel", "Elders", "ander@example.nl")) as url:
        bench.platform.mail_url = url
        page = bench.client.get(PAGE).text
    assert "Er wacht iets op u" in page
    assert "info@example.nl" in page
    assert f'href="{link}"' in page
    assert "&lt;b&gt;wacht&lt;/b&gt;" in page
    assert "Elders" not in page


def test_the_newest_comes_first(bench: Bench) -> None:
    title = bench.platform.store.shops[SHOP].title
    with catcher(mail(title, "Eerste"), mail(title, "Tweede")) as url:
        bench.platform.mail_url = url
        page = bench.client.get(PAGE).text
    assert page.index("Tweede") < page.index("Eerste")


def test_without_a_catcher_the_page_says_so(bench: Bench) -> None:
    for url in ("", "http://127.0.0.1:1/"):
        bench.platform.mail_url = url
        assert "geen e-mail opgevangen" in bench.client.get(PAGE).text


def test_a_mail_of_no_shop_is_shown_where_its_reader_is_known(bench: Bench) -> None:
    """A bookkeeper who was invited to the shop signs in; what SES's simulator gets, nobody does."""
    title, known = bench.platform.store.shops[SHOP].title, "boekhouder@kantoor.example"
    invited = mail(f"U bent uitgenodigd door {title}.", "Uitnodiging", known)
    signs_in = mail("Meld u aan.", "Uw link", known)
    elsewhere = mail("Meld u aan.", "Een link", "ander@kantoor.example")
    nobody = mail(f"{title}: meld u aan.", "Niemand", "success@simulator.amazonses.com")
    with catcher(invited, signs_in, elsewhere, nobody) as url:
        bench.platform.mail_url = url
        page = bench.client.get(PAGE).text
    assert "Uitnodiging" in page
    assert "Uw link" in page
    assert "Een link" not in page
    assert "Niemand" not in page
