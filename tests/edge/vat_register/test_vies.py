"""VIES over real HTTP, against the stand-in: an answer, or none; nothing in between."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
import requests

from chalicelib.adapters.vies import ViesRegister
from chalicelib.domain.vat_answers import Silence, VatAnswer, VatVerdict
from sandbox.vies import Config, Running, serve
from sandbox.vies.register_faults import RegisterFault

NOW = datetime(2026, 3, 15, 1, 15, tzinfo=UTC)
NUMBER, NOBODYS, OWN = "BE0403019261", "BE0123456749", "NL123456782B12"
IN_USE = VatAnswer(verdict=VatVerdict.VALID, at=NOW)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with serve(Config(port=0)) as vies:
        yield vies


@pytest.fixture
def vies(running: Running) -> Running:
    running.register.reset()
    return running


def open_register(vies: Running, call_time: float = 5.0) -> ViesRegister:
    return ViesRegister(vies.api_url, requests.Session, lambda: NOW, call_time)


def test_a_number_is_in_use_or_not(vies: Running) -> None:
    register = open_register(vies)
    assert register.ask(NUMBER) == IN_USE
    assert register.ask(NOBODYS) == VatAnswer(verdict=VatVerdict.INVALID, at=NOW)


def test_asked_in_ones_own_name_there_is_a_consultation_number(vies: Running) -> None:
    answer = open_register(vies).ask(NUMBER, OWN)
    assert isinstance(answer, VatAnswer)
    assert answer.consultation.startswith("WAPIAAAAZ")
    assert vies.register.questions[-1].requester == OWN


@pytest.mark.parametrize("number", ["EL094259216", "XI366303068"])
def test_greece_and_northern_ireland_are_asked_under_their_own_letters(
    vies: Running, number: str
) -> None:
    assert open_register(vies).ask(number) == IN_USE
    assert vies.register.questions[-1].number == number


def test_a_number_of_no_member_state_is_no_question(vies: Running) -> None:
    assert open_register(vies).ask("GB980780684") is Silence.QUESTION


def test_the_former_form_of_an_answer_is_understood(vies: Running) -> None:
    for number, verdict in ((NUMBER, VatVerdict.VALID), (NOBODYS, VatVerdict.INVALID)):
        vies.register.faults.add(RegisterFault("former-form"))
        assert open_register(vies).ask(number) == VatAnswer(verdict=verdict, at=NOW)


@pytest.mark.parametrize(
    ("kind", "silence"),
    [
        ("down", Silence.SERVICE),
        ("error", Silence.SERVICE),
        ("unavailable", Silence.SERVICE),
        ("too-many-of-all", Silence.SERVICE),
        ("blocked", Silence.SERVICE),
        ("garbage", Silence.SERVICE),
        ("page", Silence.SERVICE),
        ("huge", Silence.SERVICE),
        ("redirect", Silence.SERVICE),
        ("contradicting", Silence.SERVICE),
        ("another-number", Silence.SERVICE),
        ("state-unavailable", Silence.STATE),
        ("too-many", Silence.STATE),
        ("trouble-as-invalid", Silence.STATE),
        ("requester-refused", Silence.REQUESTER),
    ],
)
@pytest.mark.parametrize("number", [NUMBER, NOBODYS])
def test_what_goes_wrong_is_no_answer(
    vies: Running, kind: str, silence: Silence, number: str
) -> None:
    vies.register.faults.add(RegisterFault(kind))
    assert open_register(vies).ask(number, OWN) is silence
    assert open_register(vies).ask(NUMBER) == IN_USE, "the next question is answered"


@pytest.mark.parametrize("kind", ["slow", "trickle"])
def test_an_answer_that_takes_too_long_is_given_up(vies: Running, kind: str) -> None:
    vies.register.faults.add(RegisterFault(kind, seconds=30))
    assert open_register(vies, call_time=0.2).ask(NUMBER) is Silence.SERVICE


def test_nobody_listens() -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    register = ViesRegister(url, requests.Session, lambda: NOW)
    assert register.ask(NUMBER) is Silence.SERVICE


ODD = [
    "",
    "null",
    "[]",
    "42",
    "{}",
    '"valid"',
    '{"valid": "true"}',
    '{"valid": 1}',
    '{"valid": null}',
    '{"valid": true, "isValid": false}',
    '{"valid": true, "userError": "INVALID"}',
    '{"valid": true, "userError": "SOMETHING_NEW"}',
    '{"valid": true, "vatNumber": 403019261}',
    '{"valid": true, "countryCode": "DE"}',
    '{"valid": true, "errorWrappers": [{"error": "SOMETHING_NEW"}]}',
    '{"valid": true, "errorWrappers": [{}]}',
    '{"valid": true, "requestIdentifier": ["WAPI"]}',
    "[" * 60_000,
    '{"name": ' + "[" * 60_000,
    '{"valid": true}' + " " * 70_000,
    '\x00\xff{"valid": true}',
]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_an_odd_answer_is_none(text: str) -> None:
    assert ask_who_says(text) is Silence.SERVICE


@pytest.mark.parametrize(
    "text",
    [
        '{"valid": true}',
        '{"valid": true, "errorWrappers": [], "userError": "", "requestIdentifier": null}',
        '{"isValid": true, "userError": "VALID", "name": null}',
        '{"valid": true, "requestIdentifier": "<b>no number</b>"}',
        '{"valid": true, "requestIdentifier": "' + "W" * 41 + '"}',
    ],
)
def test_a_sparse_answer_is_one(text: str) -> None:
    assert ask_who_says(text) == IN_USE


def test_nothing_of_a_customer_is_kept_or_logged(
    vies: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    kinds = ("contradicting", "garbage", "too-many", "down", "error")
    for kind in (None, *kinds):
        if kind is not None:
            vies.register.faults.add(RegisterFault(kind))
        answer = repr(open_register(vies).ask(NUMBER, OWN))
        assert "Onderneming" not in answer
        assert "Registerstraat" not in answer
    own = [each for each in caplog.records if each.name.startswith("chalicelib")]
    assert len(own) == len(kinds)
    for record in own:
        said = repr(record.__dict__)
        assert not any(part in said for part in (NUMBER[2:], OWN[2:], "Onderneming", "straat"))


def ask_who_says(text: str) -> VatAnswer | Silence:
    """The answer of a server that says this under status 200."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        thread = threading.Thread(target=_say, args=(server, text.encode("latin-1")))
        thread.start()
        register = ViesRegister(f"http://127.0.0.1:{port}", requests.Session, lambda: NOW)
        try:
            return register.ask(NUMBER)
        finally:
            thread.join()


def _say(server: socket.socket, body: bytes) -> None:
    connection, _ = server.accept()
    with connection, connection.makefile("rb") as incoming:
        head = b"".join(iter(incoming.readline, b"\r\n"))
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if b"ength:" in line)
        incoming.read(length)
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )
