"""A record whose methods wait is to its users what the standard library makes."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any

import pytest

from chalicelib.lazy_dataclass import dataclass as lazy

CHOICES: dict[str, Any] = {"frozen": True, "slots": True, "kw_only": True}


@lazy(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record that can be pickled: it is its module's."""

    a: int
    b: list[int] = dataclasses.field(default_factory=list, compare=False)


def make(decorate: Any, **choices: Any) -> Any:
    """A record, and one that inherits from it, by the library or by ours."""

    @decorate(**choices)
    class Record:
        """With every kind of field."""

        a: int
        b: list[int] = dataclasses.field(default_factory=list, compare=False)
        c: int = dataclasses.field(default=3, repr=False)
        d: int = dataclasses.field(default=0, init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "d", self.a + self.c)

    @decorate(**choices)
    class Longer(Record):
        """With one more."""

        e: str = "x"

        def __repr__(self) -> str:
            return f"own {self.e}"

    return Record, Longer


@pytest.fixture(params=[CHOICES, {**CHOICES, "kw_only": False}], ids=["by name", "by place"])
def pairs(request: pytest.FixtureRequest) -> Any:
    return make(lazy, **request.param), make(dataclasses.dataclass, **request.param)


def outcome(call: Any) -> tuple[str, str]:
    try:
        return "is", repr(call())
    except Exception as error:
        return type(error).__name__, str(error)


USES: list[Any] = [
    lambda kind: kind(a=1),
    lambda kind: kind(a=1, b=[2], c=4),
    lambda kind: kind(),
    lambda kind: kind(1),
    lambda kind: kind(a=1, z=1),
    lambda kind: kind(a=1) == kind(a=1, b=[5]),
    lambda kind: kind(a=1) == kind(a=2),
    lambda kind: kind(a=1) != "else",
    lambda kind: hash(kind(a=1)) == hash(kind(a=1, b=[7])),
    lambda kind: len({kind(a=1), kind(a=1), kind(a=2)}),
    lambda kind: dataclasses.replace(kind(a=1), a=2),
    lambda kind: dataclasses.asdict(kind(a=1)),
    lambda kind: dataclasses.astuple(kind(a=1)),
    lambda kind: [each.name for each in dataclasses.fields(kind)],
    lambda kind: copy.deepcopy(kind(a=1, b=[1])),
    lambda kind: copy.copy(kind(a=1)).d,
    lambda kind: setattr(kind(a=1), "a", 2),
    lambda kind: delattr(kind(a=1), "a"),
    lambda kind: hasattr(kind(a=1), "__dict__"),
    lambda kind: kind(a=1).b is kind(a=1).b,
    lambda kind: kind.__match_args__,
]


@pytest.mark.parametrize("use", range(len(USES)))
def test_every_use_has_the_same_outcome(pairs: Any, use: int) -> None:
    for ours, theirs in zip(*pairs, strict=True):
        wanted = outcome(lambda kind=theirs: USES[use](kind))
        for _ in ("the first time", "and after it"):
            assert outcome(lambda kind=ours: USES[use](kind)) == wanted


def test_a_record_is_pickled() -> None:
    one = Kept(a=1, b=[2])
    assert pickle.loads(pickle.dumps(one)) == one


def test_methods_are_written_at_the_first_use() -> None:
    @lazy(frozen=True, slots=True)
    class Record:
        """Not used yet."""

        a: int

    before = vars(Record)["__init__"]
    assert Record(1) == Record(1)
    assert vars(Record)["__init__"] is not before


@pytest.mark.parametrize("choices", [{}, {"slots": True}, {"frozen": True}], ids=str)
def test_what_is_no_frozen_record_with_slots_is_the_librarys(choices: Any) -> None:
    @lazy(**choices)
    class Plain:
        """Any."""

        a: int

    assert Plain.__dataclass_params__.eq  # type: ignore[attr-defined]
    assert Plain(1) == Plain(1)
