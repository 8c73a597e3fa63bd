"""DynamoDB's answers are taken as they come; errors, and what is no JSON, are the SDK's."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.adapters.dynamodb.entry_item import EntryItem
from chalicelib.adapters.dynamodb.file_item import FileItem
from chalicelib.adapters.dynamodb.plain_answers import read_plain
from chalicelib.adapters.dynamodb.quick_reading import QuickModel
from chalicelib.adapters.dynamodb.shop_item import ShopItem


def take(body: bytes, status: int = 200) -> tuple[bytes, dict[str, Any]]:
    """What is left to the SDK, and what was taken over."""
    answer: dict[str, Any] = {"status_code": status, "body": body}
    taken: dict[str, Any] = {}
    read_plain(response_dict=answer, customized_response_dict=taken, context={})
    return answer["body"], taken


def test_an_answer_is_taken_over_whole() -> None:
    body = b'{"Item": {"key": {"S": "order-1"}, "revision": {"N": "2"}}}'
    item = {"key": {"S": "order-1"}, "revision": {"N": "2"}}
    assert take(body) == (b"{}", {"Item": item})


@pytest.mark.parametrize(
    ("body", "status"), [(b'{"__type": "Refused"}', 400), (b"<html>", 200), (b"", 200), (b"7", 200)]
)
def test_an_error_and_what_is_no_answer_are_left_alone(body: bytes, status: int) -> None:
    assert take(body, status) == (body, {})


@pytest.mark.parametrize("model", [EntryItem, FileItem, ShopItem])
def test_no_attribute_is_binary_which_would_come_as_text(model: type[QuickModel]) -> None:
    assert not {each.attr_type for each in model.get_attributes().values()} & {"B", "BS"}
