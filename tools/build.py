"""Build what is deployed: ``python -m tools.build`` → ``build/prod/``.

`chalice package` makes the stack's template and packs our own code. The dependencies are taken as
wheels of the target, which this machine need not be (`tools.target`). What no function uses, such
as 20 MB of service models, is removed (`tools.pruning`); every module is compiled, and the zip is
written with fixed order and stamps. The same sources give the same bytes, whatever Python builds
them, on any machine.

All of this happens in a folder of its own: nothing is left in the sources, and builds may run side
by side.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib.metadata import distribution, distributions
from pathlib import Path
from typing import Any

import uv
import yaml

from tools.bom import write_bom
from tools.catalogues import compile_catalogues
from tools.licences import RUNTIME, check_licences, read_decisions
from tools.node import NODE
from tools.pruning import prune
from tools.target import Target

TOOLS = Path(__file__).resolve().parent
ROOT = TOOLS.parent
SOURCES = ("app.py", "chalicelib", "templates", "vendor", ".chalice")
CHALICES_OWN = ("deployed", "deployments")
MERGED = ("resources.yaml", "alarms.yaml")
BOM = "bom.json"
DESCRIPTIONS = ("METADATA", "WHEEL", "LICENSE", "NOTICE")


def build(stage: str, target: Target, out: Path | None = None) -> Path:
    """Package one stage for a target; returns the folder with ``deployment.zip``, ``sam.yaml`` and
    ``bom.json``, by default ``build/<stage>``, made anew.

    Raises SystemExit naming the dependency that has no wheel for the target or no licence that may
    ship, or what else failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        made, tree = Path(folder, "made"), Path(folder, "task")
        package_code(stage, target, made)
        archive = made / "deployment.zip"
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(tree)
        install(ROOT / "requirements.txt", target, tree)
        prune(tree)
        _describe_runtime(tree)
        _check_licences(tree)
        pack(tree, archive, target)
        write_bom(made / BOM, tree=tree, archive=archive, target=target)
        out = out or ROOT / "build" / stage
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(made, out)
    return out


def package_code(stage: str, target: Target, out: Path) -> None:
    """What Chalice makes of a stage: its template, and a zip with our own code alone."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        copy_sources(project)
        compile_catalogues(project / "templates" / "locale")
        _run(
            [
                *(sys.executable, "-c", "from chalice.cli import main; main()"),
                *("package", "--stage", stage, "--template-format", "yaml"),
                *("--merge-template", str(_merge_templates(project)), str(out)),
            ],
            folder=project,
            # Chalice wants a region, and uses none to package.
            AWS_DEFAULT_REGION=os.environ.get("AWS_DEFAULT_REGION", "eu-central-1"),
            PYTHONDONTWRITEBYTECODE="1",
        )
    _set_target(out / "sam.yaml", target)


def read_resources(folder: Path = ROOT / ".chalice") -> dict[str, Any]:
    """All that is merged into Chalice's own template: `MERGED` files, no name in two of them."""
    merged: dict[str, Any] = {}
    for name in MERGED:
        for section, entries in yaml.safe_load((folder / name).read_text()).items():
            known = merged.setdefault(section, {})
            if twice := known.keys() & entries.keys():
                raise SystemExit(f"{name}: {section} has {', '.join(sorted(twice))} a second time.")
            known.update(entries)
    return merged


def _merge_templates(project: Path) -> Path:
    """Chalice takes one file to merge."""
    merged = project / "merged.yaml"
    merged.write_text(yaml.safe_dump(read_resources(project / ".chalice"), sort_keys=False))
    return merged


def copy_sources(project: Path) -> None:
    """Copy what Chalice packs, without a list of requirements: it would install what this machine's
    Python needs.
    """
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            left_out = shutil.ignore_patterns("__pycache__", "*.mo", "*.tmp", *CHALICES_OWN)
            shutil.copytree(source, project / name, symlinks=True, ignore=left_out)
        else:
            shutil.copy(source, project / name)


def _set_target(template: Path, target: Target) -> None:
    """Chalice writes down the Python that runs it, on the processor of its configuration."""
    stack = yaml.safe_load(template.read_text())
    for resource in stack["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["Runtime"] = target.runtime
            resource["Properties"]["Architectures"] = [target.architecture]
    template.write_text(yaml.safe_dump(stack, sort_keys=True))


def install(requirements: Path, target: Target, tree: Path) -> None:
    """Install into `tree` what a target needs, from wheels alone: a source distribution would be
    built for this machine. Raises SystemExit naming what has no such wheel, or is not as it was.
    """
    try:
        _run(
            [
                *(uv.find_uv_bin(), "pip", "install", "--quiet", "--system-certs"),
                *("--target", str(tree), "--requirements", str(requirements)),
                *("--no-build", "--link-mode", "copy", *target.wheels),
            ],
        )
    except SystemExit as error:
        raise SystemExit(
            f"Not every dependency can be installed for {target}, from wheels.\n{error}"
        ) from None
    _verify(tree)


def _verify(tree: Path) -> None:
    """Wheels are checked against the lock's hashes when they are downloaded; what uv then keeps
    unpacked, other programs can change, such as one that adds a company's certificates.
    """
    for package in distributions(path=[str(tree)]):
        for file in package.files or ():
            if file.hash is None:
                continue
            digest = hashlib.new(file.hash.mode, Path(str(file.locate())).read_bytes()).digest()
            if base64.urlsafe_b64encode(digest).decode().rstrip("=") != file.hash.value:
                raise SystemExit(
                    f"{file} is not what the wheel of {package.name} holds: somebody changed it in "
                    f"uv's cache. Run: .venv/bin/uv cache clean {package.name}"
                )


def _describe_runtime(tree: Path) -> None:
    """`chalice package` copies Chalice's runtime modules, and not of which version they are and
    under which licence: what its package says of that goes along with them.
    """
    package = distribution(RUNTIME)
    for file in package.files or ():
        if file.name in DESCRIPTIONS and file.parts[0].endswith(".dist-info"):
            copy = tree / file
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(file.locate()), copy)


def _check_licences(tree: Path) -> None:
    if wrong := check_licences(distributions(path=[str(tree)]), read_decisions()):
        raise SystemExit("\n".join(["What ships may not:", *wrong]))


def pack(tree: Path, archive: Path, target: Target) -> None:
    """Compile and zip a folder, by the interpreter itself where the target is one on this machine.
    Raises SystemExit naming what does not compile.
    """
    if target.python is None:
        python = [_node(), str(TOOLS / "pinned-python.mjs"), target.runtime]
        sees = [str(tree.parent)]
    else:
        python, sees = [str(target.python)], []
    _run([*python, str(TOOLS / "pack.py"), *sees, str(tree), str(archive)], PYTHONHASHSEED="0")


def _node() -> str:
    if not (ROOT / "node_modules").exists():
        raise SystemExit("The pinned Python is not installed (no node_modules). Run: make package")
    return str(NODE)


def _run(command: list[str], *, folder: Path = ROOT, **environ: str) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def main() -> None:
    """Build what goes to AWS, for the target that the environment names."""
    target = Target.from_settings(os.environ)
    out = build("prod", target)
    content = (out / "deployment.zip").read_bytes()
    print(f"{out.relative_to(ROOT)}: deployment.zip for {target}, {len(content) / 1e6:.1f} MB,")
    print(f"sha256 {hashlib.sha256(content).hexdigest()}, and sam.yaml;")
    print(f"{BOM}: its bill of materials, CycloneDX 1.6")


if __name__ == "__main__":
    main()
