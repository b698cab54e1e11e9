import os
import signal
import threading
import time
from pathlib import Path

import pytest

from sparrow_lite.errors import ModelError
from sparrow_lite.harness.case import Status
from sparrow_lite.harness.executors.processes import ProcessExecutor


def test_a_killed_worker_loses_and_repeats_nothing(odd, tmp_path):
    log = tmp_path / "pids"
    plan = odd.make_plan([f"log {log}\nsleep 0.05"] * 40)
    killed = []

    def kill() -> None:
        pids = {int(line) for line in log.read_text().split()} - set(killed)
        killed.append(pids.pop())
        os.kill(killed[-1], signal.SIGKILL)

    found = []
    for one in ProcessExecutor(2).run(plan.cases(), odd.spec_of(plan)):
        if one is not None:
            found.append(one)
            if len(found) in {8, 20}:
                kill()
    assert len(set(killed)) == 2
    assert sorted(one.case.ordinal for one in found) == list(range(40))
    assert all(one.status is Status.DONE for one in found)


def test_a_case_that_kills_its_workers_is_failed_after_three_and_harms_no_other(odd, tmp_path):
    plan = odd.make_plan(["go on", "die", "go on", f"die-once {tmp_path / 'once'}", "go on"])
    found = {one.case.ordinal: one for one in ProcessExecutor(2).run(plan.cases(), odd.spec_of(plan)) if one}
    assert [found[n].status for n in range(5)] == ["done", "failed", "done", "done", "done"]
    assert found[1].tries == 3
    assert "exit code -9" in found[1].reason


def test_workers_that_die_before_they_are_open_end_the_run_with_the_reason(odd):
    plan = odd.make_plan(["go on"] * 4)
    with pytest.raises(ModelError, match=r"No worker could be opened.*exit code -9"):
        list(ProcessExecutor(1).run(plan.cases(), odd.spec_of(plan, opening="die")))


def test_few_cases_open_few_processes(odd, tmp_path):
    plan = odd.make_plan(["go on"] * 2)
    log = tmp_path / "pids"
    list(ProcessExecutor(16).run(plan.cases(), odd.spec_of(plan, opening=f"log {log}")))
    assert len(log.read_text().split()) <= 2


def test_workers_end_when_their_driver_is_killed(odd, tmp_path):
    log = tmp_path / "pids"
    script = tmp_path / "driver.py"
    script.write_text(
        "import stand_ins\n"
        "from sparrow_lite.harness.executors.processes import ProcessExecutor\n"
        "if __name__ == '__main__':\n"
        f"    plan = stand_ins.make_plan(['log {log}\\nsleep 0.3'] * 99)\n"
        "    list(ProcessExecutor(1).run(plan.cases(), stand_ins.spec_of(plan)))\n"
    )
    import subprocess
    import sys

    driver = subprocess.Popen([sys.executable, str(script)])
    _wait(lambda: log.exists() and bool(log.read_text().strip()))
    driver.kill()
    driver.wait()
    worker = int(log.read_text().split()[0])
    _wait(lambda: not Path(f"/proc/{worker}").exists() or _is_dead(worker))


def _is_dead(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def _wait(until, seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        threading.Event().wait(0.05)
