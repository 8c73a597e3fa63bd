"""Each install link of SEOshop signs one browser in, and no other.

The platform binds a link to nothing but a shop and a time, and whoever has it could use it again
until it is too old. So the session that used it first is kept beside the shop.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.shop_records import UsedLink, UsedLinks
from chalicelib.domain.signatures import Callback
from chalicelib.errors import LinkUsed, RequestError
from chalicelib.ports import Shops

MOST_LINKS = 200
"""So many used links of one shop are kept at a time. Only SEOshop can make one, in a second hardly
more than one for a shop: nobody but a merchant's own script gets here.
"""

_SLACK = timedelta(minutes=5)
"""How much longer than it is valid a link is kept, for machines whose clocks differ."""


def find_user(shops: Shops, callback: Callback) -> str:
    """The name of the session that the link is for; empty while it is unused."""
    kept = shops.load(callback.shop_id, UsedLinks)
    used = None if kept is None else kept.by_link.get(callback.link)
    return "" if used is None else used.session


def use_link(shops: Shops, callback: Callback, session: str, *, now: datetime) -> None:
    """Let the link be for `session` alone, in one conditional write; again by the same session it
    changes nothing. Raises `LinkUsed` when another one was first, and `RequestError` for more than
    `MOST_LINKS`.
    """

    def keep(kept: UsedLinks | None) -> UsedLinks | None:
        links = {} if kept is None else kept.by_link
        if callback.link in links:
            return None
        valid = {link: used for link, used in links.items() if used.until > now}
        if len(valid) >= MOST_LINKS:
            raise RequestError("The app was opened too often; wait a quarter of an hour.")
        until = callback.valid_until + _SLACK
        return UsedLinks(by_link={**valid, callback.link: UsedLink(session=session, until=until)})

    stored = shops.change(callback.shop_id, UsedLinks, keep)
    if stored is None or stored.by_link[callback.link].session != session:
        raise LinkUsed("This link has signed somebody in already.")
