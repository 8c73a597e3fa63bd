"""The merchant chooses an administration, confirms how invoices are booked there, and lets them go
there or by file again.

Each change has the shop's lease, as the closing of a period: a run that has lost the lease looks at
the shop once more before it sends anything. What a run left undecided stays asked for where it was
made for, so that no order goes both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from chalicelib.domain.administrations import Administration, AdministrationLists
from chalicelib.domain.choice_problems import ChoiceProblem, check_choices
from chalicelib.domain.connection import ApiChoices, AsperionTokens, Connection
from chalicelib.domain.connection_changes import ConnectionChange, ConnectionStep
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.proposing import list_kinds
from chalicelib.domain.shops import Shop
from chalicelib.domain.told_changes import MOST_A_DAY, count_of_day
from chalicelib.domain.ways import Way
from chalicelib.errors import LicenceError, RequestError, ShopBusy
from chalicelib.usecases.filing.shop_lease import take_lease
from chalicelib.usecases.filing.wishes import let_go
from chalicelib.usecases.shop.connecting import (
    MENDED_BY_CONNECTING,
    NOT_INSTALLED,
    ConnectObstacle,
    ConnectRefused,
    list_administrations,
)
from chalicelib.usecases.shop.connection_change import change_connection
from chalicelib.usecases.shop.installing import export_soon
from chalicelib.usecases.shop.trouble import clear_trouble, read_trouble
from chalicelib.usecases.workspace import Workspace

LISTS_TIME = timedelta(seconds=20)
"""How long reading the lists of an administration may take while a person waits."""

MOST_DEBTORS_SEEN = 200
"""Of the administration, to see which kinds are in use."""
