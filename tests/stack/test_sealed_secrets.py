"""Tokens and licence codes on the packaged stack: sealed at rest, each for its own shop, and sealed
anew when the data key is turned.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.stack.deeds import export, invoiced, open_secret, order, rows, standing, states
from tests.stack.test_sentinels import everything_stored
from tests.stack.test_turning import run, wait_until_known
from tests.stack.world import World
from tools.played_day import Day, scheduled_event

SECRETS = ("token", "licence")
OURS = {"Sec-Fetch-Site": "same-origin"}


def change_record(day: Day, **attributes: Any) -> None:
    """Write attributes of the shop's own record, past the connector; None takes one away."""
    names = {f"#{name}": name for name in attributes}
    given = {f":{name}": value for name, value in attributes.items() if value is not None}
    sets = ", ".join(f"#{name[1:]} = {name}" for name in given)
    gone = ", ".join(f"#{name}" for name, value in attributes.items() if value is None)
    day.client("dynamodb").update_item(
        TableName=day.stack.tables["shops"],
        Key={"shop_id": {"N": str(day.shop_id)}, "part": {"S": "shop"}},
        UpdateExpression=(f"SET {sets} " if sets else "") + (f"REMOVE {gone}" if gone else ""),
        ExpressionAttributeNames=names,
        **({"ExpressionAttributeValues": given} if given else {}),
    )


def stored_form(day: Day, name: str) -> dict[str, Any]:
    """An attribute of the shop's record, as DynamoDB has it."""
    found = day.client("dynamodb").get_item(
        TableName=day.stack.tables["shops"],
        Key={"shop_id": {"N": str(day.shop_id)}, "part": {"S": "shop"}},
    )
    return dict(found["Item"][name])


def watch(day: Day) -> None:
    day.invoke("watch", scheduled_event())
    day.queue_empty()


def store_plain(day: Day) -> dict[str, str]:
    """The record as a version before 1.3.0 wrote it; what it held."""
    plain = {what: open_secret(day, what) for what in SECRETS}
    sealed = dict.fromkeys(f"sealed_{what}" for what in SECRETS)
    change_record(day, **{what: {"S": text} for what, text in plain.items()}, **sealed)
    return plain


def test_after_an_installation_no_table_holds_token_or_licence_code(day: Day) -> None:
    day.install()
    secrets = [open_secret(day, what) for what in SECRETS]
    assert secrets[1] == day.licence
    items = list(everything_stored(day))
    assert any(str(day.shop_id) in item for item in items)
    for item in items:
        for secret in secrets:
            assert secret not in item


@pytest.mark.parametrize("what", SECRETS)
def test_a_secret_that_was_copied_from_another_shop_opens_nothing(
    world: World, day: Day, what: str
) -> None:
    other = world.day()
    day.install()
    other.install()
    order(day)
    day.webhooks_delivered()
    name = f"sealed_{what}"
    own = stored_form(day, name)
    change_record(day, **{name: stored_form(other, name)})

    export(day)

    assert set(states(day).values()) == {"waiting"}
    assert standing(day)["state"] == "active", "that is no refused token"
    shown = day.invoke("shops", {"shop_id": day.shop_id})
    assert shown["trouble"]["cause"] == "seal_broken"
    assert invoiced(other) == []
    change_record(day, **{name: own})  # what cannot be opened keeps its key from being retired


def test_what_an_earlier_version_stored_is_exported_and_sealed_by_the_watch(day: Day) -> None:
    day.install()
    plain = store_plain(day)
    sold = order(day)
    day.webhooks_delivered()

    export(day)
    assert invoiced(day) == [sold["number"]]
    watch(day)

    assert not set(SECRETS) & standing(day).keys()
    assert {what: open_secret(day, what) for what in SECRETS} == plain
    for text in plain.values():
        assert text not in str(rows(day, "shops"))


def test_the_data_key_is_turned_by_the_manual_and_nothing_is_lost(world: World, day: Day) -> None:
    day.install()
    day.browser.post(f"{day.stack.api_url}/pause", headers=OURS, timeout=60)
    assert standing(day)["state"] == "paused"
    before = {what: standing(day)[f"sealed_{what}"]["key"] for what in SECRETS}
    secrets = {what: open_secret(day, what) for what in SECRETS}

    wait_until_known(run(world, "make turn SECRET=data"))
    watch(day)
    said = run(world, "make retire SECRET=data")

    after = {what: standing(day)[f"sealed_{what}"]["key"] for what in SECRETS}
    assert set(after.values()) & set(before.values()) == set()
    assert f"disable-key --key-id {before['token']}" in said
    assert {what: open_secret(day, what) for what in SECRETS} == secrets
    day.browser.post(f"{day.stack.api_url}/resume", headers=OURS, timeout=60)
    sold = order(day)
    day.webhooks_delivered()
    export(day)
    assert invoiced(day) == [sold["number"]]
