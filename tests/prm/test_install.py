"""Setting up says in one sentence what is missing, and does nothing twice."""

import ast
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

import install


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(install, "LOG", tmp_path / "var" / "install.log")
    return tmp_path


def program(folder: Path, name: str, says: str, status: int = 0) -> None:
    """A program on the PATH that prints `says`."""
    path = folder / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {status}\n")
    path.chmod(0o755)


def test_an_old_python_can_read_it() -> None:
    ast.parse(Path(install.__file__).read_text(), feature_version=(3, 6))


def test_an_old_python_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(install, "sys", SimpleNamespace(version_info=(3, 9, 2), argv=[], exit=sys.exit))
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer and found 3\.9: install it"):
        install.newer_python()


def test_an_old_python_hands_over_to_a_newer_one(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    argv = ["install.py", "dev"]
    monkeypatch.setattr(install, "sys", SimpleNamespace(version_info=(3, 9, 2), argv=argv, exit=sys.exit))
    program(folder, "python3.12", "")
    monkeypatch.setenv("PATH", str(folder / "bin"))
    became: list[list[str]] = []
    monkeypatch.setattr(install.os, "execv", lambda path, arguments: became.append(arguments))
    with pytest.raises(SystemExit):  # only because this execv comes back
        install.newer_python()
    assert became == [[str(folder / "bin" / "python3.12"), "install.py", "dev"]]


def test_a_python_without_venv_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        install.environment()


@pytest.mark.parametrize(("version", "words"), [("v18.19.0", "found v18.19.0"), ("", "found none")])
def test_a_missing_or_old_node_is_told(
    monkeypatch: pytest.MonkeyPatch, folder: Path, version: str, words: str
) -> None:
    if version:
        program(folder, "node", version)
        program(folder, "npm", "10")
    monkeypatch.setenv("PATH", str(folder / "bin"))
    with pytest.raises(SystemExit, match=f"needs Node 20 or newer with npm and {words}: install it from"):
        install.check_node()


def test_a_new_node_is_enough(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    program(folder, "node", "v22.3.0")
    program(folder, "npm", "10")
    monkeypatch.setenv("PATH", str(folder / "bin"))
    install.check_node()


@pytest.mark.parametrize(
    "says",
    [
        "WARNING: Retrying: NewConnectionError: Temporary failure in name resolution",
        "npm error code EAI_AGAIN",
    ],
)
def test_no_network_is_one_sentence(folder: Path, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    program(folder, "fetch", says, status=1)
    with pytest.raises(SystemExit) as ended:
        install.follow([str(folder / "bin" / "fetch")], r"^Collecting", "Packages could not be installed")
    assert ended.value.code == (
        "Packages could not be installed: the package registry does not answer. "
        "Check the network and try again."
    )
    assert capsys.readouterr().out == ""
    assert says in install.LOG.read_text()


def test_any_other_trouble_gives_its_last_line_and_where_the_rest_is(folder: Path) -> None:
    program(folder, "fetch", "ERROR: the hashes do not match", status=1)
    with pytest.raises(SystemExit, match=r"ERROR: the hashes do not match \(all of it: .*install.log\)"):
        install.follow([str(folder / "bin" / "fetch")], r"^Collecting", "Packages could not be installed")


def test_the_line_that_names_the_error_is_the_reason() -> None:
    node = [
        "node:fs:2380\n",
        "Error: ENOENT: no such file, open 'app.css'\n",
        "    at write (build.mjs)\n",
        "\n",
    ]
    assert install.reason([*node, "Node.js v20.20.2\n"]) == "Error: ENOENT: no such file, open 'app.css'"
    npm = ["npm error code E404\n", "npm error A complete log of this run can be found in: …\n"]
    assert install.reason(npm) == "npm error code E404"
    assert install.reason(["\n"]) == "it gave no reason"


def test_two_starts_in_one_folder_take_turns(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = install.alone()
    assert capsys.readouterr().out == ""
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(install.alone)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.2)
        os.close(first)
        os.close(second.result(timeout=10))
    assert "Waiting for another start" in capsys.readouterr().out


def test_how_far_it_is_shows_line_by_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program(folder, "fetch", "Collecting django==5.2 (from -r requirements/app.txt)\nnoise")
    install.follow([str(folder / "bin" / "fetch")], r"^Collecting", "trouble")
    assert capsys.readouterr().out == "  Collecting django==5.2\n"


def test_packages_are_installed_once_for_each_lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[str] = []
    monkeypatch.setattr(install, "follow", lambda command, shown, trouble: runs.append(command[-1]))
    (folder / "requirements").mkdir()
    (folder / ".venv").mkdir()
    for name in ("app", "dev"):
        (folder / "requirements" / f"{name}.txt").write_text("django==5.2\n")
    for name in ("app", "app", "dev", "dev", "app"):
        install.packages(name)
    (folder / "requirements" / "app.txt").write_text("django==5.2.1\n")
    install.packages("app")
    assert runs == ["requirements/app.txt", "requirements/dev.txt", "requirements/app.txt"]


def test_the_front_end_is_built_again_only_after_a_change(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[str] = []
    monkeypatch.setattr(install, "follow", lambda command, shown, trouble: runs.append(command[1]))
    monkeypatch.setattr(install, "check_node", lambda: None)
    for name in ("templates", "static/dist", "node_modules", "team"):
        (folder / name).mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_text("{}")
    install.front_end()
    install.front_end()
    assert runs == ["ci", "run"]
    (folder / "static" / "dist" / "app.css").write_text("made by the build")
    install.front_end()
    assert runs == ["ci", "run"]
    (folder / "templates" / "today.html").write_text('{% icon "sun" %}')
    install.front_end()
    assert runs == ["ci", "run", "run"]
