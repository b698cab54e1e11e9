"""The user's door: the command in this process or in one of its own, small suites, and a chat server."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sparrow_lite.cli import main

Door = Callable[..., Result]


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Door:
    """A function that runs `sparrow-lite` with these words in an empty folder; a bug is raised."""
    monkeypatch.chdir(tmp_path)

    def run(*words: object, code: int | None = 0) -> Result:
        # Settings come from the environment, and nothing else of this machine.
        done = CliRunner().invoke(main, [str(word) for word in words], prog_name="sparrow-lite")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert code is None or done.exit_code == code, done.output
        return done

    return run


@pytest.fixture
def spawn(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """A function that starts the installed `sparrow-lite` with these words."""
    command = Path(sys.executable).with_name("sparrow-lite")

    def start(*words: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(command), *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )

    return start


@pytest.fixture
def questions(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a suite of so many questions, or of these rows."""

    def write(rows: int | list[dict[str, Any]] = 4, *, name: str = "asked") -> Path:
        if isinstance(rows, int):
            rows = [
                {"id": f"q{n}", "question": f"What is {n} plus 1?", "answers": [f"{n + 1}"]}
                for n in range(rows)
            ]
        path = tmp_path / f"{name}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    return write


@pytest.fixture
def figures_of(door: Door) -> Callable[..., dict[str, Any]]:
    """A function that returns the JSON report of a run, without what a clock says."""

    def read(folder: Path | str, *flags: str) -> dict[str, Any]:
        found = json.loads(door("report", folder, "--format", "json", *flags).stdout)
        found.pop("timing")
        return found

    return read


@pytest.fixture
def rows_of(door: Door, tmp_path: Path) -> Callable[..., list[dict[str, Any]]]:
    """A function that returns the exported cases of a run."""

    def read(folder: Path | str, *flags: str) -> list[dict[str, Any]]:
        path = tmp_path / "exported.jsonl"
        door("eval", "export", folder, "--out", path, *flags)
        return [json.loads(line) for line in path.read_text().splitlines()]

    return read
