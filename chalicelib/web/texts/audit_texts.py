"""The audit of a shop in words: what was done, and who did it."""

from __future__ import annotations

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.web.texts.localisation import Msgids

STEPS: Msgids[ShopStep] = {
    ShopStep.ARRIVE: "Opened from the AppCenter for the first time",
    ShopStep.OPEN: "Opened from the AppCenter",
    ShopStep.REINSTALL: "Installed again",
    ShopStep.COMPLETE: "Installed",
    ShopStep.CHANGE_SETTINGS: "Choices changed",
    ShopStep.CANCEL: "Cancelled in the AppCenter",
    ShopStep.LEAVE: "SEOshop says that the app was removed",
    ShopStep.STAY: "The app was not removed after all",
    ShopStep.UNINSTALL: "Removed; everything that refers to the webshop was erased",
    ShopStep.ERASE: "Everything that was kept was erased",
    ShopStep.DISCONNECT: "SEOshop no longer lets the connector in",
    ShopStep.RECONNECT: "Connected to SEOshop again",
    ShopStep.PAUSE: "Paused",
    ShopStep.RESUME: "Goes on after a pause",
    ShopStep.HALT: "Deliveries halted for a while",
    ShopStep.END_HALT: "Deliveries go on",
    ShopStep.START_MIGRATION: "Moving older orders started",
    ShopStep.STOP_MIGRATION: "Moving older orders stopped",
    ShopStep.RESUME_MIGRATION: "Moving older orders continued",
    ShopStep.END_SESSIONS: "Signed out everywhere",
    ShopStep.MEND_SUBSCRIPTIONS: "SEOshop's notices set up again",
    ShopStep.CHANGE_LICENCE: "Licence code changed",
    ShopStep.CHANGE_MAIL: "Address for mail changed",
    ShopStep.LOCK: "Period closed",
    ShopStep.UNLOCK: "Period opened again",
    ShopStep.INVITE: "Bookkeeper invited",
    ShopStep.REVOKE_INVITATION: "Invitation of a bookkeeper taken back",
    ShopStep.ACCEPT_SEAT: "Bookkeeper accepted the invitation",
    ShopStep.CHANGE_SEAT: "Changed what a bookkeeper may do",
    ShopStep.REVOKE_SEAT: "Access of a bookkeeper taken away",
    ShopStep.DELETE_INVOICE: "Draft invoice deleted in Asperion",
    ShopStep.CREDIT_ORDER: "Delivered order credited",
    ShopStep.CONNECT: "Connected with Asperion",
    ShopStep.CONNECT_AGAIN: "Connected with Asperion again",
    ShopStep.CHANGE_ADMINISTRATION: "Another administration in Asperion chosen",
    ShopStep.CONFIRM_API_CHOICES: "Confirmed how invoices are booked in Asperion",
    ShopStep.TURN_ON_API: "Invoices go straight into Asperion",
    ShopStep.TURN_OFF_API: "Invoices go to Asperion as import files again",
    ShopStep.DISCONNECT_ASPERION: "Connection with Asperion ended",
    ShopStep.TELL_CONTACT: "Contact told where the invoices go",
    ShopStep.MISS_CONTACT: "Contact could not be told where the invoices go",
}

SHOWN_NOTES = frozenset(
    {
        ShopStep.START_MIGRATION,
        ShopStep.STOP_MIGRATION,
        ShopStep.RESUME_MIGRATION,
        ShopStep.CHANGE_LICENCE,
        ShopStep.CONNECT,
        ShopStep.CHANGE_ADMINISTRATION,
        ShopStep.TURN_ON_API,
        ShopStep.TURN_OFF_API,
        ShopStep.DISCONNECT_ASPERION,
        ShopStep.LOCK,
        ShopStep.UNLOCK,
        ShopStep.DELETE_INVOICE,
        ShopStep.CREDIT_ORDER,
    }
)
"""The steps whose note says something to a merchant: the days of a migration, how the licence codes
end, the administration in Asperion, which period was closed or opened, or what was taken back, and
why. Other notes are for the support desk."""

ACTORS: Msgids[Actor] = {
    Actor.MERCHANT: "You",
    Actor.BOOKKEEPER: "Your bookkeeper",
    Actor.OPERATOR: "Support desk",
    Actor.PLATFORM: "SEOshop",
    Actor.CONNECTOR: "Connector",
    Actor.WEBHOOK: "SEOshop",
    Actor.SWEEP: "Connector",
    Actor.BACKFILL: "Connector",
    Actor.EXPORT: "Connector",
    Actor.WATCH: "Connector",
}
