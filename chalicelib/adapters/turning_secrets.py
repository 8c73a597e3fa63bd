"""The connector's secrets, read again while a process runs, so that they can be turned."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import timedelta

from chalicelib.adapters.secret_values import read_given_secrets, read_secrets, read_values
from chalicelib.errors import SettingsError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import AppPair

log = logging.getLogger(__name__)

APP_KEY, APP_SECRET = "SEOSHOP_APP_KEY", "SEOSHOP_APP_SECRET"
SESSION_SECRET, FINGERPRINT_SECRET = "SESSION_SECRET", "FINGERPRINT_SECRET"
ASPERION_CLIENT_SECRET = "ASPERION_CLIENT_SECRET"  # noqa: S105 (a name)
DATA_KEY = "DATA_KEY"
READ_AS = {
    APP_KEY: read_values,
    APP_SECRET: read_secrets,
    SESSION_SECRET: read_secrets,
    FINGERPRINT_SECRET: read_secrets,
    ASPERION_CLIENT_SECRET: read_given_secrets,
    DATA_KEY: read_values,
}
"""The variables that hold a secret, or the name of the SSM parameter that does (``/…``). The data
key itself stays in KMS: its variable says which it is, and is no secret.
"""

NEXT_TRY = timedelta(seconds=15)
"""How long SSM is left alone after it gave nothing usable."""


@dataclass(slots=True)
class _Kept:
    """The last good values of a variable; `read_at` in seconds since 1970."""

    values: tuple[str, ...]
    read_at: float
    is_outdated: bool = False


class TurningSecrets:
    """`ports.Secrets` by the variables of `environ`: each holds a secret, which stays as it is, or
    the name of a parameter, which `fetch` gives, and which is read when it is needed and again when
    it is needed once it is older than `age`.

    `now` gives seconds since 1970: other clocks stand still while a function is frozen. Raises
    `SettingsError` for an unusable secret that is given directly; one in a parameter is refused
    when it is read for the first time.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        fetch: Callable[[str], str],
        *,
        age: timedelta,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._given = {name: environ.get(name, "").strip() for name in READ_AS}
        self._fetch = fetch
        self._age = age.total_seconds()
        self._now = now
        self._failed_at: float | None = None
        self._fixed = {
            name: read(self._given[name], name)
            for name, read in READ_AS.items()
            if self._given[name] and not self._given[name].startswith("/")
        }
        self._kept: dict[str, _Kept] = {}

    def app_pairs(self) -> tuple[AppPair, ...]:
        keys, secrets = self._read(APP_KEY), self.app_secrets()
        most = max(len(keys), len(secrets))
        return tuple(AppPair(keys[n % len(keys)], secrets[n % len(secrets)]) for n in range(most))

    def app_secrets(self) -> tuple[str, ...]:
        return self._read(APP_SECRET)

    def session_secrets(self) -> tuple[str, ...]:
        return self._read(SESSION_SECRET)

    def print_secrets(self) -> tuple[str, ...]:
        return self._read(FINGERPRINT_SECRET if self._given[FINGERPRINT_SECRET] else SESSION_SECRET)

    def asperion_secrets(self) -> tuple[str, ...]:
        return self._read(ASPERION_CLIENT_SECRET)

    def data_keys(self, *, fresh: bool = False) -> tuple[str, ...]:
        """The KMS keys that shops' secrets may be sealed under: by id, ARN or alias. With `fresh`
        they are read again at once.
        """
        return self._read(DATA_KEY, age=0.0 if fresh else self._age)

    def _read(self, variable: str, *, age: float | None = None) -> tuple[str, ...]:
        if variable in self._fixed:
            return self._fixed[variable]
        kept = self._kept.get(variable)
        longest = self._age if age is None else age
        if kept is not None and (self._is_younger(kept.read_at, longest) or self._rests()):
            return kept.values
        try:
            values = self._read_parameter(variable)
        except SettingsError as error:
            if kept is None:
                raise
            self._failed_at = self._now()
            if not kept.is_outdated:
                kept.is_outdated = True
                log.warning("a secret cannot be read again, its last good value goes on: %s", error)
            return kept.values
        self._kept[variable] = _Kept(values, self._now())
        return values

    def _read_parameter(self, variable: str) -> tuple[str, ...]:
        name = self._given[variable]
        if not name:
            raise SettingsError(f"Missing setting: {variable}. Set it and start again.")
        try:
            text = self._fetch(name)
        except SettingsError as error:
            raise SettingsError(f"{variable}: {error}") from None
        return READ_AS[variable](text, f"{variable}, SSM parameter {name},")

    def _rests(self) -> bool:
        return self._failed_at is not None and self._is_younger(
            self._failed_at, min(self._age, NEXT_TRY.total_seconds())
        )

    def _is_younger(self, moment: float, age: float) -> bool:
        return 0 <= self._now() - moment < age  # the clock may have been set back
