"""The installed command, killed and interrupted: `running.py` from outside."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from sparrow_lite.harness import manifest, plan

pytestmark = pytest.mark.usefixtures("same_code")


@pytest.fixture
def same_code(tmp_path, monkeypatch):
    """The code may be edited while a test runs, after which a run is rightly refused."""
    (tmp_path / "first").mkdir()
    pinned = "from sparrow_lite.harness import plan\nplan.code_version = lambda: 'the same'\n"
    (tmp_path / "first" / "sitecustomize.py").write_text(pinned)
    paths = [str(tmp_path / "first"), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    for module in (plan, manifest):
        monkeypatch.setattr(module, "code_version", lambda: "the same")


@pytest.fixture
def slow(openai_server, server):
    """A server that takes 30 ms and says something that depends on the question alone."""
    server.answer = lambda asked: openai_server.Served(
        text=f"That is {len(asked['messages'][-1]['content'])}.", wait_seconds=0.03
    )
    return server


@pytest.fixture
def all_of(figures_of, rows_of):
    """A function that returns everything that a run tells, but for what a clock says."""

    def read(folder: Path) -> tuple:
        rows = [{name: row[name] for name in row if name != "seconds"} for row in rows_of(folder)]
        return figures_of(folder), rows

    return read


def _done(folder: Path) -> int:
    """How many cases stand in the ledger."""
    if not (folder / "ledger.sqlite").is_file():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{folder}/ledger.sqlite?mode=ro", uri=True, timeout=5)) as ledger:
            return ledger.execute("select count(*) from cases").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def _wait_for_more(folder: Path, child: subprocess.Popen) -> None:
    before, until = _done(folder), time.monotonic() + 40
    while _done(folder) == before:
        assert child.poll() is None, child.communicate()
        assert time.monotonic() < until, "no case was written"
        time.sleep(0.02)


def test_a_command_killed_at_random_moments_ends_like_one_that_was_not(spawn, door, questions, slow, all_of):
    killed, undisturbed = Path("killed").resolve(), Path("undisturbed").resolve()
    asked = ("eval", questions(120), "--arm", "random_evidence", "--arm", f"url:{slow.url}")
    flags = ("--judge", "lexical", "--samples", "2", "--workers", "3", "--out")
    seed = time.time_ns()
    draw = random.Random(seed)
    for _ in range(3):
        child = spawn(*asked, *flags, killed)
        _wait_for_more(killed, child)
        time.sleep(draw.uniform(0.0, 0.3))
        child.kill()
        assert child.wait() == -signal.SIGKILL, f"the run was over before it could be killed (seed {seed})"
    before = _done(killed)
    assert 0 < before < 480
    child = spawn(*asked, *flags, killed)
    told, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    assert f"480 cases done, 0 failed; {480 - before} now" in told
    # What was under way when the command was killed is asked again, and nothing else.
    assert 240 <= len(slow.seen) < 300
    door(*asked, *flags, undisturbed)
    assert all_of(killed) == all_of(undisturbed), f"seed {seed}"


def test_ctrl_c_ends_with_130_at_once_and_keeps_what_was_finished(spawn, door, questions, slow):
    folder, arm = Path("run").resolve(), f"url:{slow.url}"
    asked = ("eval", questions(150), "--arm", arm, "--judge", "lexical", "--workers", "2", "--out", folder)
    child = spawn(*asked)
    _wait_for_more(folder, child)
    child.send_signal(signal.SIGINT)
    started = time.monotonic()
    _, told = child.communicate(timeout=30)
    assert child.returncode == 130
    assert time.monotonic() - started < 10
    assert "Traceback" not in told
    kept, requests = _done(folder), len(slow.seen)
    assert requests - 4 <= kept < 150
    assert f"150 cases done, 0 failed; {150 - kept} now" in door(*asked).stdout
    assert len(slow.seen) - requests == 150 - kept
