"""The words of the overview: how the connections stand, and why an amount is not known."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.connection_changes import ConnectionStep
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

CONNECTION_STEPS: Msgids[ConnectionStep] = {
    ConnectionStep.CONNECT: "%(moment)s: connected with the administration %(new)s.",
    ConnectionStep.MOVE: "%(moment)s: the administration %(new)s instead of %(former)s.",
    ConnectionStep.TURN_ON: (
        "%(moment)s: from then on your invoices go straight into the administration %(new)s."
    ),
    ConnectionStep.TURN_OFF: "%(moment)s: from then on your invoices go as import files.",
    ConnectionStep.DISCONNECT: (
        "%(moment)s: the connection with the administration %(former)s was ended."
    ),
}
"""What was done to the connection with Asperion, and when."""

UNKNOWN: Msgids[Unknown] = {
    Unknown.NO_STATEMENT: "no statement",
    Unknown.NOT_KEPT: "not kept",
    Unknown.NO_TOTAL: "not known",
    Unknown.UNSETTLED: "not final yet",
}
