"""Faults over real HTTP: what goes wrong on the way to an inbox can be made to go wrong."""

import socket
from urllib.parse import urlsplit

import pytest
import requests

from sandbox.asperion import Config, serve
from tests.sandbox.asperion.samples import document
from tests.sandbox.asperion.shop_client import Client
from tools.played_day import until

CONTENT = document()


def raw_put(url: str, content: bytes) -> bytes:
    """Place a file over a bare socket; give every byte of the answer, up to the close."""
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
        head = f"PUT {parts.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(content)}\r\n\r\n"
        connection.sendall(head.encode() + content)
        return b"".join(iter(lambda: connection.recv(4096), b""))


@pytest.mark.parametrize(("kind", "status"), [("lost-before", 404), ("lost-after", 200)])
def test_a_lost_acknowledgement_closes_the_socket_without_a_byte(
    client: Client, kind: str, status: int
) -> None:
    client.fault(kind)
    assert raw_put(client.address("a.xml"), CONTENT) == b""
    assert client.head("a.xml").status_code == status


@pytest.mark.parametrize("kind", ["lost-before", "lost-after"])
def test_a_connector_sees_a_broken_connection_and_may_ask_or_try_again(
    client: Client, kind: str
) -> None:
    client.fault(kind)
    with pytest.raises(requests.ConnectionError):
        client.put("a.xml", CONTENT)
    assert client.put("a.xml", CONTENT).status_code == (201 if kind == "lost-before" else 200)


@pytest.mark.parametrize("status", [401, 403, 500, 503, 507])
def test_a_refusing_inbox_stores_nothing(client: Client, status: int) -> None:
    client.fault(str(status))
    assert client.put("a.xml", CONTENT).status_code == status
    assert client.head("a.xml").status_code == 404
    assert client.put("a.xml", CONTENT).status_code == 201


@pytest.mark.parametrize("kind", ["truncated", "truncated-lost"])
def test_half_a_file_shows_another_digest_and_is_refused_at_import(
    client: Client, kind: str
) -> None:
    client.put("whole.xml", CONTENT)
    client.fault(kind)
    if kind == "truncated":
        assert client.put("half.xml", CONTENT).status_code == 201
    else:
        assert raw_put(client.address("half.xml"), CONTENT) == b""
    half, whole = client.head("half.xml"), client.head("whole.xml")
    assert half.headers["Repr-Digest"] != whole.headers["Repr-Digest"]
    assert int(half.headers["Content-Length"]) == len(CONTENT) // 2
    assert client.put("half.xml", CONTENT).status_code == 409
    assert [failed["name"] for failed in client.synchronise()["failed"]] == ["half.xml"]


def test_a_file_that_a_proxy_sends_twice_is_stored_and_refused(client: Client) -> None:
    client.fault("repeated")
    assert client.put("a.xml", CONTENT).status_code == 412
    assert client.head("a.xml").status_code == 200


def test_a_page_to_sign_in_answers_everything_and_stores_nothing(client: Client) -> None:
    client.fault("page", count=2)
    for answer in (client.put("a.xml", CONTENT), client.head("a.xml")):
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/html")
    assert client.head("a.xml").status_code == 404


def test_an_inbox_may_show_a_file_only_later(client: Client) -> None:
    client.put("a.xml", CONTENT)
    client.fault("head-404")
    assert [client.head("a.xml").status_code for _ in range(2)] == [404, 200]


def test_an_inbox_that_cannot_be_asked_says_so(client: Client) -> None:
    client.put("a.xml", CONTENT)
    client.fault("head-405")
    answer = client.head("a.xml")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "PUT")
    assert client.head("a.xml").status_code == 200


def test_an_inbox_without_hashes_only_says_that_the_file_is_there(client: Client) -> None:
    client.put("a.xml", CONTENT)
    client.fault("head-no-digest")
    answer = client.head("a.xml")
    assert answer.status_code == 200
    assert "Repr-Digest" not in answer.headers
    assert "ETag" not in answer.headers


def test_a_fault_lasts_for_its_count_and_its_licence(client: Client) -> None:
    other = Client(client.asperion, client.licence + "-other", client.http)
    client.fault("503", count=2)
    assert other.put("a.xml", CONTENT).status_code == 201
    assert [client.put("a.xml", CONTENT).status_code for _ in range(3)] == [503, 503, 201]


def test_a_fault_may_name_the_requests_it_hits(client: Client) -> None:
    client.fault("500", methods=["HEAD"])
    assert client.put("a.xml", CONTENT).status_code == 201
    assert client.head("a.xml").status_code == 500


def test_faults_can_be_listed_and_switched_off(client: Client) -> None:
    client.fault("500", count=5)
    url = f"{client.asperion.url}/_control/faults"
    assert [(f["kind"], f["count"]) for f in client.http.get(url).json()] == [("500", 5)]
    assert client.http.delete(url).status_code == 204
    assert client.put("a.xml", CONTENT).status_code == 201


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"kind": "fire"},
        {"kind": "500", "often": 3},
        {"kind": "500", "count": 0},
        {"kind": "500", "count": True},
        {"kind": "slow", "seconds": -1},
    ],
)
def test_a_fault_that_means_nothing_is_refused(client: Client, data: object) -> None:
    answer = client.http.post(f"{client.asperion.url}/_control/faults", json=data)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_slow_inbox_stores_what_the_connector_gave_up_on_and_stops_at_once() -> None:
    with serve(Config(port=0)) as asperion:
        asperion_url, store = asperion.url, asperion.store
        faults = f"{asperion_url}/_control/faults"
        requests.post(faults, json={"kind": "slow", "seconds": 3600}, timeout=60)
        with pytest.raises(requests.ReadTimeout):
            requests.put(f"{asperion_url}/inbox/L/a.xml", data=CONTENT, timeout=(60, 0.2))
        until(lambda: requests.get(faults, timeout=60).json() == [], what="the file to arrive")
    assert store.administration("L").inbox.get("a.xml") is not None
    with pytest.raises(requests.ConnectionError):
        requests.get(asperion_url, timeout=60)
