import contextlib
import dataclasses
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sparrow_lite.errors import ConfigError, StoreError
from sparrow_lite.harness import manifest
from sparrow_lite.harness.executors.threads import ThreadExecutor
from sparrow_lite.harness.ledger import Ledger
from sparrow_lite.harness.results import Run
from sparrow_lite.harness.runner import run
from sparrow_lite.options import ModelOptions, Options


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "run"


@pytest.fixture
def go(odd, folder):
    """A function that runs a plan and returns the ids of the cases that it worked on."""

    def run_plan(plan, *, workers: int = 2, **spec) -> list[str]:
        told = []
        ledger = Ledger(folder)
        try:
            run(plan, ledger, ThreadExecutor(workers), odd.spec_of(plan, **spec), on_finished=told.append)
        finally:
            ledger.close()
        return sorted(f"{one.case.arm}/{one.case.probe.id}.{one.case.sample}" for one in told)

    return run_plan


def results(folder: Path) -> list[dict]:
    """Every result of the run in its order, without what a clock says."""
    run = Run.open(folder)
    return [_timeless(run, one) for one in run.results()]


def _timeless(run: Run, result) -> dict:
    names = {"seconds", "text"}
    fields = [field.name for field in dataclasses.fields(result) if field.name not in names]
    said = run.conversation(result) if result.text else None
    return {name: getattr(result, name) for name in fields} | {"turns": said.turns if said else None}


def test_every_case_is_worked_on_once_and_a_second_call_does_nothing(odd, go, folder):
    plan = dataclasses.replace(odd.make_plan(["go on"] * 5, arms=("a", "b")), samples=2)
    assert len(set(go(plan))) == plan.size == 20
    before = results(folder)
    assert go(plan) == []
    assert results(folder) == before
    assert [(one["sample"], one["probe"].id, one["arm"]) for one in before[:3]] == [
        (0, "p000", "a"),
        (0, "p000", "b"),
        (0, "p001", "a"),
    ]
    assert Run.open(folder).manifest["cases"] == 20


def test_a_call_that_asks_more_does_only_what_is_missing_and_ends_like_one_that_asked_all(odd, go, folder):
    whole = dataclasses.replace(odd.make_plan(["go on"] * 6, arms=("b", "a")), samples=2)
    first = dataclasses.replace(whole, arms=whole.arms[:1], samples=1, limit=3)
    assert go(first) == [f"b/{probe.id}.0" for probe in first.probes()]
    assert len(go(whole)) == whole.size - 3
    grown = results(folder)
    folder.rename(folder.with_name("grown"))
    go(whole)
    assert grown == results(folder)
    assert Run.open(folder.with_name("grown")).arms == ("b", "a")


def test_a_limit_draws_from_each_suite_and_a_higher_one_draws_more_to_them(odd):
    suite, other = odd.make_suite(["go on"] * 10), odd.make_suite(["go on"] * 3, name="other")
    plan = dataclasses.replace(odd.make_plan([""]), suites=(suite, other))
    drawn = {}
    for limit in (1, 4, 7, 99):
        probes = tuple(dataclasses.replace(plan, limit=limit).probes())
        drawn[limit] = [one.id for one in probes if one.suite == "odd"]
        assert [one.suite for one in probes].count("other") == min(limit, 3)
        assert drawn[limit] == sorted(drawn[limit]), "in the order of the suite"
    assert [len(ids) for ids in drawn.values()] == [1, 4, 7, 10]
    assert set(drawn[1]) < set(drawn[4]) < set(drawn[7]) < set(drawn[99])


def test_only_the_probes_of_the_rules_that_are_named_are_asked(odd, go):
    suite, ruled = (
        odd.make_suite(["go on"] * 4),
        odd.make_suite(["go on"] * 3, name="ruled", rule="no_threats"),
    )
    plan = dataclasses.replace(odd.make_plan([""]), suites=(suite, ruled), only_rules=("no_threats",))
    assert {one.suite for one in plan.probes()} == {"ruled"}
    assert len(go(plan)) == plan.size == 3


def test_a_probe_of_two_suites_is_asked_once(odd):
    suite = odd.make_suite(["go on"] * 4)
    part = dataclasses.replace(suite, name="odd/part", probes=suite.probes[:2])
    assert dataclasses.replace(odd.make_plan([""]), suites=(suite, part)).size == 4


@pytest.mark.parametrize(
    "change", [{"limit": 0}, {"samples": 0}, {"only_rules": ("no_such_rule",)}, {"suites": ()}]
)
def test_a_plan_that_asks_nothing_is_refused(odd, go, folder, change):
    with pytest.raises(ConfigError, match="No probe"):
        go(dataclasses.replace(odd.make_plan(["go on"]), **change))


