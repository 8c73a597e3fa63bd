"""The stand-in's memory: administrations, users, consent, switches and faults."""

import threading

from sandbox.asperion.administration_state import Administration
from sandbox.asperion.grants import Grants
from sandbox.asperion.guesses import Guesses
from sandbox.asperion.inbox_faults import Faults
from sandbox.asperion.rest_faults import RestFaults
from sandbox.asperion.users import DEMO_PASSWORD, DEMO_USER, Application, User
from sandbox.serving import Clock

FIRST_ADMINISTRATION = 4101


class Store:
    """Administrations by licence code, who may open them, and the faults that are switched on."""

    def __init__(self, clock: Clock, application: Application) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        """Held while users, consent and tokens are read or changed."""
        self.application = application
        self.guesses = Guesses()
        self.grants = Grants(clock, self.guesses)
        self.faults = Faults()
        self.rest_faults = RestFaults()
        self._administrations: dict[str, Administration] = {}
        self._users: dict[str, User] = {}
        self.put_user(DEMO_USER, DEMO_PASSWORD)

    def administration(self, licence: str) -> Administration:
        """The administration of a licence code; any code opens one, which the demo user has too."""
        with self.lock:
            known = self._administrations.get(licence)
            if known is None:
                number = FIRST_ADMINISTRATION + len(self._administrations)
                known = Administration(licence, number, f"Voorbeeldwinkel {number}", self.clock)
                self._administrations[licence] = known
                self._users[DEMO_USER].licences.append(licence)
            return known

    def find_administration(self, number: int) -> Administration | None:
        """An administration by its id."""
        with self.lock:
            known = self._administrations.values()
            return next((each for each in known if each.id == number), None)

    def licences(self) -> list[str]:
        """Licence codes seen so far."""
        with self.lock:
            return sorted(self._administrations)

    def user(self, name: str) -> User | None:
        """A user by name."""
        with self.lock:
            return self._users.get(name)

    def users(self) -> list[User]:
        """All users."""
        with self.lock:
            return list(self._users.values())

    def put_user(self, name: str, password: str) -> User:
        """Make a user without administrations, or give a known one another password."""
        with self.lock:
            known = self._users.setdefault(name, User(name, password))
            known.password = password
            return known

    def administrations_of(self, user: str) -> list[Administration]:
        """The administrations of a user, the first one being the default."""
        with self.lock:
            known = self._users.get(user)
            return [self.administration(code) for code in known.licences] if known else []

    def reset(self) -> None:
        """Forget everything, faults too; the application stays registered."""
        with self.lock:
            self._administrations.clear()
            self._users.clear()
            self.put_user(DEMO_USER, DEMO_PASSWORD)
            self.grants.clear()
            self.guesses.reset()
        self.faults.clear()
        self.rest_faults.clear()
