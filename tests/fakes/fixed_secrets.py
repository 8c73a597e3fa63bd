"""The connector's secrets as a test wants them."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.ports import AppPair

APP_SECRET = "app-secret-for-tests-of-32-characters"
SESSION_SECRET = "session-secret-for-tests-of-32-characters"
ASPERION_SECRET = "asperion-secret-for-tests"
PRINT_SECRET = "print-secret-for-tests-of-32-characters"


@dataclass(slots=True)
class FixedSecrets:
    """Secrets that stay as they are until a test turns them: the new value first."""

    app: tuple[AppPair, ...] = (AppPair("key", APP_SECRET),)
    session: tuple[str, ...] = (SESSION_SECRET,)
    prints: tuple[str, ...] = (PRINT_SECRET,)
    asperion: tuple[str, ...] = (ASPERION_SECRET,)

    def app_pairs(self) -> tuple[AppPair, ...]:
        return self.app

    def app_secrets(self) -> tuple[str, ...]:
        return tuple(pair.secret for pair in self.app)

    def session_secrets(self) -> tuple[str, ...]:
        return self.session

    def print_secrets(self) -> tuple[str, ...]:
        return self.prints

    def asperion_secrets(self) -> tuple[str, ...]:
        return self.asperion
