"""Where shops' secrets are sealed and opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from chalicelib.domain.sealed import Sealed, SecretKind


class Vault(Protocol):
    """Seals the secrets of shops under the data key, each for one shop and one purpose."""

    def seal(self, shop_id: int, what: SecretKind, text: str) -> Sealed:
        """Seal a secret. Raises `VaultUnavailable`."""

    def open(self, shop_id: int, what: SecretKind, sealed: Sealed) -> str:
        """The secret itself, also of one that is plain still. Raises `SealBroken` when it was not
        sealed for this shop and purpose, or its key is gone; `VaultUnavailable`.
        """

    def holds(self, shop_id: int, what: SecretKind, sealed: Sealed, text: str) -> bool:
        """Whether that is what was sealed; told by its mark, without opening it."""

    def is_current(self, shop_id: int, what: SecretKind, sealed: Sealed) -> bool:
        """Whether it is sealed under the present data key, and marked by the present key of marks.
        Asks nobody, but for what the data key is. Raises `VaultUnavailable`.
        """