@pytest.mark.parametrize("twice", ["arms", "suites"])
def test_two_things_of_one_name_are_refused(odd, go, twice):
    plan = odd.make_plan(["go on"])
    with pytest.raises(ConfigError, match="given twice"):
        go(dataclasses.replace(plan, **{twice: getattr(plan, twice) * 2}))


def test_a_failure_is_recorded_with_its_reason_and_tried_again_only_when_forgotten(odd, go, folder, tmp_path):
    mended = tmp_path / "mended"
    plan = odd.make_plan(["go on", f"fail-unless {mended}", "fail for good"])
    go(plan)
    assert [one["failure"] for one in results(folder)] == [
        None,
        "the model fails for now.",
        "the model fails: for good.",
    ]
    mended.touch()
    assert go(plan) == []
    assert Ledger(folder).forget_failed({case.key for case in plan.cases()}) == 2
    assert go(plan) == ["obedient/p001.0", "obedient/p002.0"]
    assert [one["failure"] for one in results(folder)] == [None, None, "the model fails: for good."]


def _other_suite(odd, plan):
    return dataclasses.replace(plan, suites=(odd.make_suite(["something else"] * 2),))


def _other_arm(_odd, plan):
    options = Options(model=ModelOptions(seed=7))
    return dataclasses.replace(plan, arms=(dataclasses.replace(plan.arms[0], options=options),))


def _other_judge(_odd, plan):
    return dataclasses.replace(plan, judges=("lexical",))


@pytest.mark.parametrize(
    ("change", "named"),
    [(_other_suite, "suite 'odd'"), (_other_arm, "arm 'obedient'"), (_other_judge, "eval judge")],
)
def test_a_folder_refuses_what_would_mix_results_of_two_kinds(odd, go, folder, change, named):
    plan = odd.make_plan(["go on"] * 2)
    go(plan)
    before = results(folder)
    with pytest.raises(ConfigError, match=named):
        go(change(odd, plan))
    assert results(folder) == before
    assert go(plan) == []


def test_a_folder_refuses_other_code_and_other_prompts_of_the_judges(odd, go, folder, tmp_path, monkeypatch):
    plan = odd.make_plan(["go on"] * 2)
    go(plan)
    own = tmp_path / "prompts"
    own.mkdir()
    (own / "rules.yaml").write_text("rules: []\n")
    spec = dataclasses.replace(odd.spec_of(plan), judge_options=Options(prompts_dir=own))
    with pytest.raises(ConfigError, match="judges' prompts"):
        run(plan, Ledger(folder), ThreadExecutor(1), spec, on_finished=print)
    monkeypatch.setattr(manifest, "code_version", lambda: "2.0+other")
    with pytest.raises(ConfigError, match="version of the code"):
        go(plan)


def test_changed_prompts_samples_and_code_give_other_keys(odd, monkeypatch):
    plan = odd.make_plan(["go on"])
    [case] = plan.cases()
    keys = {case.key}
    for other in (
        _other_arm(odd, plan),
        dataclasses.replace(plan, suites=(odd.make_suite(["go"]),)),
        dataclasses.replace(plan, samples=2),
    ):
        keys.add(list(other.cases())[-1].key)
    monkeypatch.setattr("sparrow_lite.harness.plan.code_version", lambda: "2.0+other")
    keys.add(next(iter(plan.cases())).key)
    assert len(keys) == 5


def test_an_arm_that_could_not_be_opened_leaves_nothing_that_hinders_the_next_call(odd, go, folder):
    plan = odd.make_plan(["go on"])
    with pytest.raises(ConfigError, match="refuse"):
        go(_other_arm(odd, plan), opening="refuse")
    assert go(plan) == ["obedient/p000.0"]
    assert Run.open(folder).manifest["arms"]["obedient"]["seed"] == 0


def test_an_arm_without_a_case_when_the_run_was_stopped_keeps_its_place(odd, go, folder):
    plan = odd.make_plan(["go on"] * 2, arms=("first", "second"))
    go(plan)
    with contextlib.closing(sqlite3.connect(folder / "ledger.sqlite")) as ledger:
        ledger.execute("delete from cases where arm = 'first'")
        ledger.commit()
    assert go(plan) == ["first/p000.0", "first/p001.0"]
    assert Run.open(folder).arms == ("first", "second")


def test_what_has_ended_is_written_when_the_run_is_interrupted(odd, go, folder):
    plan = odd.make_plan([*["go on"] * 6, *["sleep 30"] * 2])
    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        go(plan)
    assert time.monotonic() - started < 5
    assert len(results(folder)) == 6


