"""A vault that everybody can look into."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.fingerprint import derive_key
from chalicelib.domain.marks import mark_secret, show_secret
from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.errors import SealBroken, VaultError

KEY = "arn:aws:kms:eu-central-1:000000000000:key/of-the-tests"
FORMER_KEY = f"{KEY}-before"
SECRET = "secret-of-marks"
SHOP_ID = 184520  # that of most tests


class MemoryVault:
    """Port `Vault`: what is sealed says for whom and what it is, in plain words. While `trouble` is
    set, everything raises it.
    """

    def __init__(self) -> None:
        self.trouble: VaultError | None = None
        self.opened: list[SecretKind] = []

    def seal(self, shop_id: int, what: SecretKind, text: str) -> Sealed:
        self._meet_trouble()
        return seal(text, what, shop_id)

    def open(self, shop_id: int, what: SecretKind, sealed: Sealed) -> str:
        self._meet_trouble()
        if sealed.is_plain:
            return sealed.content
        self.opened.append(what)
        start = _label(shop_id, what)
        if not sealed.content.startswith(start):
            raise SealBroken(f"The {what} of shop {shop_id} was sealed for another.")
        return sealed.content.removeprefix(start)

    def holds(self, shop_id: int, what: SecretKind, sealed: Sealed, text: str) -> bool:
        return seal(text, what, shop_id) == sealed or (sealed.is_plain and sealed.content == text)

    def is_current(self, shop_id: int, what: SecretKind, sealed: Sealed) -> bool:
        return sealed.key == KEY

    def _meet_trouble(self) -> None:
        if self.trouble is not None:
            raise self.trouble


def seal(text: str, what: SecretKind, shop_id: int = SHOP_ID) -> Sealed:
    """As `MemoryVault` seals it."""
    return Sealed(
        mark=mark_secret(what, text, derive_key(SECRET, shop_id)),
        content=_label(shop_id, what) + text,
        key=KEY,
        shown=show_secret(what, text),
    )


def seal_token(text: str, shop_id: int = SHOP_ID) -> Sealed:
    """A shop's token."""
    return seal(text, SecretKind.TOKEN, shop_id)


def seal_licence(text: str, shop_id: int = SHOP_ID) -> Sealed:
    """A licence code."""
    return seal(text, SecretKind.LICENCE, shop_id)


def look_into(sealed: Sealed | None) -> str | None:
    """What is sealed in there, whoever it is for."""
    return None if sealed is None else sealed.content.partition(": ")[2] or sealed.content


def sealed_before(sealed: Sealed) -> Sealed:
    """The same under a former data key."""
    return replace(sealed, key=FORMER_KEY)


def _label(shop_id: int, what: SecretKind) -> str:
    return f"{what} of {shop_id}: "
