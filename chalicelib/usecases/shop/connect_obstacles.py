"""Why a connection with Asperion is not made, or not changed."""

from __future__ import annotations

from enum import Enum, auto

from chalicelib.errors import RequestError


class ConnectObstacle(Enum):
    """Why coming back from Asperion, or a change of the connection, came to nothing."""

    NOT_INSTALLED = auto()  # the shop
    NOT_BEGUN = auto()  # no state, or none that this shop knows: another shop, another deployment
    OTHER_SESSION = auto()  # it was begun in another browser, or before signing in anew
    TOO_LATE = auto()
    USED = auto()  # the browser came back with it before
    DENIED = auto()  # the merchant, or Asperion, did not consent
    NO_CODE = auto()  # Asperion sent another error, or nothing that can be used
    CODE_REFUSED = auto()  # Asperion takes the code no more
    NO_ADMINISTRATION = auto()  # the account opens none
    OTHER_ACCOUNT = auto()  # the account does not open the administration of the shop
    NOT_CONNECTED = auto()  # nothing is connected, or no administration was chosen yet
    UNKNOWN_ADMINISTRATION = auto()  # the account does not open the one that was chosen
    STALE = auto()  # the form was filled in for another state of the connection
    NO_CHOICES = auto()  # how invoices are booked was not confirmed yet
    NO_LICENCE = auto()  # without a licence code there are no files to go back to
    TOO_OFTEN = auto()  # today


class ConnectRefused(RequestError):
    """Nothing was changed, because of an `obstacle`. `name` is the administration's where it is
    about one.
    """

    def __init__(self, obstacle: ConnectObstacle, name: str = "") -> None:
        super().__init__(f"The connection is not made: {obstacle.name.lower()}.")
        self.obstacle = obstacle
        self.name = name
