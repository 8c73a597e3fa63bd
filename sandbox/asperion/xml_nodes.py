"""Careful reading of one XML element: names in any case, values checked, errors with a place."""

import re
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

_DECIMAL = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,10})?", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DUTCH_DATE = re.compile(r"(\d{2})-(\d{2})-(\d{4})", re.ASCII)


class UnreadableFile(ValueError):
    """A file that cannot be imported; the message is Dutch and says where and why."""


def local_name(element: Element) -> str:
    """Give an element's name without namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].lower()


class Node:
    """An element and the place it was found at, for messages."""

    def __init__(self, element: Element, place: str) -> None:
        self._element = element
        self.place = place

    def at(self, place: str) -> "Node":
        """The same element under another place name, for messages."""
        return Node(self._element, place)

    def children(self, *names: str) -> list["Node"]:
        """All direct children that bear one of the names."""
        wanted = {name.lower() for name in names}
        found = [child for child in self._element if local_name(child) in wanted]
        return [Node(child, f"{self.place}, {local_name(child)}") for child in found]

    def text(self, name: str) -> str:
        """The trimmed text of a child or attribute; empty if it is not there."""
        found = [child for child in self._element if local_name(child) == name.lower()]
        if len(found) > 1:
            raise UnreadableFile(f"{self.place}: {name} komt meer dan eens voor.")
        if found:
            return self._plain(found[0], name)
        attributes = {key.lower(): value for key, value in self._element.attrib.items()}
        return attributes.get(name.lower(), "").strip()

    def _plain(self, element: Element, name: str) -> str:
        if len(element):
            raise UnreadableFile(
                f"{self.place}: {name} bevat andere elementen in plaats van tekst."
            )
        return (element.text or "").strip()

    def required(self, name: str) -> str:
        """The text of a child that must be there and say something."""
        value = self.text(name)
        if not value:
            raise UnreadableFile(f"{self.place}: {name} ontbreekt of is leeg.")
        return value

    def decimal(self, name: str) -> Decimal | None:
        """A number with a dot or a comma, without thousands separators; None if absent."""
        value = self.text(name)
        if not value:
            return None
        if not _DECIMAL.fullmatch(value):
            raise UnreadableFile(f"{self.place}: {name} is geen getal: {value[:40]!r}.")
        return Decimal(value.replace(",", "."))

    def amount(self, name: str) -> Decimal | None:
        """An amount in euros that fits in whole cents; None if absent."""
        value = self.decimal(name)
        if value is None:
            return None
        exact = value.quantize(Decimal("0.01"))
        if exact != value:
            raise UnreadableFile(f"{self.place}: {name} heeft delen van een cent: {value}.")
        return exact

    def date(self, name: str) -> date:
        """A calendar day, yyyy-mm-dd or dd-mm-yyyy."""
        value = self.required(name)
        iso, dutch = _ISO_DATE.fullmatch(value), _DUTCH_DATE.fullmatch(value)
        parts = iso.groups() if iso else dutch.groups()[::-1] if dutch else None
        try:
            if parts:
                return date(*map(int, parts))
        except ValueError:
            pass
        raise UnreadableFile(f"{self.place}: {name} is geen datum: {value[:40]!r}.")