def test_what_ends_while_the_ledger_is_written_is_kept_when_that_is_interrupted(odd, folder, monkeypatch):
    plan = odd.make_plan(["go on", "sleep 0.5", "sleep 30"])
    ledger = Ledger(folder)
    write = ledger.write

    def interrupted(finished) -> None:
        monkeypatch.undo()
        write(finished)
        time.sleep(1.0)
        raise KeyboardInterrupt

    monkeypatch.setattr(ledger, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(plan, ledger, ThreadExecutor(3), odd.spec_of(plan), on_finished=lambda _one: None)
    assert [one["probe"].id for one in results(folder)] == ["p000", "p001"]


def test_what_has_ended_is_written_though_the_next_case_takes_long(odd, folder):
    plan = odd.make_plan(["go on", "sleep 3"])
    ledger, seen, ended = Ledger(folder), set(), threading.Event()

    def look() -> None:
        while not ended.wait(0.05):
            seen.add(len(Ledger(folder).done()))

    looking = threading.Thread(target=look)
    looking.start()
    run(plan, ledger, ThreadExecutor(1), odd.spec_of(plan), on_finished=lambda _one: None)
    ended.set()
    looking.join()
    assert 1 in seen


def test_progress_is_told_of_cases_that_are_in_the_ledger(odd, folder):
    plan = odd.make_plan(["go on"] * 5)
    ledger, missing = Ledger(folder), []

    def told(finished) -> None:
        if finished.case.key not in ledger.done():
            missing.append(finished)

    run(plan, ledger, ThreadExecutor(2), odd.spec_of(plan), on_finished=told)
    assert missing == []


def test_a_bug_ends_the_run_and_keeps_what_ended_before(odd, go, folder):
    plan = odd.make_plan(["go on", "go on", "bug", "go on"])
    with pytest.raises(ZeroDivisionError):
        go(plan, workers=1)
    assert len(results(folder)) == 2


def test_a_second_run_on_the_same_folder_is_refused_while_the_first_one_works(odd, go, folder):
    plan = odd.make_plan(["sleep 1.5"])
    first = threading.Thread(target=go, args=(plan,))
    first.start()
    time.sleep(0.7)
    with pytest.raises(StoreError, match="another process"):
        go(plan)
    first.join()
    assert len(results(folder)) == 1


_DRIVER = """
import sys
from pathlib import Path

# The code may be edited while the test runs, after which a run is rightly refused.
from sparrow_lite.harness import plan
plan.code_version = lambda: "the same"

from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.executors.threads import ThreadExecutor
from sparrow_lite.harness.ledger import Ledger
from sparrow_lite.harness.plan import Plan
from sparrow_lite.harness.runner import run
from sparrow_lite.harness.suites.lines import read_lines
from sparrow_lite.harness.work import WorkerSpec
from sparrow_lite.options import Options

arms = tuple(ArmSpec(name=name, opener=name) for name in ("random_evidence", "refuses", "complies"))
plan = Plan(suites=(read_lines(Path(sys.argv[1])),), arms=arms, judges=("lexical",), samples=2)
spec = WorkerSpec(arms=arms, judges=("lexical",), judge_options=Options())
run(plan, Ledger(Path(sys.argv[2])), ThreadExecutor(4), spec, on_finished=lambda one: None)
"""


def test_a_run_killed_at_random_moments_ends_like_one_that_was_not(tmp_path):
    suite = tmp_path / "asked.jsonl"
    suite.write_text(
        "".join(
            f'{{"id": "q{n}", "question": "What is {n} plus 1?", "answers": ["{n + 1}"]}}\n'
            for n in range(50)
        )
    )
    killed, undisturbed = tmp_path / "killed", tmp_path / "undisturbed"
    draw = random.Random(time.time())
    kills = 0
    while kills < 5:
        child = subprocess.Popen([sys.executable, "-c", _DRIVER, suite, killed])
        before = _done(killed)
        _wait_for_more(killed, before, child)
        try:
            child.wait(draw.uniform(0.0, 0.15))
            break
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            kills += 1
    assert kills >= 2, "the run was over before it could be killed"
    for folder in (killed, undisturbed):
        subprocess.run([sys.executable, "-c", _DRIVER, suite, folder], check=True, timeout=60)
    assert len(results(killed)) == 300
    assert results(killed) == results(undisturbed)


def _wait_for_more(folder: Path, before: int, child: subprocess.Popen) -> None:
    """Wait until the child has written something, so that every kill falls into the work."""
    while child.poll() is None and _done(folder) <= before:
        time.sleep(0.01)


def _done(folder: Path) -> int:
    import sqlite3

    if not (folder / "ledger.sqlite").exists():
        return 0
    try:
        with sqlite3.connect(f"file:{folder / 'ledger.sqlite'}?mode=ro", uri=True) as connection:
            return connection.execute("SELECT count(*) FROM cases").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
