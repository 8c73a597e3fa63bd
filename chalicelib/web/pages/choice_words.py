"""What changed in a merchant's choices, in words: one line for each choice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby

from chalicelib.domain.policy_edits import Edit, read_rate_name
from chalicelib.domain.vat import percentage
from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.pages.page_templates import PageTemplates
from chalicelib.web.texts import choice_texts as texts
from chalicelib.web.texts.localisation import DUTCH
from chalicelib.web.texts.question_forms import Choice
from chalicelib.web.texts.settings_questions import CHOICES, QUESTIONS

SHOWN_OF_A_LIST = 8
_CHOICES = {choice.name: choice for choice in CHOICES}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceWords:
    """Words choices in one language: `say` translates, `format_day` writes a day, `labels` are
    those of the aXML profile's payment codes.
    """

    language: str
    say: Callable[..., str]
    format_day: Callable[[date], str]
    labels: Mapping[str, str]

    def list_lines(self, edits: Iterable[Edit]) -> list[str]:
        """One line for each choice that changed; of a list of articles or currencies one for all of
        it.
        """
        lines: list[str] = []
        for name, group in groupby(edits, key=lambda edit: edit.field):
            lines += self._write_group(name, list(group))
        return lines

    def _write_group(self, name: str, edits: list[Edit]) -> Iterator[str]:
        if name in texts.LISTS:
            yield self._write_list(texts.LISTS[name], edits)
        elif name == "payments":
            yield from map(self._write_method, edits)
        elif name == "foreign_rates":
            yield from map(self._write_rate, edits)
        else:
            yield from map(self._write_single, edits)

    def _write_list(self, what: str, edits: list[Edit]) -> str:
        added = [edit.key for edit in edits if edit.after]
        removed = [edit.key for edit in edits if not edit.after]
        text = texts.ADDED_AND_TAKEN_OFF if added and removed else texts.ADDED
        values = {"added": self._write_names(added), "removed": self._write_names(removed)}
        return self.say(text if added else texts.TAKEN_OFF, what=self.say(what), **values)

    def _write_names(self, names: list[str]) -> str:
        shown, more = ", ".join(names[:SHOWN_OF_A_LIST]), len(names) - SHOWN_OF_A_LIST
        return shown if more <= 0 else self.say(texts.AND_MORE, names=shown, count=more)

    def _write_method(self, edit: Edit) -> str:
        what = self.say(texts.METHOD, name=edit.title or edit.key)
        before, after = (self._name_method(value) for value in (edit.before, edit.after))
        return self._write_from_to(what, before, after)

    def _name_method(self, value: str | bool | None) -> str:
        if isinstance(value, str):
            return self._name_code(value)
        return self.say(texts.DEFAULT if value else texts.UNSEEN)

    def _name_code(self, code: str | None) -> str:
        return self.labels.get(code, code) if code else self.say(texts.LET_ASPERION)

    def _write_rate(self, edit: Edit) -> str:
        country, rate = read_rate_name(edit.key)
        named = percentage(rate).replace(".", "," if self.language == DUTCH else ".")
        before, after = (
            self.say(texts.NOT_MAPPED if value is None else texts.CLASSES[str(value)])
            for value in (edit.before, edit.after)
        )
        return self._write_from_to(self.say(texts.RATE, country=country, rate=named), before, after)

    def _write_single(self, edit: Edit) -> str:
        name = edit.field
        before, after = (self.name_value(name, value) for value in (edit.before, edit.after))
        return self._write_from_to(self.name_choice(name), before, after)

    def name_choice(self, name: str) -> str:
        """What a choice that has one value is called."""
        if name in texts.DAYS:
            return self.say(texts.DAYS[name])
        if name in texts.TYPED:
            return self.say(texts.TYPED[name])
        question = QUESTIONS.get(name)
        return self.say((question.said or question.title) if question else texts.DEFAULT_PAYMENT)

    def name_value(self, name: str, value: str | bool | None) -> str:
        """What a value of such a choice is called within a sentence."""
        if name in texts.DAYS:
            return self.say(texts.NO_DAY) if value is None else self._write_day(str(value))
        if name in _CHOICES:
            return _begin_small(self.say(_find_label(_CHOICES[name], str(value))))
        if name == "default_payment":
            return self._name_default(None if value is None else str(value))
        if name in texts.TYPED:
            return str(value) if value else self.say(texts.NO_NUMBER)
        return self.say(texts.ON if value else texts.OFF)

    def _name_default(self, code: str | None) -> str:
        return self.say(texts.DEFAULTS[code]) if code in texts.DEFAULTS else self._name_code(code)

    def _write_day(self, text: str) -> str:
        return self.format_day(date.fromisoformat(text))

    def _write_from_to(self, what: str, before: str, after: str) -> str:
        return self.say(texts.FROM_TO, what=what, before=before, after=after)


def find_words(templates: PageTemplates, labels: Mapping[str, str]) -> ChoiceWords:
    """The words of the language of these pages."""
    return ChoiceWords(
        language=templates.language,
        say=templates.say,
        format_day=templates.dates.format_day,
        labels=labels,
    )


def _find_label(choice: Choice, value: str) -> str:
    return next((each.label for each in choice.options if each.value == value), value)


def _begin_small(text: str) -> str:
    """A label within a sentence; a name such as ``SEOshop`` keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
