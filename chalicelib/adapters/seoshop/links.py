"""Resource links: ``{"resource": {"id": 1, "url": "orders/1", "link": …, "embedded": …}}``.

``embedded`` is used when there, else ``url`` is followed, relative to our own base address;
``link`` is never used, its scheme and host vary. Source: API reference, 1.4.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chalicelib.adapters.seoshop.values import Fields, is_none

_URL = re.compile(r"/?(?P<path>[a-z_]+(?:/[a-z0-9_]+)*)(?:\.json)?(?P<query>\?[a-z_]+=[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Link:
    """A link of an answer. `id` is None for collections, `embedded` as parsed JSON (None when
    absent), `path` ready to call (``orders/1/products.json``) with its query in `query`.
    """

    id: int | None = None
    embedded: object = None
    path: str = ""
    query: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def is_link(value: object) -> bool:
        """Whether a value has the shape of a link."""
        return isinstance(value, dict) and "resource" in value

    @classmethod
    def read(cls, fields: Fields, name: str) -> Link:
        """Read the link in a field; an empty one when there is none. Raises `ShopUnreadable` for a
        field that is no link, or one whose address is outside of the API.
        """
        if is_none(fields.raw(name)):
            return cls()
        field = fields.object(name)
        if is_none(field.raw("resource")):
            return cls()
        resource = field.object("resource")
        embedded = resource.raw("embedded")
        path, query = _parse_address(resource)
        return cls(
            id=resource.id_or_none("id"),
            # An empty list is an answer ("there are none"); false and null are not.
            embedded=embedded if isinstance(embedded, list) or not is_none(embedded) else None,
            path=path,
            query=query,
        )


def _parse_address(resource: Fields) -> tuple[str, tuple[tuple[str, str], ...]]:
    url = resource.text("url")
    if not url:
        return "", ()
    found = _URL.fullmatch(url)
    if found is None:
        raise resource.fail("url", "is not an address within the API")
    name, _, value = (found["query"] or "?=")[1:].partition("=")
    return f"{found['path']}.json", ((name, value),) if name else ()
