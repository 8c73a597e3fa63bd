"""``make up`` says where everything is: ``stack.json``, on which others build."""

from __future__ import annotations

import json

import requests

from tests.stack.world import World
from tools import local
from tools.local_settings import LOCAL_APP
from tools.played_day import Day

FUNCTIONS = {
    *("api_handler", "webhook", "daily_export", "export_shop", "watch"),
    *("rerun", "backfill", "report", "shops", "behaviours"),
}


def test_the_file_names_all_that_was_promised_and_each_answers(world: World, day: Day) -> None:
    said = json.loads((world.folder / local.STACK_FILE).read_text())

    assert set(said) >= {
        *("api_url", "aws_endpoint", "region", "functions", "tables", "queue_url"),
    }
    assert set(said["functions"]) == FUNCTIONS
    assert set(said["tables"]) == {"shops", "orders", "files"}
    assert requests.get(f"{said['api_url']}/health", timeout=60).status_code == 200
    for name in said["functions"].values():
        assert day.client("lambda").get_function(FunctionName=name)
    for name in said["tables"].values():
        assert day.client("dynamodb").describe_table(TableName=name)
    assert day.client("sqs").get_queue_attributes(QueueUrl=said["queue_url"])
    assert local.load(world.folder) == world.stack


def test_the_stack_is_bound_to_this_machine_alone(world: World) -> None:
    assert world.stack.aws_endpoint.startswith("http://127.0.0.1:")


def test_the_queue_has_its_share_as_a_number(world: World, day: Day) -> None:
    sources = day.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    assert [each["ScalingConfig"] for each in sources] == [{"MaximumConcurrency": 20}]


def test_health_says_nothing_secret(world: World) -> None:
    text = requests.get(f"{world.stack.api_url}/health", timeout=60).text

    for secret in LOCAL_APP.values():
        assert secret not in text
    assert world.asperion.url not in text


def test_head_answers_as_get_without_a_body(world: World) -> None:
    asked = requests.head(f"{world.stack.api_url}/health", timeout=60)

    assert (asked.status_code, asked.text) == (200, "")
    assert asked.headers["Content-Type"].startswith("application/json")
