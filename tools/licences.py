"""The licences of what ships: ``python -m tools.licences`` looks at all that the lock pins.

Which licence a package ships under, and which may ship at all, is decided in ``licences.toml``.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOOLS = Path(__file__).resolve().parent
DECISIONS = TOOLS / "licences.toml"
SHIPPED = TOOLS.parent / "requirements.txt"
RUNTIME = "chalice"
"""Ships too, without being in the lock of what ships: `chalice package` adds its runtime."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9.+-]+")
_OPERATORS = frozenset({"AND", "OR", "WITH"})
_BSD = frozenset({"BSD-2-Clause", "BSD-3-Clause"})
_SAID: Mapping[str, frozenset[str]] = {
    "MIT License": frozenset({"MIT"}),
    "MIT No Attribution License (MIT-0)": frozenset({"MIT-0"}),
    "BSD License": _BSD,
    "Apache License 2.0": frozenset({"Apache-2.0"}),
    "Apache Software License": frozenset({"Apache-2.0"}),
    "Mozilla Public License 2.0 (MPL 2.0)": frozenset({"MPL-2.0"}),
    "Python Software Foundation License": frozenset({"PSF-2.0"}),
    "GNU Lesser General Public License v2 or later (LGPLv2+)": frozenset({"LGPL-2.1-or-later"}),
}
"""What packages say of themselves, in words that are no SPDX identifier."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """The SPDX expression of each package by its canonical name, and the identifiers allowed."""

    packages: Mapping[str, str]
    allowed: frozenset[str]


def read_decisions(path: Path = DECISIONS) -> Decisions:
    """What was decided."""
    found = tomllib.loads(path.read_text())
    return Decisions(packages=found["packages"], allowed=frozenset(found["allowed"]))


def check_licences(
    shipped: Iterable[Distribution], decisions: Decisions, *, is_all: bool = True
) -> list[str]:
    """What is wrong with the licences of these packages, a sentence each; with `is_all`, also what
    was decided of packages that do not ship.
    """
    found = {canonicalize_name(package.name): package for package in shipped}
    wrong = [
        each for name, package in sorted(found.items()) for each in _check(name, package, decisions)
    ]
    unused = sorted(set(decisions.packages) - set(found)) if is_all else []
    return [*wrong, *(f"{name} does not ship: take it out of licences.toml" for name in unused)]


def _check(name: str, package: Distribution, decisions: Decisions) -> Iterator[str]:
    decided = decisions.packages.get(name)
    if decided is None:
        said = ", ".join(sorted(_read_claims(package))) or "nothing"
        yield f"{name} has no licence in licences.toml; it says {said} of itself"
        return
    try:
        canonicalize_license_expression(decided)
    except InvalidLicenseExpression:
        yield f"{name}: {decided} is no SPDX expression"
        return
    identifiers = list_identifiers(decided)
    yield from (f"{name}: {each} may not ship" for each in sorted(identifiers - decisions.allowed))
    claims = _read_claims(package)
    meant = {each for claim in claims for each in _SAID.get(claim, list_identifiers(claim))}
    if not identifiers <= meant:
        yield f"{name} says {', '.join(sorted(claims))} of itself, and licences.toml {decided}"


def list_identifiers(expression: str) -> set[str]:
    """The licences that an SPDX expression names."""
    return set(_IDENTIFIER.findall(expression)) - _OPERATORS


def _read_claims(package: Distribution) -> set[str]:
    """What a package says of its licence: an SPDX expression, or else words of its own."""
    metadata = package.metadata
    if "License-Expression" in metadata:
        return {str(metadata["License-Expression"])}
    words = {str(metadata["License"]).strip()} if "License" in metadata else set()
    classifiers = metadata.get_all("Classifier") or []
    words |= {each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License ::")}
    return {word for word in words if word and "\n" not in word}


def list_locked(lock: Path = SHIPPED) -> dict[str, Requirement]:
    """What a lock pins, by canonical name."""
    lines = [line.split("\\")[0].strip() for line in lock.read_text().splitlines()]
    pinned = [Requirement(line) for line in lines if line and not line.startswith(("#", "--"))]
    return {canonicalize_name(each.name): each for each in pinned}


def main() -> None:
    """Check all that the lock names, as installed here; exits with 1 saying what is wrong."""
    shipped, wrong = [], []
    for name in (*list_locked(), RUNTIME):
        try:
            shipped.append(distribution(name))
        except PackageNotFoundError:  # for another Python or processor than this one
            wrong += [] if name in read_decisions().packages else [f"{name} has no licence"]
    wrong += check_licences(shipped, read_decisions(), is_all=False)
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        raise SystemExit(1)
    print(f"{len(shipped)} packages ship, under licences that allow it.")


if __name__ == "__main__":
    main()
