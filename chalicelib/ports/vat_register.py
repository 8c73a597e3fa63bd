"""The EU's register of VAT numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from chalicelib.domain.vat_answers import Silence, VatAnswer


class VatRegister(Protocol):
    """Says whether a VAT number is in use; see `domain.vat_answers`."""

    def ask(self, number: str, requester: str = "") -> VatAnswer | Silence:
        """Ask for a number in compact form (``BE0403019261``, Greek ones begin with ``EL``), in the
        name of the `requester`'s own, which gives the answer a consultation number. Takes some
        seconds at most, and never raises: what is no answer is a `Silence`.
        """

    def limit_time(self, call_time: float) -> VatRegister:
        """The same register, for whom a question may take so many seconds."""
