"""Turns the data key: a new KMS key seals from then on, and whichever sealed a secret opens it."""

from __future__ import annotations

from typing import Any

import boto3

from chalicelib.adapters.dynamodb.schema import SHOPS
from chalicelib.adapters.dynamodb.shop_notes import RECORDS
from chalicelib.adapters.dynamodb.shop_seats import SEATS
from chalicelib.adapters.secret_values import read_values
from chalicelib.domain.sealed import OF_A_SHOP
from chalicelib.domain.seat_records import Invitations
from chalicelib.domain.vat_numbers import VatNumber
from tools import data_key
from tools.held_secret import write_values
from tools.standing import Standing, refuse_second_turn, refuse_to_retire_early, say_known

PARAMETER = "DataKeyParameter"
AT_ONCE = "echo '{}' | .venv/bin/chalice invoke --stage prod -n watch"
BACKUP_DAYS = 35
"""How far back DynamoDB restores a table to: what it restores is sealed as it was then."""


def turn_data(stack: Standing) -> str:
    """Make a new data key and put it in place."""
    held = stack.read(PARAMETER)
    present = read_values(held.text, held.name)
    if len(present) > 1:
        raise refuse_second_turn(held, "data")
    new = data_key.make_key(stack.name)
    write_values(held, [new, *present])
    known = say_known(stack, f"The new data key {new} stands before the present one in {held.name}")
    return (
        f"{known} AWS may take five minutes to let the functions use it; until then the former one "
        "seals. The nightly watch seals every shop's secrets anew; at once does it:\n"
        f"  {AT_ONCE}\nand then:\n  make retire SECRET=data"
    )


def retire_data(stack: Standing) -> str:
    """Retire the former data key, unless a secret is sealed under it still."""
    held = stack.read(PARAMETER)
    keys = read_values(held.text, held.name)
    refuse_to_retire_early(stack, "data", [(held, keys)])
    former = keys[-1]
    arn = data_key.find_arn(former)
    if arn is None:
        raise SystemExit(f"KMS knows no key {former}: put right what {held.name} names.")
    if shops := _list_shops_under(stack, arn):
        raise SystemExit(
            f"Secrets of {len(shops)} shops are sealed under the former data key still: "
            f"{_name_some(shops)}. The nightly watch seals them anew; at once does it:\n"
            f"  {AT_ONCE}\nIts log says which it could not open."
        )
    write_values(held, keys[:1])
    return (
        f"The former data key {arn} is used no more, and stands as it stood. A table that is "
        f"restored to a moment of before needs it: keep it for {BACKUP_DAYS} days. Then disable "
        "it, and let it be deleted when nothing missed it:\n"
        f"  aws kms disable-key --key-id {arn}\n"
        f"  aws kms schedule-key-deletion --pending-window-in-days 30 --key-id {arn}"
    )


def _list_shops_under(stack: Standing, arn: str) -> list[int]:
    """The shops with a secret that is sealed under a key; all of the table is read."""
    table = f"{stack.parameters['TablePrefix']}{SHOPS}"
    names = {f"#{what}": f"sealed_{what}" for what in OF_A_SHOP}
    pages = (
        boto3.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=table,
            ConsistentRead=True,
            # Former licence codes lie in one text with the changes.
            FilterExpression=" OR ".join(
                [
                    *(f"{name}.#key = :arn" for name in names),
                    "contains(licence_changes, :arn)",
                    # So do bookkeepers' addresses and VAT numbers with what is kept beside them.
                    "(contains(#values, :arn) AND begins_with(#part, :seat))",
                    "(contains(#values, :arn) AND begins_with(#part, :numbers))",
                    "(contains(#values, :arn) AND #part = :invitations)",
                ]
            ),
            ProjectionExpression="shop_id",
            ExpressionAttributeNames={
                **names,
                "#key": "key",
                "#part": "part",
                "#values": "values",
            },
            ExpressionAttributeValues={
                ":arn": {"S": arn},
                ":seat": {"S": SEATS},
                ":numbers": {"S": f"{RECORDS}{VatNumber.NAME}-"},
                ":invitations": {"S": f"{RECORDS}{Invitations.NAME}"},
            },
        )
    )
    found: list[dict[str, Any]] = [item for page in pages for item in page["Items"]]
    return sorted({int(item["shop_id"]["N"]) for item in found})


def _name_some(shops: list[int]) -> str:
    named = ", ".join(map(str, shops[:10]))
    return named if len(shops) <= 10 else f"{named} and {len(shops) - 10} more"
