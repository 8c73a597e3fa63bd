"""Items as PynamoDB reads them, in a fifth of its time: a night reads every order several times.

PynamoDB builds a container for each item and for each event of a biography, and looks at every
attribute of the class; here only what is stored is looked at. What comes out is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Self

from botocore.loaders import Loader, create_loader
from pynamodb.attributes import Attribute, AttributeContainer, ListAttribute
from pynamodb.connection.table import TableConnection
from pynamodb.models import Model

from chalicelib.adapters.dynamodb.plain_answers import read_plain

Stored = Mapping[str, Mapping[str, Any]]
"""Attributes by their stored names, in DynamoDB's JSON."""


class QuickModel(Model):
    """A model whose items are read quickly."""

    @classmethod
    def _get_connection(cls) -> TableConnection:
        before = cls._connection
        table = super()._get_connection()
        if table is not before:  # its client is made by the call that is about to be made
            session = table.connection.session
            session.register_component(
                "data_loader", _share_loader(session.get_config_variable("data_path"))
            )
            session.register("before-parse.dynamodb", read_plain)
        return table

    @classmethod
    def _instantiate(cls, attribute_values: Any) -> Self:
        item = cls(_user_instantiated=False)
        item.deserialize(attribute_values)
        return item

    def deserialize(self, attribute_values: Any) -> None:
        """Take over what is stored."""
        self.attribute_values = _read_values(type(self), attribute_values)


@cache
def _share_loader(data_path: str | None) -> Loader:
    """What reads the AWS SDK's own files: one for all tables, so that each is parsed once."""
    return create_loader(data_path)


def _read_values(container: type[Any], stored: Stored) -> dict[str, Any]:
    cached: Any = container  # mypy takes a type for unhashable
    readers, defaults = _list_readers(cached)
    values = {name: make() for name, make in defaults}
    for stored_name, value in stored.items():
        reader = readers.get(stored_name)
        if reader is not None and "NULL" not in value:
            name, kind, read = reader
            values[name] = read(value[kind])
    return values


@cache
def _list_readers(
    container: Any,
) -> tuple[dict[str, tuple[str, str, Callable[[Any], Any]]], list[tuple[str, Callable[[], Any]]]]:
    """By its stored name each attribute's own name, its type and what reads it; and what makes the
    values of those that have a default.
    """
    attributes: Mapping[str, Attribute[Any]] = container.get_attributes()
    readers = {
        each.attr_name: (name, each.attr_type, _find_reader(each))
        for name, each in attributes.items()
    }
    defaults = [
        (name, each.default if callable(each.default) else lambda value=each.default: value)
        for name, each in attributes.items()
        if each.default is not None
    ]
    return readers, defaults


def _find_reader(attribute: Any) -> Callable[[Any], Any]:
    element = attribute.element_type if isinstance(attribute, ListAttribute) else None
    if element is None or not issubclass(element, AttributeContainer):
        reader: Callable[[Any], Any] = attribute.deserialize
        return reader
    return lambda stored: [_read_element(element, each["M"]) for each in stored]


def _read_element(element: Any, stored: Stored) -> Any:
    made = element.__new__(element)
    made.attribute_kwargs = {}
    made.attribute_values = _read_values(element, stored)
    return made
