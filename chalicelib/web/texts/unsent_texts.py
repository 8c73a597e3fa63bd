"""Why a file was not sent, in one sentence."""

from __future__ import annotations

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.events import Event, FileStep
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.web.texts.localisation import Msgids, msgid

_NOTHING_LEFT = msgid("none of its orders could be included; they are held, left out, or wait")
_BROKEN_OFF = msgid("making it was broken off; its orders went into a later delivery, or wait")
_SHOP_CHANGED = msgid(
    "your settings changed while it was made; its orders went into a later delivery, or wait"
)
_HALTED = msgid(
    "deliveries were halted for a while; its orders went into a later delivery, or wait"
)
_REFUSED = msgid("Asperion did not accept it; its orders went into a later delivery, or wait")
_REFUSALS: Msgids[ReleaseCause] = {
    ReleaseCause.SHOP_CHANGED: _SHOP_CHANGED,
    ReleaseCause.HALTED: _HALTED,
    ReleaseCause.NOTHING_LEFT: _NOTHING_LEFT,
    ReleaseCause.BROKEN_OFF: _BROKEN_OFF,
    ReleaseCause.TIME: _BROKEN_OFF,
    ReleaseCause.HELD_UP: _BROKEN_OFF,
    ReleaseCause.LEASE_LOST: _BROKEN_OFF,
}
_DISCARDED: Msgids[ReleaseCause] = {
    ReleaseCause.HALTED: _HALTED,
    ReleaseCause.NOTHING_LEFT: _NOTHING_LEFT,
    ReleaseCause.SHOP_UNAVAILABLE: "your webshop did not answer; its orders went into a later "
    "delivery, or wait",
    ReleaseCause.BUDGET: "your webshop allows a limited number of requests per hour; its orders "
    "went into a later delivery, or wait",
}
_STEPS: Msgids[FileStep] = {
    FileStep.MISS: "it did not arrive in Asperion; its orders went into a later delivery, or wait",
    FileStep.GIVE_UP: "it did not arrive in Asperion, as our support desk found out; its orders "
    "went into a later delivery, or wait",
}
_UNTOLD = msgid(
    "none of its orders could be included, or making it was broken off; nothing of it was sent"
)


def _find_refusal(event: Event) -> str:
    cause = event.cause
    return _REFUSALS.get(cause, _REFUSED) if isinstance(cause, ReleaseCause) else _REFUSED


def find_unsent_text(file: FileEntry) -> str:
    """Why a file that is `void` was not sent or did not arrive; empty for another one."""
    if file.state is not FileState.VOID:
        return ""
    for event in reversed(file.history):
        if isinstance(event.step, FileStep) and event.step in _STEPS:
            return _STEPS[event.step]
        if event.step is FileStep.REFUSE:
            return _find_refusal(event)
        if event.step is FileStep.DISCARD:
            if isinstance(event.cause, ReleaseCause):
                return _DISCARDED.get(event.cause, _BROKEN_OFF)
            return _UNTOLD  # versions before 1.4.0 did not say
    return _UNTOLD
