from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from chalicelib.errors import (
    ShopError,
    ShopForbidden,
    ShopLanguageUnknown,
    ShopNotFound,
    ShopRateLimited,
    ShopRefused,
    ShopUnauthorised,
    ShopUnavailable,
)
from tests.unit.adapters.seoshop.support import (
    BASIC,
    NOW,
    SECRET,
    TOKEN,
    Answer,
    Call,
    Desk,
    answering,
    payload,
)

HTML = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"


def refusal(status: int, message: str = "Nee.", code: int | None = None) -> Answer:
    return Answer({"error": {"code": code or status, "message": message}}, status)


def raised(*answers: Answer) -> tuple[Desk, ShopError]:
    desk = Desk(answering(*answers))
    with pytest.raises(ShopError) as refused:
        desk.api.order(301204417)
    return desk, refused.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ShopRefused),
        (401, ShopUnauthorised),
        (403, ShopForbidden),
        (404, ShopNotFound),
        (405, ShopRefused),
        (422, ShopRefused),
        (429, ShopRateLimited),
    ],
)
def test_a_refusal_has_its_own_kind_carries_seoshops_words_and_is_not_repeated(
    status: int, kind: type[ShopError]
) -> None:
    desk, error = raised(refusal(status, "Dat mag niet."))
    assert type(error) is kind
    assert error.status == status
    assert "Dat mag niet." in str(error)
    assert len(desk.calls) == 1
    assert desk.time.slept == []


@pytest.mark.parametrize("body", [HTML, b"", b'{"message":"Unauthorized"}', b"{}", b'"error"'])
def test_a_401_of_a_page_in_front_of_seoshop_refuses_no_token(body: bytes) -> None:
    desk, error = raised(Answer(body, 401))
    assert type(error) is ShopUnavailable
    assert error.status == 401
    assert len(desk.calls) == 1


def test_a_404_that_is_not_seoshops_does_not_say_that_an_order_is_gone() -> None:
    _, error = raised(Answer(HTML, 404))
    assert isinstance(error, ShopUnavailable)


def test_an_inactive_language_does_not_say_that_an_order_is_gone() -> None:
    _, error = raised(refusal(404, "Unknown or inactive language."))
    assert isinstance(error, ShopLanguageUnknown)
    assert "open the app from the AppCenter again" in str(error)


@pytest.mark.parametrize("body", [HTML, b"", b'{"error":{"message":"Storing"}}', b"{"])
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_get_is_tried_twice_more_when_seoshop_is_down(status: int, body: bytes) -> None:
    desk, error = raised(Answer(body, status))
    assert isinstance(error, ShopUnavailable)
    assert error.status == status
    assert len(desk.calls) == 3
    assert desk.time.slept == [0.5, 1.0]


def test_a_get_that_works_at_the_third_try_is_as_good_as_any() -> None:
    desk = Desk(answering(Answer(b"", 503), Answer(HTML, 502), payload("order.json")))
    assert desk.api.order(301204417).number == "ORD00412"
    assert len(desk.calls) == 3


@pytest.mark.parametrize(
    "body",
    [
        HTML,
        b'{"order": {"id": 1',
        b"[1, 2]",
        b"null",
        b'"order"',
        b'{"order": NaN}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"order": {"id": 1e99999999999999999999}}',
        b"{}",
        b"",
        b'{"order": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: body[:20],
)
def test_an_answer_that_is_not_the_json_promised_is_unavailable_and_not_repeated(
    body: bytes,
) -> None:
    desk, error = raised(Answer(body))
    assert isinstance(error, ShopUnavailable)
    assert len(desk.calls) == 1


def test_a_body_with_an_error_is_an_error_though_the_status_is_200() -> None:
    _, error = raised(Answer({"error": {"code": 401, "message": "Access denied."}}))
    assert isinstance(error, ShopUnauthorised)
    _, error = raised(Answer({"error": "stuk"}))
    assert isinstance(error, ShopUnavailable)
    assert "stuk" in str(error)


@pytest.mark.parametrize("error", [None, False, [], 5, {"message": ["x"]}, {"code": "401"}])
def test_an_error_of_any_shape_is_one(error: object) -> None:
    _, refused = raised(Answer({"error": error, "order": payload("order.json")["order"]}))
    assert isinstance(refused, ShopUnavailable)


def test_seoshops_words_are_cut_and_cleaned() -> None:
    _, error = raised(refusal(400, "a\r\nb\x00\x1b[31m" + "x" * 5000))
    assert "a  b  [31m" in str(error)
    assert len(str(error)) < 400
    assert str(error).isprintable()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    answer = Answer(b"", status, {"Location": "https://evil.example/"})
    desk, error = raised(answer)
    assert isinstance(error, ShopUnavailable)
    assert len(desk.calls) == 1


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    desk, error = raised(Answer(b"[" + b" " * (11 * 1024 * 1024)))
    assert isinstance(error, ShopUnavailable)
    assert "over" in str(error)
    assert len(desk.calls) == 1


@pytest.mark.parametrize(
    "broken",
    [
        requests.ConnectTimeout(),
        requests.ReadTimeout(),
        requests.ConnectionError("naar host"),
        requests.exceptions.ChunkedEncodingError(),
        requests.exceptions.SSLError(),
        OSError("x"),
    ],
)
def test_a_broken_line_is_tried_twice_more_and_then_unavailable(broken: Exception) -> None:
    def answer(_: Call) -> Answer:
        raise broken

    desk = Desk(answer)
    with pytest.raises(ShopUnavailable) as refused:
        desk.api.order(301204417)
    assert len(desk.calls) == 3
    assert refused.value.status is None
    assert "naar host" not in str(refused.value)


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 429, 500])
def test_no_error_shows_anything_secret(status: int) -> None:
    _, error = raised(refusal(status))
    for secret in (SECRET, TOKEN, BASIC.removeprefix("Basic ")):
        assert secret not in str(error)


def test_a_second_refusal_is_not_even_asked_for() -> None:
    desk = Desk(answering(refusal(429)))
    for _ in range(3):
        with pytest.raises(ShopRateLimited) as limited:
            desk.api.order(301204417)
        assert limited.value.until == NOW + timedelta(minutes=5)
    assert len(desk.calls) == 1
