"""A shop at work: the shop with everything that is needed to work on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.domain.behaviours import find_behaviour
from chalicelib.domain.events import Actor, AuditEvent, Cause, Event, OrderStep, ShopStep
from chalicelib.domain.fingerprint import Prints, administration_print, inbox_print, terms_print
from chalicelib.domain.ledger import (
    DocumentKind,
    Entry,
    EntryState,
    FileEntry,
    Hint,
    document_key,
)
from chalicelib.domain.life import UNSURE
from chalicelib.domain.print_keys import derive_key
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.shop_life import take_step
from chalicelib.domain.shops import Shop
from chalicelib.domain.ways import Way
from chalicelib.errors import ConnectionRefused, UnknownOrder
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import AsperionApi, Inbox, ShopApi, StepTaken
from chalicelib.usecases.asperion_tokens import TokenKeeper
from chalicelib.usecases.connector import Connector

if TYPE_CHECKING:  # the webhook function starts without Jinja2
    from chalicelib.axml import Profile

ALL_OPEN = 100_000
"""More waiting, claimed or held documents than any shop has."""


@dataclass
class Workspace:
    """One shop, and what a use case needs to work on it.

    `is_page`: a person waits for the answer, who may use the share of SEOshop's allowance that
    runs leave alone.
    """

    connector: Connector
    shop: Shop
    is_page: bool = False

    @property
    def shop_id(self) -> int:
        """The shop's number."""
        return self.shop.shop_id

    @cached_property
    def api(self) -> ShopApi:
        """SEOshop's API for this shop. Raises `ShopUnauthorised` without a token, `VaultError`."""
        is_page, connector = self.is_page, self.connector
        return connector.open_for_page(self.shop) if is_page else connector.open_shop(self.shop)

    @cached_property
    def inbox(self) -> Inbox:
        """The Asperion inbox of this shop. Raises `LicenceError` without a usable licence code,
        `VaultError`.
        """
        return self.connector.open_inbox(self.shop)

    @cached_property
    def asperion(self) -> AsperionApi:
        """Asperion's API in the shop's administration. Raises `ConnectionRefused` for a shop that
        has none, `AsperionUnavailable` as `open_administration`.
        """
        connection = self.shop.connection
        if connection is None:
            raise ConnectionRefused(f"Shop {self.shop_id} has no administration in Asperion.")
        return self.open_administration(connection.administration.id)

    @cached_property
    def access(self) -> TokenKeeper:
        """What opens the merchant's Asperion account, renewed when it is due."""
        return TokenKeeper(self.connector, self.shop_id)

    def open_administration(self, administration_id: int | None) -> AsperionApi:
        """Asperion's API in one of the administrations that the shop's connection opens (None: in
        none yet). Raises `AsperionUnavailable` where this installation offers no connection.
        """
        return self.connector.find_front_door().open_api(self.access, administration_id)

    @property
    def profile(self) -> Profile:
        """The aXML profile that the shop's files are written by: that of the behaviour it is on, or
        else the installation's. Raises `UnknownBehaviour`, `ProfileError`.
        """
        return self.connector.profile(find_behaviour(self.shop.behaviour).profile)

    @property
    def prints_keys(self) -> list[bytes]:
        """The keys that the shop's fingerprints may be made with, the one for new ones first; they
        are nowhere in the tables.
        """
        secrets = self.connector.secrets.print_secrets()
        return [derive_key(secret, self.shop_id) for secret in secrets]

    def read_prints(self, booked: Entry) -> Prints | None:
        """The fingerprints of a booked document; None when there are none to compare with."""
        return Prints.read(booked.fingerprint, self.prints_keys)

    def terms_print(self) -> str:
        """What a file remembers of the choices that its documents were judged by."""
        shop = self.shop
        key, behaviour = self.prints_keys[0], shop.behaviour
        return terms_print(shop.policy, shop.currency, shop.country, key, behaviour=behaviour)

    def inbox_print(self) -> str:
        """What a file remembers of the inbox that it is sent to. Raises `VaultError`."""
        return self.list_inbox_prints(self.open_licence())[0]

    def list_inbox_prints(self, licence: str) -> list[str]:
        """What files may remember of the inbox of a licence code: by the present key of prints, and
        by that of before, while it is being turned.
        """
        inbox_url = self.connector.settings.inbox_url
        return [inbox_print(inbox_url, licence, key) for key in self.prints_keys]

    def destination_print(self) -> str:
        """What a delivery remembers of where it goes: the inbox, or the administration. Raises
        `VaultError`.
        """
        connection = self.shop.connection
        if self.shop.way is Way.FILE or connection is None:
            return self.inbox_print()
        return self.list_administration_prints(connection.administration.id)[0]

    def list_administration_prints(self, administration_id: int) -> list[str]:
        """What deliveries may remember of an administration, likewise."""
        api_url = self.connector.settings.asperion_api_url
        return [administration_print(api_url, administration_id, key) for key in self.prints_keys]

    def open_licence(self) -> str:
        """The licence code itself, empty without one. Raises `VaultError`."""
        vault, sealed = self.connector.vault, self.shop.licence
        return "" if sealed is None else vault.open(self.shop_id, SecretKind.LICENCE, sealed)

    def now(self) -> datetime:
        """The connector's clock."""
        return self.connector.clock()

    def entry(self, key: str) -> Entry | None:
        """The document of that key, read consistently."""
        return self.connector.entries.get(self.shop_id, key)

    def entry_of(self, kind: DocumentKind, document_id: int) -> Entry | None:
        """The document of that kind and SEOshop id, read consistently."""
        return self.entry(document_key(kind, document_id))

    def entries_of(self, number: str) -> list[Entry]:
        """All documents of an order or invoice number, at least one. Raises `UnknownOrder`."""
        entries = self.connector.entries.find_by_numbers(self.shop_id, [number])
        if not entries:
            raise UnknownOrder(f"Order {number} is not known here.")
        return entries

    def claimed_keys(self) -> set[str]:
        """The documents that unfinished files hold. A list of what waits shows them as well."""
        return self.claimed_by(self.connector.files.list_unfinished(self.shop_id))

    def claimed_by(self, unfinished: Sequence[FileEntry]) -> set[str]:
        """The documents that these unfinished files hold."""
        held = {key for file in unfinished if _holds_all(file) for key in file.keys}
        # A file that is placed or void may have reported it to a part of its documents, and of a
        # delivery by API each has its own fate.
        decided = {key for file in unfinished for key in file.keys} - held
        entries = self.connector.entries.get_all(self.shop_id, decided) if decided else {}
        return held | {key for key, entry in entries.items() if entry.state is EntryState.CLAIMED}

    def list_waiting(
        self, *, limit: int, unfinished: Sequence[FileEntry] | None = None
    ) -> list[Entry]:
        """What waits for a file, oldest document first, without what an unfinished file holds;
        `unfinished` are those, where they were read already.
        """
        claimed = self.claimed_keys() if unfinished is None else self.claimed_by(unfinished)
        entries = self.connector.entries
        listed = entries.list_waiting(self.shop_id, limit=limit + len(claimed))
        return [entry for entry in listed if entry.key not in claimed][:limit]

    def count_waiting(self) -> int:
        """How many documents wait for a file."""
        listed = self.connector.entries.count_waiting(self.shop_id)
        return max(listed - len(self.claimed_keys()), 0)

    def record_hint(self, hint: Hint, by: Actor) -> bool:
        """Record that a document may be due; whether it waits because of this call."""
        return self.connector.entries.record_hint(self.shop_id, hint, at=self.now(), by=by)

    def correct_entry(self, entry: Entry, hint: Hint | None) -> Entry:
        """The document with number and day as `hint` has them, which is what the document itself
        says (None: it was not read); they are stored when others were.
        """
        if hint is None or hint == entry.hint:
            return entry
        self.connector.entries.correct_hint(self.shop_id, hint)
        return replace(entry, number=hint.number, day=hint.day)

    def record(
        self,
        key: str,
        step: OrderStep,
        *,
        by: Actor,
        cause: Cause | None = None,
        file: str | None = None,
        note: str = "",
        detail: str = "",
    ) -> Entry | None:
        """Record a step of a document that is taken now; see `ports.Entries.record`."""
        event = Event(at=self.now(), step=step, by=by, cause=cause, file=file, note=note)
        taken = StepTaken(key=key, event=event, detail=detail)
        return self.connector.entries.record(self.shop_id, taken)

    def update_shop(self, change: Callable[[Shop], Shop]) -> Shop:
        """Change the stored shop; see `ports.Shops.update`. What was opened for the shop as it was
        is opened anew at its next use.
        """
        self.shop = self.connector.shops.update(self.shop_id, change)
        self.__dict__.pop("api", None)
        self.__dict__.pop("inbox", None)
        self.__dict__.pop("asperion", None)
        return self.shop

    def change_shop(self, change: Callable[[Shop], Shop]) -> bool:
        """As `update_shop`; whether this very call changed the stored shop."""
        read: list[Shop] = []  # as it was last, in the moment of the change

        def note_and_change(stored: Shop) -> Shop:
            read[:] = [stored]
            return change(stored)

        return self.update_shop(note_and_change).version != read[-1].version

    def take_step(self, step: ShopStep, by: Actor) -> bool:
        """Let the shop take a step, if its state allows it, and say so in its audit. Whether it
        did; nothing is said of a step that changed nothing.
        """
        is_taken = self.change_shop(lambda stored: take_step(stored, step, by, at=self.now()))
        if is_taken:
            self.append_audit(step, by)
        return is_taken

    def append_audit(self, step: ShopStep, by: Actor, note: str = "") -> None:
        """Append to the shop's audit what somebody did just now."""
        event = AuditEvent(at=self.now(), step=step, by=by, note=note)
        self.connector.shops.append_audit(self.shop_id, event)


def _holds_all(file: FileEntry) -> bool:
    return file.state in UNSURE and file.shares_fate


def open_workspace(connector: Connector, shop_id: int, *, is_page: bool = False) -> Workspace:
    """The workspace of the shop of that number. Raises `UnknownShop`."""
    return Workspace(connector, connector.find_shop(shop_id), is_page=is_page)
