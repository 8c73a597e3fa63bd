"""A secret of a shop as it is kept: sealed, and told from another without being opened."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from chalicelib.lazy_dataclass import dataclass


class SecretKind(StrEnum):
    """What a secret is: it is sealed for one shop and for this. Stored: a value never changes."""

    TOKEN = "token"  # noqa: S105 (a kind of secret): SEOshop's, of one installation
    LICENCE = "licence"  # Asperion's code of an inbox
    MAIL_ADDRESS = "mail_address"  # where the merchant wants mail
    SEAT_ADDRESS = "seat_address"  # of a bookkeeper who has a seat, or is invited to one
    ASPERION_ACCESS = "asperion_access"  # opens the merchant's Asperion account for an hour or so
    ASPERION_REFRESH = "asperion_refresh"  # renews that one
    VAT_NUMBER = "vat_number"  # a customer's, for the list of intra-Community supplies

    @property
    def is_random(self) -> bool:
        """Whether it is too random to be guessed, so that a plain hash of it tells nothing."""
        return self in (
            SecretKind.TOKEN,
            SecretKind.ASPERION_ACCESS,
            SecretKind.ASPERION_REFRESH,
        )


OF_A_SHOP = (SecretKind.TOKEN, SecretKind.LICENCE, SecretKind.MAIL_ADDRESS)
"""Those of which a shop has one at most, kept in its own record; the others are in records beside
it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A secret that `ports.Vault` sealed for one shop and one `SecretKind`. Nothing of it is in
    `repr`.

    Two are equal when they hold the same value, however each is sealed: `mark` tells, see
    `marks.mark_secret`. `content` is what was sealed, in base64, and `key` the ARN of the KMS key;
    an empty `key` means that versions before 1.3.0 stored it as it is. `shown` is what pages may
    show of it.
    """

    mark: str = field(repr=False)
    content: str = field(repr=False, compare=False)
    key: str = field(repr=False, compare=False, default="")
    shown: str = field(repr=False, compare=False, default="")

    @property
    def is_plain(self) -> bool:
        """Whether it is not sealed yet."""
        return not self.key
