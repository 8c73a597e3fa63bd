"""Where a line lands in the VAT returns: the box of the Dutch return, or another return.

`docs/books.md` has the source of each.
"""

from __future__ import annotations

from enum import StrEnum

from chalicelib.lazy_dataclass import dataclass


class ReturnBox(StrEnum):
    """A box of the Dutch VAT return, or the return in its place. Stored: a value never changes."""

    GENERAL = "1a"  # the general rate
    REDUCED = "1b"  # the reduced rate
    OTHER = "1c"  # another rate than these, not 0
    ZERO = "1e"  # 0 %, or reverse-charged at home
    EXPORT = "3a"  # to outside the EU
    EU = "3b"  # to businesses in the EU; in the list of intra-Community supplies as well
    OSS = "oss"  # consumers in the EU, in the one-stop-shop return
    SMALL_BUSINESS = "kor"  # exempt by the small-business scheme: in no return
    OUTSIDE_VAT = "outside"  # outside VAT, such as gift cards and deposits: in no return
    FOREIGN = "foreign"  # VAT of another country, in that country's own return


class Supply(StrEnum):
    """What is supplied. Stored: a value never changes."""

    GOODS = "goods"
    SERVICES = "services"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPlace:
    """Where a line lands. `distance_to` is the other member state (alpha-2) that goods went to, of
    a consumer who was charged the shop's own VAT: what counts for the threshold of the
    one-stop-shop scheme. Empty otherwise.
    """

    box: ReturnBox
    supply: Supply = Supply.GOODS
    distance_to: str = ""
