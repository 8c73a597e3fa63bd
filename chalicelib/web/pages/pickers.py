"""A list to pick from, as the page of how invoices are booked shows it."""

from __future__ import annotations

from chalicelib.domain.fitting_codes import Sureness
from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.texts.connect_texts import MARKS
from chalicelib.web.texts.state_labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One that can be picked."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """A list to pick from: `fitting` are the options that fit best, `others` the rest. `blank` is
    what picking nothing means, `mark` how sure the proposal is; what was chosen otherwise has none.
    """

    name: str
    title: str
    value: str
    blank: str
    fitting: tuple[Option, ...] = ()
    others: tuple[Option, ...] = ()
    mark: Label | None = None

    @property
    def id(self) -> str:
        """The field's id in the page."""
        return self.name.replace(":", "-").replace(".", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRow:
    """Articles that go to an account of their own."""

    account: Picker
    articles_name: str
    articles: str

    @property
    def articles_id(self) -> str:
        """The id of the field of the articles."""
        return self.articles_name.replace(":", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pickers:
    """All lists of the page. `is_cut`: there are more accounts than they show."""

    general: tuple[Picker, ...]
    codes: tuple[Picker, ...]
    accounts: tuple[Picker, ...]
    exceptions: tuple[ExceptionRow, ...]
    is_cut: bool = False

    @property
    def every(self) -> tuple[Picker, ...]:
        """Each of them, in the order of the page."""
        rows = tuple(row.account for row in self.exceptions)
        return (*self.general, *self.codes, *self.accounts, *rows)

    @property
    def to_check(self) -> int:
        """How many the merchant has to look at: those of which the proposal is not sure."""
        return sum(each.mark in _TO_CHECK for each in self.every)


_TO_CHECK = (MARKS[Sureness.GUESSED], MARKS[Sureness.NOTHING])
