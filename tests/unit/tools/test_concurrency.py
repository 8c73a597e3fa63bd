"""How many exports an account has room for."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from tools.concurrency import EXPORTS, WEBHOOKS, Share, find_share


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The account: how many functions at once are kept for none of them."""
    account = {"UnreservedConcurrentExecutions": 1000}

    class Lambda:
        def get_account_settings(self) -> dict[str, Any]:
            return {"AccountLimit": account}

    monkeypatch.setattr(boto3, "client", lambda name: {"lambda": Lambda()}[name])
    return account


def set_free(account: dict[str, int], free: int) -> None:
    account["UnreservedConcurrentExecutions"] = free


def test_an_account_with_room_says_nothing(free: dict[str, int]) -> None:
    assert find_share({}, {}, "50") == Share()
    assert find_share({EXPORTS: "945"}, {}, "50") == Share()


def test_a_small_account_gets_as_many_as_it_has_room_for_unless_somebody_said(
    free: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    set_free(free, 10)
    assert find_share({}, {}, "0") == Share(parameters={EXPORTS: "5"})
    assert "room for 5 exports" in capsys.readouterr().out
    (said,) = find_share({EXPORTS: "20"}, {}, "0").lacking
    assert said.startswith("deploy with EXPORT_CONCURRENCY=5, or ask AWS")
    assert "L-B99A9384" in said
    assert find_share({}, {EXPORTS: "20"}, "0").lacking == (said,)


def test_an_account_without_room_for_any_says_to_ask_for_more(free: dict[str, int]) -> None:
    set_free(free, 6)
    (said,) = find_share({}, {}, "0").lacking
    assert said.startswith("ask AWS for more")
    assert "room for 1 exports side by side, not for 20" in said


def test_what_a_stack_keeps_for_webhooks_already_is_not_counted_twice(
    free: dict[str, int],
) -> None:
    set_free(free, 100)
    assert find_share({EXPORTS: "95"}, {WEBHOOKS: "50"}, "50") == Share()
    assert find_share({EXPORTS: "96"}, {WEBHOOKS: "50"}, "50").lacking
    assert find_share({EXPORTS: "95"}, {WEBHOOKS: "50"}, "51").lacking
