"""The inbox: what a connector may count on when it places a file or asks for one."""

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.sandbox.asperion.samples import document, order
from tests.sandbox.asperion.shop_client import Client

CONTENT = document()
NAME = "axml-orders-20141222-184520-001.xml"


def digest(content: bytes, algorithm: str = "sha256") -> str:
    return base64.b64encode(hashlib.new(algorithm, content).digest()).decode()


def test_a_new_file_is_created(client: Client) -> None:
    assert client.put(NAME, CONTENT).status_code == 201
    assert client.http.get(client.address(NAME)).content == CONTENT


def test_a_file_that_was_never_there_is_not_found(client: Client) -> None:
    assert client.head(NAME).status_code == 404


def test_asking_tells_length_hash_and_time(client: Client) -> None:
    client.put(NAME, CONTENT)
    answer = client.head(NAME)
    assert answer.status_code == 200
    assert answer.headers["Repr-Digest"] == f"sha-256=:{digest(CONTENT)}:"
    assert answer.headers["ETag"] == f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert answer.headers["Last-Modified"] == "Mon, 22 Dec 2014 05:30:00 GMT"
    assert "X-Imported" not in answer.headers
    assert answer.content == b""


def test_the_same_bytes_again_are_fine_and_other_bytes_conflict(client: Client) -> None:
    client.put(NAME, CONTENT)
    assert client.put(NAME, CONTENT).status_code == 200
    assert client.put(NAME, CONTENT + b" ").status_code == 409
    assert client.http.get(client.address(NAME)).content == CONTENT


def test_a_conditional_put_never_replaces(client: Client) -> None:
    assert client.put(NAME, CONTENT, If_None_Match="*").status_code == 201
    assert client.put(NAME, CONTENT, If_None_Match="*").status_code == 412
    assert client.put(NAME, CONTENT + b" ", If_None_Match="*").status_code == 412


def test_an_imported_file_stays_known(client: Client) -> None:
    client.put(NAME, CONTENT)
    client.synchronise()
    answer = client.head(NAME)
    assert answer.status_code == 200
    assert answer.headers["X-Imported"] == "2014-12-22T05:30:00+00:00"
    assert client.put(NAME, CONTENT, If_None_Match="*").status_code == 412


@pytest.mark.parametrize("field", ["Content-Digest", "Repr-Digest"])
def test_a_digest_is_checked_before_anything_is_stored(client: Client, field: str) -> None:
    right, wrong = f"sha-256=:{digest(CONTENT)}:", f"sha-256=:{digest(b'other')}:"
    assert client.put(NAME, CONTENT, **{field: wrong}).status_code == 400
    assert client.head(NAME).status_code == 404
    assert client.put(NAME, CONTENT, **{field: right}).status_code == 201


@pytest.mark.parametrize("field", ["sha-256=abc", "sha-256=:abc:", "nonsense", "sha-256=:"])
def test_a_malformed_digest_is_refused(client: Client, field: str) -> None:
    assert client.put(NAME, CONTENT, Content_Digest=field).status_code == 400


def test_digests_of_several_algorithms_may_come_together(client: Client) -> None:
    both = f"sha-512=:{digest(CONTENT, 'sha512')}:, sha-256=:{digest(CONTENT)}:, md5=:AAAA:"
    assert client.put(NAME, CONTENT, Content_Digest=both).status_code == 201
    half = f"sha-512=:{digest(b'other', 'sha512')}:, sha-256=:{digest(CONTENT)}:"
    assert client.put("other.xml", CONTENT, Content_Digest=half).status_code == 400


def test_a_file_of_20_mb_fits_and_one_byte_more_does_not(client: Client) -> None:
    limit = 20 * 1024 * 1024
    assert client.put("fits.xml", b"x" * limit).status_code == 201
    assert client.put("too-large.xml", b"x" * (limit + 1)).status_code == 413
    assert client.head("too-large.xml").status_code == 404


def test_a_compressed_body_is_refused(client: Client) -> None:
    assert client.put(NAME, CONTENT, Content_Encoding="gzip").status_code == 415


@pytest.mark.parametrize("name", ["%20", "a%00b.xml", "a%5Cb.xml", "x" * 201])
def test_a_name_that_is_no_plain_name_is_refused(client: Client, name: str) -> None:
    assert client.put(name, CONTENT).status_code == 400


def test_every_licence_code_opens_its_own_administration(client: Client) -> None:
    client.put(NAME, CONTENT)
    other = Client(client.asperion, f"{client.licence}-typo", client.http)
    assert other.head(NAME).status_code == 404
    assert other.put(NAME, document(order("ORD9"))).status_code == 201
    assert client.http.get(client.address(NAME)).content == CONTENT


def test_the_inbox_address_has_two_placeholders(client: Client) -> None:
    assert client.asperion.inbox_url == client.asperion.url + "/inbox/{licence}/{file}"


def test_files_are_listed_with_their_state(client: Client) -> None:
    client.put("b.xml", b"<x/>")
    client.put("a.xml", CONTENT)
    client.synchronise()
    client.put("c.xml", CONTENT)
    files = client.read("files")
    assert [(f["name"], f["state"], f["invoices"]) for f in files] == [
        ("a.xml", "imported", 1),
        ("b.xml", "rejected", 0),
        ("c.xml", "waiting", 0),
    ]
    assert files[0]["sha256"] == hashlib.sha256(CONTENT).hexdigest()


def test_reset_forgets_everything(client: Client) -> None:
    client.put(NAME, CONTENT)
    assert client.http.post(f"{client.asperion.url}/_control/reset").status_code == 204
    assert client.head(NAME).status_code == 404


def test_other_methods_are_not_for_the_inbox(client: Client) -> None:
    answer: requests.Response = client.http.delete(client.address(NAME))
    assert answer.status_code == 405


def test_of_many_conditional_puts_at_once_exactly_one_wins(client: Client) -> None:
    def place(number: int) -> int:
        headers = {"If-None-Match": "*"}
        content = CONTENT + b" " * number
        return requests.put(client.address(NAME), content, headers=headers, timeout=30).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(place, range(24)))
    assert sorted(statuses) == [201] + [412] * 23
