"""Known weaknesses of what is pinned: ``python -m tools.weaknesses``, by pip-audit.

Its data comes from the network: from the package index, or else from OSV. Where neither can be
asked, that is said loudly and nothing fails, because a machine without the network is no weakness.
What is not known of a package is never taken for "nothing is known against it".
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from tools.build import ROOT

ACCEPTED = Path(__file__).resolve().parent / "weaknesses.toml"
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-aws.txt")
SOURCES = ("pypi", "osv")
PATIENCE = 10  # seconds for one question to a source
LONGEST = 60  # seconds for all questions to it


@dataclass(frozen=True, slots=True)
class Weakness:
    """One that is known: its ids (the first is the one it is called by), and the versions of the
    package without it.
    """

    package: str
    version: str
    ids: tuple[str, ...]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        fixed = f"fixed in {', '.join(self.fixed_in)}" if self.fixed_in else "not fixed yet"
        return f"{self.package} {self.version}: {', '.join(self.ids)}, {fixed}"


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known of some packages; `unchecked` are those of which nothing could be asked."""

    weaknesses: tuple[Weakness, ...] = ()
    checked: frozenset[str] = frozenset()
    unchecked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Accepted:
    """A weakness that is accepted until a day, and why."""

    package: str
    id: str
    until: date
    reason: str


def read_report(report: Mapping[str, Any]) -> Findings:
    """What pip-audit's JSON says. A package that it skipped is not checked."""
    weaknesses, checked, unchecked = [], set(), set()
    for each in report["dependencies"]:
        name = canonicalize_name(each["name"])
        if "skip_reason" in each:
            unchecked.add(name)
            continue
        checked.add(name)
        weaknesses += [
            Weakness(
                package=name,
                version=each["version"],
                ids=(found["id"], *found.get("aliases", ())),
                fixed_in=tuple(found.get("fix_versions", ())),
            )
            for found in each["vulns"]
        ]
    return Findings(tuple(weaknesses), frozenset(checked), frozenset(unchecked))


def ask(source: str, locks: Iterable[Path]) -> Findings | None:
    """What a source knows of all that these locks pin; None when it does not answer."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [
            *(sys.executable, "-m", "pip_audit", "--vulnerability-service", source),
            *("--disable-pip", "--require-hashes", "--timeout", str(PATIENCE)),
            *("--progress-spinner", "off", "--format", "json", "--output", str(report)),
            *(part for lock in locks for part in ("--requirement", str(lock))),
        ]
        try:
            subprocess.run(
                command, capture_output=True, stdin=subprocess.DEVNULL, timeout=LONGEST, check=False
            )
            return read_report(json.loads(report.read_text()))
        except (subprocess.TimeoutExpired, OSError, ValueError, KeyError):
            return None


def ask_all(locks: Sequence[Path], sources: Sequence[str] = SOURCES) -> Findings:
    """What the sources know, each asked when those before it left packages unchecked."""
    known = Findings()
    for source in sources:
        said = ask(source, locks)
        if said is not None:
            checked = known.checked | said.checked
            missing = (known.unchecked | said.unchecked) - checked
            known = Findings((*known.weaknesses, *said.weaknesses), checked, missing)
        if known.checked and not known.unchecked:
            break
    return known


def read_accepted(path: Path = ACCEPTED) -> list[Accepted]:
    """What is accepted for a time. Raises SystemExit for an entry without a reason or an end."""
    try:
        found = [Accepted(**each) for each in tomllib.loads(path.read_text()).get("accepted", ())]
    except TypeError as error:
        raise SystemExit(
            f"{path.name}: an entry needs package, id, until, reason: {error}"
        ) from None
    if bare := [
        each.id for each in found if not each.reason.strip() or not isinstance(each.until, date)
    ]:
        raise SystemExit(f"{path.name}: {', '.join(bare)} has no reason, or no day for its end.")
    return found


def judge(known: Findings, accepted: Sequence[Accepted], today: date) -> Iterator[str]:
    """What has to be done, a sentence each."""
    used = set()
    for weakness in known.weaknesses:
        fits = [
            each
            for each in accepted
            if each.package == weakness.package and each.id in weakness.ids
        ]
        used |= {each.id for each in fits}
        if not any(today <= each.until for each in fits):
            over = " (accepted for a time, which is over)" if fits else ""
            yield f"{weakness}{over}"
    for each in accepted:
        if each.package in known.checked and each.id not in used:
            yield f"{each.package}: {each.id} is accepted and found no more: take it out"


def main() -> None:
    """Ask and judge; exits with 1 for a known weakness that is not accepted."""
    known = ask_all([ROOT / name for name in LOCKS])
    wrong = list(judge(known, read_accepted(), datetime.now(UTC).date()))
    if wrong:
        print("KNOWN WEAKNESSES:", *wrong, sep="\n  ", file=sys.stderr)
    if not known.checked:
        print(
            "NOT CHECKED: neither the package index nor OSV tells of known weaknesses from here: "
            "nothing of what is pinned was looked up. Run `make lint` where they can be reached.",
            file=sys.stderr,
        )
    elif known.unchecked:
        names = ", ".join(sorted(known.unchecked))
        print(f"NOT CHECKED for known weaknesses: {names}", file=sys.stderr)
    else:
        print(f"No weakness is known of the {len(known.checked)} packages that are pinned.")
    if wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
