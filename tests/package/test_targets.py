"""A package is built for its target, whatever Python builds it, and wherever."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.building import built
from tests.package.conftest import unpack
from tests.package.interpreters import interpreters
from tools.build import ROOT, build, pack
from tools.target import RUNTIMES, Target

DEFAULT = Target.from_settings({})
OTHER = Target("python3.14", "x86_64")

# What a module's bytecode begins with, by its Python, and what a library's ELF header says at its
# 18th byte, by its processor.
MAGIC = {"python3.13": 3571, "python3.14": 3627}
MACHINE = {"x86_64": 0x3E, "arm64": 0xB7}


@pytest.fixture(scope="module", params=[DEFAULT, OTHER], ids=str)
def packed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A target, and what is in the zip that is built for it."""
    target: Target = request.param
    if target == DEFAULT:
        folder = built("prod")
    else:
        folder = build("prod", target, tmp_path_factory.mktemp("other") / "built")
    with zipfile.ZipFile(folder / "deployment.zip") as archive:
        return target, {name: archive.read(name) for name in archive.namelist()}


def test_every_module_is_compiled_for_the_targets_python(
    packed: tuple[Target, dict[str, bytes]],
) -> None:
    target, files = packed
    compiled = {name for name in files if name.endswith(".pyc")}

    assert len(compiled) > 800
    assert not [name for name in files if name.endswith(".py") and "templates/" not in name]
    assert not [name for name in files if "__pycache__" in name]
    for name in compiled:
        magic, flags = files[name][:4], int.from_bytes(files[name][4:8], "little")
        assert magic == _magic(target), name
        assert flags == 0b01, name  # by hash, and not checked: stamps do not survive a zip


def _magic(target: Target) -> bytes:
    return MAGIC[target.runtime].to_bytes(2, "little") + b"\r\n"


def test_every_library_is_for_the_targets_processor_and_python(
    packed: tuple[Target, dict[str, bytes]],
) -> None:
    target, files = packed
    libraries = {name: content for name, content in files.items() if content[:4] == b"\x7fELF"}

    assert libraries
    for name, content in libraries.items():
        assert content[18] == MACHINE[target.architecture], name
        assert target.version.replace(".", "") in name or "abi3" in name, name


def test_any_python_builds_the_same_bytes(tmp_path: Path) -> None:
    """Another Python, where there is one, with this one's libraries, of which the zip has none."""
    here = f"python{sys.version_info.major}.{sys.version_info.minor}"
    others = [path for name, path in interpreters().items() if name != here]
    other = others[0] if others else Path(sys.executable)
    code = (
        "import sys; from pathlib import Path; from tools.build import build;"
        "from tools.target import Target;"
        "build('prod', Target.from_settings({}), Path(sys.argv[1]))"
    )
    subprocess.run([str(other), "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    [site] = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    (site / "libraries.pth").write_text(str(Path(pytest.__file__).parents[1]))
    subprocess.run(
        [str(tmp_path / "venv" / "bin" / "python"), "-c", code, str(tmp_path / "built")],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
    )

    for name in ("deployment.zip", "sam.yaml", "bom.json"):
        assert _hash(tmp_path / "built" / name) == _hash(built("prod") / name), name


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


RUNNABLE = [
    replace(Target.of(path), python=None)
    for runtime, path in interpreters().items()
    if runtime in RUNTIMES
]


@pytest.mark.skipif(not RUNNABLE, reason=f"None of {', '.join(RUNTIMES)} is on this machine.")
@pytest.mark.parametrize("target", RUNNABLE or [DEFAULT], ids=str)
def test_the_deployable_zip_runs_on_the_targets_python(
    template: dict[str, Any], tmp_path: Path, target: Target
) -> None:
    made = built("prod") if target == DEFAULT else build("prod", target, tmp_path / "built")
    tree = unpack(made / "deployment.zip", tmp_path / "task")
    handlers = {
        resource["Properties"]["Handler"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    assert len(handlers) > 5

    code = """
import importlib.util, json, pkgutil, sys
sys.path.insert(0, sys.argv[1])
for handler in json.loads(sys.argv[2]):
    module, name = handler.rsplit(".", 1)
    assert callable(getattr(importlib.import_module(module), name)), handler
import chalicelib.entries, chalicelib.hook, markupsafe._speedups
for each in pkgutil.iter_modules(chalicelib.entries.__path__, "chalicelib.entries."):
    importlib.import_module(each.name)
homes = [getattr(m, "__file__", None) or "" for m in list(sys.modules.values())]
read = [h for h in homes if h.startswith(sys.argv[1]) and h.endswith(".pyc")]
print(json.dumps([importlib.util.MAGIC_NUMBER.hex(), read]))
"""
    python = str(interpreters()[target.runtime])
    done = subprocess.run(
        [python, "-I", "-S", "-c", code, str(tree), json.dumps(sorted(handlers))],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    magic, read = json.loads(done.stdout)
    assert magic == _magic(target).hex()
    assert len(read) > 200
    assert [path for path in read if not Path(path).exists()] == []


def test_every_function_has_its_target(template: dict[str, Any]) -> None:
    functions = [
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
    ]
    assert {function["Runtime"] for function in functions} == {DEFAULT.runtime}
    assert [function["Architectures"] for function in functions] == [
        [DEFAULT.architecture] for _ in functions
    ]


@pytest.mark.parametrize("target", [DEFAULT, Target.of(Path(sys.executable))], ids=str)
def test_a_module_that_does_not_compile_is_named(tmp_path: Path, target: Target) -> None:
    (tmp_path / "task").mkdir()
    (tmp_path / "task" / "wrong.py").write_text("this is no Python")
    with pytest.raises(SystemExit, match=r"wrong\.py"):
        pack(tmp_path / "task", tmp_path / "packed.zip", target)
    assert not (tmp_path / "packed.zip").exists()
