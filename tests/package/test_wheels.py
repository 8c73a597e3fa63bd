"""Dependencies are taken as wheels of the target, and as nothing else."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from tools.build import install
from tools.target import Target


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
    install(wished, Target.from_settings({}), tmp_path / "first")
    [kept] = (tmp_path / "cache").rglob("trusted.py")
    kept.write_text("BACKDOOR = True")

    with pytest.raises(SystemExit, match=r"trusted\.py is not what the wheel of trusted holds"):
        install(wished, Target.from_settings({}), tmp_path / "second")
