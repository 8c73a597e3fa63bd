"""A merchant opens the connector in the morning, and sees what came of yesterday in euro."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from chalicelib.domain.days import local_day
from chalicelib.domain.statement import statement_name
from tests.browser.conftest import Visit
from tests.browser.test_journey import plain
from tools.played_day import Day


def test_yesterdays_total_stands_at_the_top_in_euro(day: Day, visit: Callable[..., Visit]) -> None:
    visitor = visit("desk", "phone")
    page = visitor.page
    day.install()
    page.goto(day.make_link())
    for order_id in day.scenario("figuur5").values():
        day.pay(order_id)
    day.webhooks_delivered()
    day.night()
    let_a_day_pass(day)

    page.goto(f"{day.stack.api_url}/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Alles is binnen")
    row = page.locator(".periods tr").filter(has_text="Gisteren")
    cells = [plain(cell.inner_text()) for cell in row.locator("td").all()]
    assert cells == ["7", "€ 887,30", "€ 156,15", "€ 1.043,45"]
    visitor.examine("40-yesterday")
    page.get_by_text("De cijfers per dag").click()
    expect(page.locator(".by-day tbody tr").first).to_contain_text("1.043,45")
    visitor.check_accessibility("40-yesterday-by-day")


def let_a_day_pass(day: Day) -> None:
    """As if the statement that was just drawn up were yesterday's."""
    today = local_day(datetime.now(UTC))
    table, client = day.stack.tables["shops"], day.client("dynamodb")
    yesterday = today - timedelta(days=1)
    key = {"shop_id": {"N": str(day.shop_id)}, "part": {"S": f"note#{statement_name(today)}"}}
    item = client.get_item(TableName=table, Key=key)["Item"]
    written = item["values"]["S"].replace(f'"day": "{today}"', f'"day": "{yesterday}"')
    moved = {"part": {"S": f"note#{statement_name(yesterday)}"}, "values": {"S": written}}
    client.put_item(TableName=table, Item={**item, **moved})
    client.delete_item(TableName=table, Key=key)
