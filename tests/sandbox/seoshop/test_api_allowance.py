from __future__ import annotations

from tests.sandbox.seoshop.conftest import SHOP, Bench


def limits(bench: Bench, *limits: int, per_second: int = 20) -> None:
    bench.control(
        f"shops/{SHOP}/limits", limits=list(limits), windows=[5, 60, 3600], per_second=per_second
    )


def test_each_answer_tells_limit_remainder_and_reset_of_three_windows(bench: Bench) -> None:
    bench.clock.forward(seconds=37)
    headers = bench.call("shop.json").headers
    assert headers["X-RateLimit-Limit"] == "300/3000/12000"
    assert headers["X-RateLimit-Remaining"] == "299/2999/11999"
    assert headers["X-RateLimit-Reset"] == "263/3563/53963"
    assert bench.call("nothing.json").headers["X-RateLimit-Remaining"] == "298/2998/11998"


def test_a_used_up_window_refuses_until_it_ends(bench: Bench) -> None:
    limits(bench, 2, 100, 100)
    assert [bench.call("shop.json").status_code for _ in range(3)] == [200, 200, 429]
    refused = bench.call("shop.json")
    assert refused.headers["X-RateLimit-Remaining"] == "0/98/98"
    assert refused.json
    assert refused.json["error"]["message"] == (
        "Too many requests in this time period. Try again later."
    )
    bench.clock.forward(seconds=4)
    assert bench.call("shop.json").status_code == 429
    bench.clock.forward(seconds=1)
    assert bench.call("shop.json").status_code == 200


def test_retry_after_is_absent_a_number_or_a_date(bench: Bench) -> None:
    limits(bench, 1, 100, 100)
    bench.call("shop.json")
    assert "Retry-After" not in bench.call("shop.json").headers
    bench.control("faults", switches={"retry_after": "seconds", "exhausted_remaining": -1})
    refused = bench.call("shop.json")
    assert refused.headers["Retry-After"] == "5"
    assert refused.headers["X-RateLimit-Remaining"] == "-1/99/99"
    bench.control("faults", switches={"retry_after": "date"})
    assert bench.call("shop.json").headers["Retry-After"] == "Sat, 14 Mar 2026 09:00:05 GMT"
    bench.control("faults", switches={"retry_after": "iso"})
    assert bench.call("shop.json").headers["Retry-After"] == "2026-03-14 09:00:05"


def test_more_than_so_many_a_second_is_too_many(bench: Bench) -> None:
    limits(bench, 100, 100, 100, per_second=3)
    assert [bench.call("shop.json").status_code for _ in range(4)] == [200, 200, 200, 429]
    bench.clock.forward(seconds=1)
    assert bench.call("shop.json").status_code == 200


def test_shops_do_not_share_an_allowance(bench: Bench) -> None:
    bench.control("shops", id=7, title="Tweede", language="nl")
    limits(bench, 1, 100, 100)
    bench.call("shop.json")
    assert bench.call("shop.json").status_code == 429
    bench.install(7)
    assert bench.call("shop.json").status_code == 200


def test_the_account_resource_reports_the_same(bench: Bench) -> None:
    report = bench.get("account/ratelimit.json")["accountRatelimit"]
    assert report["limit5Min"] == {
        "limit": 300,
        "remaining": 299,
        "reset": 300,
        "resetTime": "2026-03-14T10:05:00+01:00",
    }
    assert set(report) == {"limit5Min", "limitHour", "limitDay"}
