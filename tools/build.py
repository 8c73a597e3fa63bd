"""Build what is deployed: ``python -m tools.build [--stage prod]`` → ``build/<stage>/``.

`chalice package` alone ships no compiled Python, 20 MB of service models nobody calls, and, from
its cache, a stale zip when only a file's name changed. This step starts clean, keeps the service
models in use, compiles for the runtime, and writes the zip with fixed order and stamps: the same
sources give the same bytes.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import yaml
from babel.messages import mofile, pofile

ROOT = Path(__file__).resolve().parents[1]
SERVICES = ("dynamodb", "s3", "sqs", "ssm")
"""The AWS services the connector calls; every other model leaves botocore."""

DEPLOYABLE = ("python3.12", "python3.13", "python3.14")
"""Runtimes in which AWS lets functions be created and updated: 3.11 and older are blocked since
2026-07-31."""

STAMP = (1980, 1, 1, 0, 0, 0)


def build(stage: str) -> Path:
    """Package one stage; returns the folder with ``deployment.zip`` and ``sam.yaml``.

    Raises SystemExit for a deployable stage on a runtime that AWS has blocked.
    """
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if stage != "local" and runtime not in DEPLOYABLE:
        raise SystemExit(
            f"{runtime} cannot be deployed: AWS creates functions for {', '.join(DEPLOYABLE)} "
            "only. Run with one of these."
        )
    out = ROOT / "build" / stage
    with _alone():
        compile_catalogues()
        _clean()
        shutil.rmtree(out, ignore_errors=True)
        _chalice_package(stage, out)
        _slim(out / "deployment.zip")
        _set_runtime(out / "sam.yaml", runtime)
    return out


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One build at a time: Chalice keeps its work in one folder."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def compile_catalogues() -> None:
    """Compile every gettext catalogue under ``templates/locale`` beside its source. Each is put in
    place in one go, for those who read it meanwhile; what was compiled from a source that is gone
    is removed, or it would ship.
    """
    folder = ROOT / "templates" / "locale"
    for compiled in folder.rglob("*.mo"):
        if not compiled.with_suffix(".po").exists():
            compiled.unlink()
    for source in sorted(folder.rglob("*.po")):
        with source.open("rb") as text:
            catalogue = pofile.read_po(text, abort_invalid=True)
        fresh = source.with_suffix(f".{os.getpid()}.tmp")
        with fresh.open("wb") as binary:
            mofile.write_mo(binary, catalogue)
        fresh.replace(source.with_suffix(".mo"))


def _clean() -> None:
    """Chalice's cache knows a package by its files' contents, not their names."""
    shutil.rmtree(ROOT / ".chalice" / "deployments", ignore_errors=True)
    for cache in (ROOT / "chalicelib").rglob("__pycache__"):
        shutil.rmtree(cache)


def _chalice_package(stage: str, out: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("chalice")),
        *("package", "--stage", stage, "--template-format", "yaml"),
        *("--merge-template", str(ROOT / ".chalice" / "resources.yaml"), str(out)),
    ]
    environ = {
        **os.environ,
        "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "eu-central-1"),
        # Importing app.py must not leave byte code in the sources that are packed next.
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"chalice package failed:\n{done.stdout}{done.stderr}")


def _slim(archive: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(tree)
        _prune(tree)
        _compile(tree)
        _pack(tree, archive)


def _prune(tree: Path) -> None:
    for model in (tree / "botocore" / "data").iterdir():
        if model.is_dir() and model.name not in SERVICES:
            shutil.rmtree(model)
    superfluous = ("examples-1.json*", "*.po", "*.pyi", ".DS_Store")
    for pattern in superfluous:
        for file in tree.rglob(pattern):
            file.unlink()
    for tests in [*tree.rglob("tests"), *tree.rglob("__pycache__")]:
        if tests.is_dir():
            shutil.rmtree(tests)


def _compile(tree: Path) -> None:
    """`/var/task` is read-only: what is not compiled here is compiled at every cold start."""
    subprocess.run(
        [
            *(sys.executable, "-m", "compileall", "-q", "-f"),
            *("-s", str(tree), "-p", "/var/task"),
            *("--invalidation-mode", "unchecked-hash", str(tree)),
        ],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        stdout=subprocess.DEVNULL,
    )


def _pack(tree: Path, archive: Path) -> None:
    archive.unlink()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for file in sorted(path for path in tree.rglob("*") if path.is_file()):
            info = zipfile.ZipInfo(file.relative_to(tree).as_posix(), STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            packed.writestr(info, file.read_bytes())


def _set_runtime(template: Path, runtime: str) -> None:
    """The webhook function, which Chalice does not generate, runs what the others run."""
    stack = yaml.safe_load(template.read_text())
    stack["Resources"]["WebhookFunction"]["Properties"]["Runtime"] = runtime
    template.write_text(yaml.safe_dump(stack, sort_keys=True))


def main() -> None:
    """Build from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stage", default="prod", choices=("prod", "local"))
    out = build(parser.parse_args().stage)
    size = (out / "deployment.zip").stat().st_size
    print(f"{out.relative_to(ROOT)}: deployment.zip {size / 1e6:.1f} MB, sam.yaml")


if __name__ == "__main__":
    main()
