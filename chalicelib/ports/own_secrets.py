"""The connector's own secrets, as they are at this moment."""

from __future__ import annotations

from dataclasses import field
from typing import Protocol

from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class AppPair:
    """The SEOshop app's key, which is public, and its secret."""

    key: str
    secret: str = field(repr=False)


class Secrets(Protocol):
    """The connector's own secrets. Each may have two values while it is being turned, the new one
    first; none is without a value.

    Values turn while a process runs: they are asked for anew each time. Every method raises
    `errors.SettingsError` as long as its secret has never been usable in this process; once it has
    been, the last good values go on.
    """

    def app_pairs(self) -> tuple[AppPair, ...]:
        """The SEOshop app's pairs. A key with two secrets is paired with both, and the reverse."""

    def app_secrets(self) -> tuple[str, ...]:
        """The secrets of these pairs: what proves a call of SEOshop, without the key."""

    def session_secrets(self) -> tuple[str, ...]:
        """What signs the merchants' sessions."""

    def print_secrets(self) -> tuple[str, ...]:
        """What the keys of fingerprints are derived from."""

    def asperion_secrets(self) -> tuple[str, ...]:
        """The connector's own secrets at Asperion's identity server, where it has a client id."""
