"""The bill of materials of a package: every part that ships, in CycloneDX's JSON.

The same package gives the same bill, to the byte: it has no date, and its serial number comes from
the package's own hash. Format: CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json/.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tomllib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from urllib.parse import unquote, urlsplit

import uv
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from chalicelib.version import VERSION
from tools.licences import RUNTIME, SHIPPED, read_decisions
from tools.target import ARCHITECTURES, Target

OURS = "seoshop-asperion"
_OF_HASHES = uuid.UUID(
    "0d0f8d0e-6d3a-5c0f-9c55-1b1f3c2a7e11"
)  # our own namespace of serial numbers


@dataclass(frozen=True, slots=True)
class Wheel:
    """The file that a package was installed from, and its SHA-256 in hex."""

    name: str
    sha256: str


def read_lock() -> str:
    """What is pinned of all that ships, with hashes: the lock's text."""
    tools = SHIPPED.with_name("requirements-dev.txt").read_text()
    runtime = re.search(rf"^{RUNTIME}==.*(?:\n    --hash.*)+", tools, re.MULTILINE)
    if runtime is None:
        raise SystemExit(f"{RUNTIME} is not in the lock of the tools. Run: make lock")
    return f"{SHIPPED.read_text()}\n{runtime[0]}\n"


def list_wheels(locked: str, target: Target) -> dict[str, list[Wheel]]:
    """The wheels that fit a target and whose hashes a lock has, by the package's name."""
    command = [
        *(uv.find_uv_bin(), "pip", "compile", "--quiet", "--system-certs", "-", "--no-deps"),
        *("--format", "pylock.toml", "--no-build", "--no-header", *target.wheels),
    ]
    done = subprocess.run(command, input=locked, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The wheels of {target} are not to be found:\n{done.stderr}")
    found: dict[str, list[Wheel]] = {}
    for package in tomllib.loads(done.stdout)["packages"]:
        fitting = [
            Wheel(_read_name(wheel), wheel["hashes"]["sha256"]) for wheel in package["wheels"]
        ]
        found[canonicalize_name(package["name"])] = [
            wheel for wheel in fitting if f"sha256:{wheel.sha256}" in locked
        ]
    return found


def _read_name(wheel: Mapping[str, str]) -> str:
    return unquote(Path(urlsplit(wheel.get("url") or wheel["path"]).path).name)


def choose_wheel(package: Distribution, wheels: Iterable[Wheel]) -> Wheel:
    """The wheel that a package was installed from: it has its tags. Raises SystemExit for none."""
    lines = (package.read_text("WHEEL") or "").splitlines()
    tags = {line.partition(":")[2].strip() for line in lines if line.startswith("Tag:")}
    for wheel in wheels:
        if {str(tag) for tag in parse_wheel_filename(wheel.name)[3]} == tags:
            return wheel
    raise SystemExit(f"{package.name} was not installed from a wheel that the lock pins.")


def write_bom(path: Path, *, tree: Path, archive: Path, target: Target) -> None:
    """Write the bill of what is in `tree`, of which `archive` is the zip. Raises SystemExit for a
    package whose wheel the lock does not pin.
    """
    sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
    shipped = sorted(distributions(path=[str(tree)]), key=lambda each: canonicalize_name(each.name))
    wheels = list_wheels(read_lock(), target)
    bill = describe(shipped, wheels, sha256=sha256, target=target)
    written = json.loads(JsonV1Dot6(bill).output_as_string())
    del written["metadata"][
        "timestamp"
    ]  # the library's own: when it was written, not what is in it
    path.write_text(json.dumps(written, indent=2, sort_keys=True) + "\n")


def describe(
    shipped: Iterable[Distribution],
    wheels: Mapping[str, Sequence[Wheel]],
    *,
    sha256: str,
    target: Target,
) -> Bom:
    """The bill of a package with that hash."""
    app = Component(
        type=ComponentType.APPLICATION,
        name=OURS,
        version=VERSION,
        bom_ref=OURS,
        purl=PackageURL("generic", None, OURS, VERSION),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256)],
    )
    packages: dict[str, Distribution] = {canonicalize_name(each.name): each for each in shipped}
    parts = {
        name: _describe_part(name, each, wheels.get(name, ())) for name, each in packages.items()
    }
    bill = Bom(components=parts.values(), serial_number=uuid.uuid5(_OF_HASHES, sha256))
    bill.metadata.component = app
    needed = {name: set(_list_needed(each, target)) & set(parts) for name, each in packages.items()}
    for name, part in parts.items():
        bill.register_dependency(part, [parts[each] for each in sorted(needed[name])])
    bill.register_dependency(app, [parts[name] for name in list_direct() if name in parts])
    return bill


def list_direct() -> list[str]:
    """The packages that our own code uses, by canonical name."""
    project = tomllib.loads((SHIPPED.parent / "pyproject.toml").read_text())["project"]
    return [
        *(canonicalize_name(Requirement(each).name) for each in project["dependencies"]),
        RUNTIME,
    ]


def _describe_part(name: str, package: Distribution, wheels: Iterable[Wheel]) -> Component:
    wheel = choose_wheel(package, wheels)
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        version=package.version,
        bom_ref=f"{name}@{package.version}",
        purl=PackageURL("pypi", None, name, package.version, {"file_name": wheel.name}),
        licenses=[LicenseFactory().make_from_string(read_decisions().packages[name])],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=wheel.sha256)],
    )


def _list_needed(package: Distribution, target: Target) -> Iterator[str]:
    """What a package requires on the target, without its extras."""
    environment = {
        "python_version": target.version,
        "python_full_version": f"{target.version}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "platform_machine": ARCHITECTURES[target.architecture],
        "platform_system": "Linux",
        "sys_platform": "linux",
        "os_name": "posix",
        "extra": "",
    }
    for line in package.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            yield canonicalize_name(requirement.name)
