"""The lint of names, each rule with an example that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import check_names
from tools.build import ROOT
from tools.check_names import find_retired_words, find_shared_names, is_clean, list_modules


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("def tell(told): ...", "told"),
        ("def hear(): ...", "hear"),
        ("async def _hear_of(): ...", "_hear_of"),
        ("heard_at = 1", "heard_at"),
        ("order.settled_by = 1", "settled_by"),
        ("class Settled: ...", "Settled"),
        ("class OrderHeard: ...", "OrderHeard"),
        ("BEGINNING = 0", "BEGINNING"),
        ("beginning: int", "beginning"),
        ("def test_an_order_heard_twice(): ...", "test_an_order_heard_twice"),
        ("def was_looked_at(): ...", "was_looked_at"),
        ("marked = [1 for marked in ()]", "marked"),
        ("def look(): ...", "look"),
        ("def _line(): ...", "_line"),
        ("class Run:\n    def over(self): ...", "over"),
        ("def met(): ...", "met"),
        ("def close(): ...", "close"),
        ("def mark(): ...", "mark"),
        ("import orders as told", "told"),
        ("try: ...\nexcept ValueError as told: ...", "told"),
        ("with open() as told: ...", "told"),
        ("match 1:\n    case [*told]: ...", "told"),
        ("match 1:\n    case {'a': 1, **told}: ...", "told"),
        ("match 1:\n    case int() as told: ...", "told"),
        ("(told := 1)", "told"),
        ("f = lambda told: 1", "told"),
    ],
)
def test_a_retired_word_is_named_with_its_file_and_line(code: str, name: str) -> None:
    found = find_retired_words("tools/example.py", f"\n{code}\n")

    assert found, "nothing found"
    assert all(each.startswith("tools/example.py:") for each in found)
    assert any(f"{name!r} has the retired word" in each for each in found)
    assert ": write " in found[0]


def test_its_line_is_the_definitions() -> None:
    [found] = find_retired_words("tools/example.py", "def read():\n    pass\n\n\ntold = 1\n")

    assert found == (
        "tools/example.py:5: 'told' has the retired word 'told': "
        "write report, notify, or a noun such as message"
    )


@pytest.mark.parametrize("module", ["tools/heard.py", "tools/closing.py", "tools/over.py"])
def test_a_modules_own_name_counts(module: str) -> None:
    [found] = find_retired_words(module, "")

    assert found.startswith(f"{module}:1: ")


@pytest.mark.parametrize(
    "code",
    [
        "def make_line(line): ...",  # an order line
        "mark = over = close = look = met = 1",  # no function's name
        "def test_a_rate_over_zero(): ...",
        "@pytest.mark.slow\ndef read(): ...",
        "file.close()",  # a library's name, used and not defined
        "from contextlib import closing",
        "settings = 1",
        "import hypothesis",
    ],
)
def test_other_words_pass(code: str) -> None:
    assert find_retired_words("tools/example.py", code) == []


def test_the_allow_list_is_of_one_name_in_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = {("tools/example.py", "close"): "a library calls it"}
    monkeypatch.setattr(check_names, "ALLOWED", allowed)

    assert find_retired_words("tools/example.py", "def close(): ...") == []
    assert find_retired_words("tools/example.py", "def met(): ...")
    assert find_retired_words("tools/other.py", "def close(): ...")


def test_two_modules_of_one_name_are_named_together() -> None:
    modules = ["chalicelib/domain/vat.py", "sandbox/asperion/vat.py", "tools/build.py"]

    assert list(find_shared_names(modules, ["sandbox"])) == [
        "chalicelib/domain/vat.py:1: 'vat' is the name of sandbox/asperion/vat.py too"
    ]


def test_test_modules_of_one_name_count_as_well() -> None:
    assert list(find_shared_names(["tests/a/test_vat.py", "tests/b/test_vat.py"], ["tests"]))


def test_packages_and_their_fixtures_may_share_names() -> None:
    same = [f"{folder}/{name}.py" for folder in "ab" for name in check_names.SHARED_MODULE_NAMES]

    assert list(find_shared_names(same, ["."])) == []


def test_only_folders_that_are_clean_already_are_checked() -> None:
    assert is_clean("tests/sandbox/conftest.py", ["tests/sandbox"])
    assert not is_clean("tests/sandboxes/conftest.py", ["tests/sandbox"])
    assert is_clean("app.py", ["."])
    assert not list(find_shared_names(["chalicelib/a/x.py", "chalicelib/b/x.py"], ["sandbox"]))


def test_the_modules_of_a_repository_are_those_that_git_knows() -> None:
    modules = list_modules(ROOT)

    assert "tools/check_names.py" in modules
    assert not [each for each in modules if each.startswith((".venv", "node_modules"))]


def test_the_run_prints_what_is_wrong_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "tools/one.py": "def look(): ...\n",
        "chalicelib/two.py": "def f(event): return event.note == 'x'\n",
        "templates/pages/page.html": "{% if event.note == 'x' %}{% endif %}",
        "sandbox/one.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(check_names, "ROOT", tmp_path)
    monkeypatch.setattr(
        check_names, "list_modules", lambda _: [name for name in files if name.endswith(".py")]
    )

    with pytest.raises(SystemExit) as found:
        check_names.main()

    assert sorted(line.split(": ")[0] for line in str(found.value).splitlines()) == [
        "chalicelib/two.py:1",
        "templates/pages/page.html:1",
        "tools/one.py:1",
        "tools/one.py:1",
    ]
