"""The ledger on DynamoDB: PynamoDB behind the ports `Shops`, `Entries` and `Files`.

Nothing outside this package imports PynamoDB.
"""

from __future__ import annotations

import logging
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamodb.schema import FILES, ORDERS, SHOPS
from chalicelib.domain.lifetimes import Lifetimes
from chalicelib.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from chalicelib.adapters.dynamodb.files_table import DynamoFiles
    from chalicelib.adapters.dynamodb.orders_table import DynamoEntries
    from chalicelib.adapters.dynamodb.shops_table import DynamoShops

__all__ = ["Tables", "open_tables"]

# PynamoDB logs every call with its arguments at DEBUG: tokens and licence codes among them.
logging.getLogger("pynamodb").setLevel(logging.INFO)


@dataclass(frozen=True)
class Tables:
    """The three tables of one installation. Each is opened at its first use, so that a function
    pays only for what it touches.
    """

    prefix: str
    region: str | None = None
    host: str | None = None
    lifetimes: Lifetimes = field(default_factory=Lifetimes)

    @cached_property
    def shops(self) -> DynamoShops:
        """The shops table."""
        from chalicelib.adapters.dynamodb.records import bind
        from chalicelib.adapters.dynamodb.shop_item import ShopItem
        from chalicelib.adapters.dynamodb.shops_table import DynamoShops

        return DynamoShops(
            bind(ShopItem, self.prefix + SHOPS, region=self.region, host=self.host), self.lifetimes
        )

    @cached_property
    def entries(self) -> DynamoEntries:
        """The orders table."""
        from chalicelib.adapters.dynamodb.entry_item import EntryItem
        from chalicelib.adapters.dynamodb.orders_table import DynamoEntries
        from chalicelib.adapters.dynamodb.records import bind

        return DynamoEntries(
            bind(EntryItem, self.prefix + ORDERS, region=self.region, host=self.host),
            self.lifetimes,
        )

    @cached_property
    def files(self) -> DynamoFiles:
        """The files table."""
        from chalicelib.adapters.dynamodb.file_item import FileItem
        from chalicelib.adapters.dynamodb.files_table import DynamoFiles
        from chalicelib.adapters.dynamodb.records import bind

        return DynamoFiles(
            bind(FileItem, self.prefix + FILES, region=self.region, host=self.host), self.lifetimes
        )


def open_tables(
    prefix: str,
    *,
    region: str | None = None,
    host: str | None = None,
    lifetimes: Lifetimes | None = None,
) -> Tables:
    """The tables ``<prefix>shops``, ``<prefix>orders`` and ``<prefix>files``.

    `region` and `host` (an endpoint's URL) default to the AWS SDK's own settings
    (`AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL`, …). Nothing is called before first use. `lifetimes`
    say until when what is written is kept.
    """
    return Tables(prefix, region, host, lifetimes or Lifetimes())
