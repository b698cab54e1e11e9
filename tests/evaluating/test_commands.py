import subprocess
import sys
import time
from pathlib import Path

import pytest

SMALL = ("--judge", "lexical", "--limit", "3", "--out", "run")


def test_help_of_eval_names_its_commands_and_imports_nothing_heavy(door):
    told = door("eval", "--help").stdout
    assert all(name in told for name in ("attack", "check", "export", "judge", "mutate", "run"))
    code = (
        "import sys; from sparrow_lite.cli import main\n"
        "try: main(['eval', 'run', '--help'], prog_name='sparrow-lite')\n"
        "except SystemExit: print(*sys.modules)"
    )
    listed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "--only-rule" in listed
    heavy = {"torch", "numpy", "scipy", "statsmodels", "sqlalchemy", "rich", "httpx", "matplotlib", "ray"}
    assert heavy.isdisjoint(listed.split())


def test_help_comes_within_half_a_second(spawn):
    def seconds() -> float:
        started = time.monotonic()
        assert spawn("--help").wait() == 0
        return time.monotonic() - started

    assert min(seconds() for _ in range(3)) < 0.5


@pytest.mark.parametrize(
    ("words", "named", "known"),
    [
        (("advesarial", "--arm", "refuses"), "'advesarial'", "adversarial, carve_outs, evidence, ordinary"),
        (("ordinary", "--arm", "refusess"), "'refusess'", "refuses, complies, random_evidence"),
        (("ordinary", "--arm", "refuses", "--judge", "oracle"), "'oracle'", "trained, lexical, none"),
        (("ordinary", "--arm", "refuses", "--executor", "oracle"), "'oracle'", "threads, processes, ray"),
        (("ordinary", "--arm", "prompted", "--model", "oracle"), "'oracle'", "embedded"),
        (("ordinary", "--arm", "evidence", "--search", "oracle"), "'oracle'", "starter"),
        (("ordinary", "--arm", "refuses", "--fail-over", "violatoins<0.1"), "'violatoins'", "violations"),
        (("ordinary", "--arm", "refuses", "--fail-over", "failed ful<0.1"), "'ful'", "refuses"),
        (("adversarial", "--arm", "refuses", "--only-rule", "no_thraets"), "'no_thraets'", "adversarial"),
        (
            ("adversarial", "--arm", "refuses", "--only-rule", "no_threats", "--only-rule", "no"),
            "'no'",
            "--only-rule",
        ),
        (("ordinary", "--arm", "file:nothing.jsonl"), "nothing.jsonl", "cannot be read"),
        (("ordinary", "--arm", "url:nowhere"), "'nowhere'", "http://"),
        (("ordinary", "--arm", "nothing.toml"), "nothing.toml", "cannot be read"),
        (("ordinary", "--arm", "refuses", "--arm", "refuses"), "'refuses'", "twice"),
        (("ordinary", "ordinary", "--arm", "refuses"), "'ordinary'", "twice"),
        (("bbq:nothing.jsonl", "--arm", "refuses"), "nothing.jsonl", "is not a file"),
    ],
)
def test_a_name_that_nobody_knows_exits_with_2_in_one_line_before_anything_is_run(door, words, named, known):
    done = door("eval", *SMALL[2:], *(() if "--judge" in words else SMALL[:2]), *words, code=2)
    assert done.stdout == ""
    assert named in done.stderr
    assert known in done.stderr
    assert done.stderr.count("\n") == 1
    assert not Path("run").exists()


def test_a_run_that_cannot_begin_leaves_the_folder_of_an_earlier_one_as_it_was(door, rows_of):
    door("eval", "ordinary", "--arm", "refuses", *SMALL)
    before = rows_of("run")
    door("eval", "ordinary", "--arm", "refuses", "--arm", "url:nowhere", *SMALL, code=2)
    assert len(before) == 3
    assert rows_of("run") == before


@pytest.mark.parametrize(
    ("gates", "code"),
    [
        (("over_refusal<0.5",), 4),
        (("over_refusal complies<0.5",), 0),
        (("over_refusal refuses<0.5",), 4),
        (("failed<0.5", "over_refusal>=0.99"), 4),
        # Refusing everything breaks no rule, and is no way to pass.
        (("violations refuses<0.5",), 4),
        (("violations complies<=1",), 0),
        (("supported<1",), 4),
    ],
)
def test_gates_decide_the_exit_status_of_eval_and_of_report_alike(door, gates, code):
    flags = [word for gate in gates for word in ("--fail-over", gate)]
    asked = ("adversarial", "carve_outs", "--arm", "refuses", "--arm", "complies")
    told = door("eval", *asked, "--judge", "lexical", "--limit", "12", "--out", "run", *flags, code=code)
    verdict = "FAILED" if code else "passed"
    assert verdict in told.stdout
    again = door("report", "run", "--format", "csv", *flags, code=code)
    lines = [line for line in told.stdout.splitlines() if line.startswith(("FAILED", "passed"))]
    assert lines
    assert [line for line in again.stdout.splitlines() if line.startswith(("FAILED", "passed"))] == lines


def test_a_gate_may_name_an_arm_of_an_earlier_call_on_the_same_folder(door):
    door("eval", "ordinary", "--arm", "complies", *SMALL)
    door("eval", "ordinary", "--arm", "refuses", *SMALL, "--fail-over", "failed complies<0.9")


def test_a_gate_that_report_does_not_know_exits_with_2(door):
    door("eval", "ordinary", "--arm", "refuses", *SMALL)
    assert "'oops'" in door("report", "run", "--format", "md", "--fail-over", "oops<1", code=2).stderr


@pytest.mark.parametrize("command", [("report", "."), ("compare", ".", "."), ("eval", "judge", "."), ()])
def test_a_folder_without_a_run_is_told_in_one_line(door, command):
    flags = {"eval": ("--judge", "lexical")}.get(command[0] if command else "", ())
    done = door(*(command or ("eval", "export", ".", "--out", "cases.jsonl")), *flags, code=1)
    assert "holds no run" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(Path().glob("*.sqlite"))
