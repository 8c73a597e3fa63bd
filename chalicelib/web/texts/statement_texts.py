"""The words of a day's statement."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.listed_money import ListedGroup
from chalicelib.domain.statement import Figure, Verdict
from chalicelib.web.texts.localisation import Msgids
from chalicelib.web.texts.state_labels import Label, Tone

FIGURES: Msgids[Figure] = {
    Figure.OPENED: "Opened",
    Figure.DUE: "Became due",
    Figure.CORRECTIONS: "Corrections",
    Figure.PLACED: "Delivered",
    Figure.DROPPED: "Left out",
    Figure.WAITING: "Waiting",
    Figure.HELD: "Held",
}
CAME = (Figure.OPENED, Figure.DUE, Figure.CORRECTIONS)
WENT = (Figure.PLACED, Figure.DROPPED, Figure.WAITING, Figure.HELD)

LISTED: Msgids[ListedGroup] = {
    ListedGroup.PLACED: "Delivered, by the totals that we kept",
    ListedGroup.CHANGED: "Delivered, and changed in your webshop since",
    ListedGroup.HELD: "Held",
    ListedGroup.DROPPED: "Left out",
    ListedGroup.WAITING: "Waiting",
}

VERDICTS: Mapping[Verdict, Label] = {
    Verdict.RIGHT: Label("Right", Tone.GOOD),
    Verdict.RUNNING: Label("Running", Tone.BUSY),
    Verdict.WRONG: Label("Not right", Tone.WARN),
}
VERDICT_TEXTS: Msgids[Verdict] = {
    Verdict.RIGHT: "The day is right: both sides are the same.",
    Verdict.RUNNING: "The day is not over, or your webshop's list could not be compared yet.",
    Verdict.WRONG: "This day is not right. Our support desk has been warned.",
}
