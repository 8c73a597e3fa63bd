"""The standard library's `dataclass`, but its methods are written when they are first used.

Writing them is most of what a record costs when its module is imported: the library puts together
and compiles the text of six methods for each. A function that starts loads some two hundred
records and uses a few of them. What a record is and does stays the same; see the standard library.

``make bench PARTS=starts`` measures what this saves: with the standard library's own records the
imports of an export take 1.4 times as much CPU time.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414  # which exports it
else:

    def dataclass(
        cls: type | None = None, *, frozen: bool = False, slots: bool = False, **chosen: Any
    ) -> Any:
        """As the standard library's. Frozen records with slots wait with their methods."""
        if frozen and slots and chosen.keys() <= {"kw_only"}:
            return lambda record: _make_record(record, **chosen)
        make = dataclasses.dataclass(frozen=frozen, slots=slots, **chosen)
        return make if cls is None else make(cls)


_WRITTEN = ("__init__", "__eq__", "__hash__", "__repr__")


def _make_record(given: type, *, kw_only: bool = False) -> type:
    """The class with its fields and slots, and a stand-in for each method that is not its own."""
    record: Any = dataclasses.dataclass(
        init=False, repr=False, eq=False, slots=True, kw_only=kw_only
    )(given)
    names = [name for name in _WRITTEN if name not in vars(given)]
    for name in names:
        setattr(record, name, _stand_in(record, name, names))
    record.__setattr__ = _refuse_change
    record.__delattr__ = _refuse_removal
    record.__getstate__ = _list_values
    record.__setstate__ = _set_values
    return record  # type: ignore[no-any-return]


def _stand_in(record: Any, name: str, names: list[str]) -> Callable[..., Any]:
    def write_and_call(self: Any, /, *args: Any, **given: Any) -> Any:
        _write_methods(record, names)
        return getattr(record, name)(self, *args, **given)

    return write_and_call


def _write_methods(record: Any, names: list[str]) -> None:
    """By the standard library, on a class with the same fields. Who comes second, in another
    thread, writes the same.
    """
    hook = {"__post_init__": None} if hasattr(record, "__post_init__") else {}
    fields = [(each.name, each.type, _copy_field(each)) for each in dataclasses.fields(record)]
    twin = dataclasses.make_dataclass(record.__name__, fields, namespace=hook, frozen=True)
    for name in names:
        method = getattr(twin, name)
        method.__qualname__ = f"{record.__qualname__}.{name}"  # which errors quote
        setattr(record, name, method)


def _copy_field(one: dataclasses.Field[Any]) -> Any:
    settings = ("default", "default_factory", "init", "repr", "hash", "compare", "kw_only")
    return dataclasses.field(**{name: getattr(one, name) for name in settings})


def _refuse_change(_: object, name: str, __: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_removal(_: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _list_values(self: Any) -> list[Any]:
    """What a copy is made of."""
    return [getattr(self, each.name) for each in dataclasses.fields(self)]


def _set_values(self: Any, values: list[Any]) -> None:
    for each, value in zip(dataclasses.fields(self), values, strict=True):
        object.__setattr__(self, each.name, value)
