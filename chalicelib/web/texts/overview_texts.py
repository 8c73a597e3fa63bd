"""The words of the overview: how the connections stand, and why an amount is not known."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.period_totals import Unknown
from chalicelib.usecases.operating.connections import ConnectionState
from chalicelib.web.texts.localisation import Msgids
from chalicelib.web.texts.state_labels import Label, Tone

CONNECTIONS: Mapping[ConnectionState, Label] = {
    ConnectionState.WORKS: Label("Works", Tone.GOOD),
    ConnectionState.TROUBLED: Label("Does not work", Tone.WARN),
    ConnectionState.REFUSED: Label("No access", Tone.WARN),
    ConnectionState.HINDERED: Label("Temporary fault", Tone.WARN),
    ConnectionState.UNUSED: Label("Not used yet", Tone.BUSY),
}

UNKNOWN: Msgids[Unknown] = {
    Unknown.NO_STATEMENT: "no statement",
    Unknown.NOT_KEPT: "not kept",
    Unknown.NO_TOTAL: "not known",
    Unknown.UNSETTLED: "not final yet",
}
