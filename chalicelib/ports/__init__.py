"""What the use cases need from the outside, as protocols. Adapters implement them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chalicelib.domain.tasks import Task
from chalicelib.ports.asperion_api import AccessTokens, AsperionApi, Identity, TokenGrant
from chalicelib.ports.keeping import Keeping, KeptItem
from chalicelib.ports.kept_seats import Seats
from chalicelib.ports.kept_shops import Lease, Shops
from chalicelib.ports.ledger_tables import Entries, Files, Numbered, StepTaken
from chalicelib.ports.outside import (
    LONGEST_DELAY,
    AddressNotice,
    AddressRequest,
    Backlog,
    ConnectionNotice,
    DestinationNotice,
    ExportQueue,
    Inbox,
    LicenceNotice,
    Mail,
    Mailer,
    MorningNotice,
    Notice,
    Presence,
    Receipt,
    SeatAccepted,
    SeatInvitation,
    SeatNotice,
    SeatProof,
    SeatRevoked,
    SignInLink,
)
from chalicelib.ports.own_secrets import AppPair, Secrets
from chalicelib.ports.shop import PAGE, ShopApi
from chalicelib.ports.vat_register import VatRegister
from chalicelib.ports.vault import Vault

Clock = Callable[[], datetime]
"""Returns now as an aware UTC datetime."""

__all__ = [
    "LONGEST_DELAY",
    "PAGE",
    "AccessTokens",
    "AddressNotice",
    "AddressRequest",
    "AppPair",
    "AsperionApi",
    "Backlog",
    "Clock",
    "ConnectionNotice",
    "DestinationNotice",
    "Entries",
    "ExportQueue",
    "Files",
    "Identity",
    "Inbox",
    "Keeping",
    "KeptItem",
    "Lease",
    "LicenceNotice",
    "Mail",
    "Mailer",
    "MorningNotice",
    "Notice",
    "Numbered",
    "Presence",
    "Receipt",
    "SeatAccepted",
    "SeatInvitation",
    "SeatNotice",
    "SeatProof",
    "SeatRevoked",
    "Seats",
    "Secrets",
    "ShopApi",
    "Shops",
    "SignInLink",
    "StepTaken",
    "Task",
    "TokenGrant",
    "VatRegister",
    "Vault",
]
