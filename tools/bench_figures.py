"""What a benchmark measured, beside what it was to be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measured figure in its `unit`: ``x`` for a ratio to what was measured beside it in the
    same run. `goal` is what it is to be at most, None for what has none; `note` says what it was
    measured by, or why a goal is missed.
    """

    what: str
    value: float
    unit: str = "x"
    goal: float | None = None
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; None without one."""
        return None if self.goal is None else self.value <= self.goal


def print_figures(title: str, figures: list[Figure]) -> None:
    """A table of figures, each with its goal."""
    print(f"\n{title}")
    for each in figures:
        value = f"{each.value:10.2f} {each.unit}"
        goal = "" if each.goal is None else f"at most {each.goal:g}"
        said = {None: "", True: "met", False: "MISSED"}[each.is_met]
        print(f"  {each.what:52}{value:22}{goal:16}{said:8}{each.note}".rstrip())
