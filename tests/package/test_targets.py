"""A package is built for its target, whatever Python builds it, and wherever."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.building import built
from tests.package.conftest import unpack
from tests.package.interpreters import interpreters
from tools.build import ROOT, build, install, pack
from tools.target import RUNTIMES, Target

DEFAULT = Target.from_settings({})
OTHER = Target("python3.14", "arm64")

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
    modules = {name for name in files if name.endswith(".py")}
    tag = f"cpython-{target.version.replace('.', '')}"
    wanted = {
        (Path(name).parent / "__pycache__" / f"{Path(name).stem}.{tag}.pyc").as_posix()
        for name in modules
    }
    compiled = {name for name in files if name.endswith(".pyc")}

    assert compiled == wanted
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

    for name in ("deployment.zip", "sam.yaml"):
        assert _hash(tmp_path / "built" / name) == _hash(built("prod") / name), name


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


HERE = [replace(Target.of(path), python=None) for path in interpreters().values()]


@pytest.mark.parametrize("target", [each for each in HERE if each.runtime in RUNTIMES], ids=str)
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
import importlib.util, json, sys
sys.path.insert(0, sys.argv[1])
for handler in json.loads(sys.argv[2]):
    module, name = handler.rsplit(".", 1)
    assert callable(getattr(importlib.import_module(module), name)), handler
import chalicelib.entry, chalicelib.hook, markupsafe._speedups
homes = [getattr(m, "__file__", None) or "" for m in list(sys.modules.values())]
ours = [h for h in homes if h.startswith(sys.argv[1]) and h.endswith(".py")]
read = [importlib.util.cache_from_source(home) for home in ours]
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


def test_every_function_is_told_its_target(template: dict[str, Any]) -> None:
    functions = [
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
    ]
    assert {function["Runtime"] for function in functions} == {DEFAULT.runtime}
    assert [function["Architectures"] for function in functions] == [[DEFAULT.architecture]] * 8


@pytest.mark.parametrize("target", [DEFAULT, Target.of(Path(sys.executable))], ids=str)
def test_a_module_that_does_not_compile_is_named(tmp_path: Path, target: Target) -> None:
    (tmp_path / "task").mkdir()
    (tmp_path / "task" / "wrong.py").write_text("this is no Python")
    with pytest.raises(SystemExit, match=r"wrong\.py"):
        pack(tmp_path / "task", tmp_path / "packed.zip", target)
    assert not (tmp_path / "packed.zip").exists()


# ---- Wheels of the target, and nothing else -----------------------------------------------------
@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All that can be installed: an index of our own, on disk."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    return folder


def put_wheel(shelf: Path, name: str, tag: str = "py3-none-any") -> None:
    """A wheel with one module, named after it."""
    info = f"{name}-1.0.dist-info"
    nothing = base64.urlsafe_b64encode(hashlib.sha256(b"").digest()).decode().rstrip("=")
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n",
        f"{info}/RECORD": f"{name}.py,sha256={nothing},0\n{info}/RECORD,,\n",
    }
    with zipfile.ZipFile(shelf / f"{name}-1.0-{tag}.whl", "w") as wheel:
        for path, content in files.items():
            wheel.writestr(path, content)


def put_sources(shelf: Path, name: str) -> None:
    """A source distribution that builds, here and for this machine."""
    backend = f"""
import zipfile
def build_wheel(folder, *_):
    wheel = "{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(folder + "/" + wheel, "w") as made:
        made.writestr("{name}.py", "")
        made.writestr("{name}-1.0.dist-info/METADATA",
                      "Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n")
        made.writestr("{name}-1.0.dist-info/WHEEL",
                      "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        made.writestr("{name}-1.0.dist-info/RECORD", "")
    return wheel
"""
    files = {
        "backend.py": backend,
        "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        "pyproject.toml": (
            f'[project]\nname = "{name}"\nversion = "1.0"\n'
            '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        ),
    }
    with tarfile.open(shelf / f"{name}-1.0.tar.gz", "w:gz") as packed:
        for path, content in files.items():
            entry = tarfile.TarInfo(f"{name}-1.0/{path}")
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content.encode()))


def wish(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text("\n".join(lines))
    return path


@pytest.mark.parametrize("tag", ["cp313-cp313-win_amd64", "cp312-cp312-manylinux_2_17_aarch64"])
def test_a_dependency_without_a_wheel_for_the_target_is_named(
    shelf: Path, tmp_path: Path, tag: str
) -> None:
    put_wheel(shelf, "oddity", tag)
    put_sources(shelf, "oddity")

    with pytest.raises(SystemExit) as refused:
        install(wish(tmp_path, "oddity==1.0"), Target("python3.13", "arm64"), tmp_path / "tree")

    assert "python3.13 on arm64" in str(refused.value)
    assert "oddity" in str(refused.value)
    assert not (tmp_path / "tree" / "oddity.py").exists()


@pytest.mark.parametrize(
    ("tag", "target"),
    [
        ("cp313-cp313-manylinux_2_34_aarch64", Target("python3.13", "arm64")),
        ("cp313-cp313-manylinux2014_x86_64", Target("python3.13", "x86_64")),
        ("cp39-abi3-manylinux_2_17_x86_64", Target("python3.14", "x86_64")),
    ],
)
def test_a_wheel_of_the_target_is_taken_whatever_runs_here(
    shelf: Path, tmp_path: Path, tag: str, target: Target
) -> None:
    put_wheel(shelf, "fitting", tag)
    install(wish(tmp_path, "fitting==1.0"), target, tmp_path / "tree")
    assert (tmp_path / "tree" / "fitting.py").exists()


def test_what_depends_on_the_python_or_the_processor_depends_on_the_targets(
    shelf: Path, tmp_path: Path
) -> None:
    for name in ("newer", "older", "arm", "intel"):
        put_wheel(shelf, name)
    wished = wish(
        tmp_path,
        'newer==1.0 ; python_version >= "3.14"',
        'older==1.0 ; python_version < "3.14"',
        'arm==1.0 ; platform_machine == "aarch64"',
        'intel==1.0 ; platform_machine == "x86_64"',
    )
    install(wished, Target("python3.14", "arm64"), tmp_path / "tree")
    assert {path.name for path in (tmp_path / "tree").glob("*.py")} == {"newer.py", "arm.py"}


def test_a_file_that_somebody_changed_since_it_was_downloaded_is_named(
    shelf: Path, tmp_path: Path
) -> None:
    put_wheel(shelf, "trusted")
    wished = wish(tmp_path, "trusted==1.0")
    install(wished, DEFAULT, tmp_path / "first")
    [kept] = (tmp_path / "cache").rglob("trusted.py")
    kept.write_text("BACKDOOR = True")

    with pytest.raises(SystemExit, match=r"trusted\.py is not what the wheel of trusted holds"):
        install(wished, DEFAULT, tmp_path / "second")
