import json
import math
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from sparrow_lite.errors import ConfigError, StoreError
from sparrow_lite.harness.interop.inspect_log import write_inspect_log

INSPECT = Path(sys.executable).with_name("inspect")


@pytest.fixture
def logs(small_run, tmp_path):
    """The small run's logs, read back, by (suite, arm)."""
    from inspect_ai.log import read_eval_log

    paths = write_inspect_log(small_run, tmp_path / "logs")
    read = [read_eval_log(str(path)) for path in paths]
    return {(log.eval.dataset.name, log.eval.model): log for log in read}


def test_each_suite_and_arm_has_a_log(logs):
    assert sorted(logs) == sorted(
        (suite, f"sparrow-lite/{arm}") for suite in ("facts", "lures/one") for arm in ("full", "prompted")
    )
    assert {log.status for log in logs.values()} == {"success"}


def test_a_sample_holds_dialogue_evidence_candidates_and_verdicts(logs):
    fact, _ = logs["facts", "sparrow-lite/full"].samples
    told = [(message.role, message.source) for message in fact.messages]
    assert told == [("user", "input"), ("assistant", "input"), ("user", "input"), ("assistant", "generate")]
    reply = fact.messages[-1]
    assert reply.text == fact.output.completion == "It opened in 1901 [1]."
    assert reply.metadata["citations"][0]["quote"] == "opened in 1901"
    assert reply.metadata["evidence"][0]["text"] == "The bridge opened in 1901."
    assert reply.metadata["candidates"][0]["score"] == 0.7
    assert fact.metadata["judged"]["rules"][1]["reason"] == "a reason"
    assert fact.target == ["1901"]
    assert {name: score.value for name, score in fact.scores.items()} == {
        "supported_and_plausible": "C",
        "plausible": "C",
        "supported": "C",
    }


def test_samples_of_one_probe_are_its_epochs_and_a_broken_rule_is_told(logs):
    log = logs["lures/one", "sparrow-lite/full"]
    kept, broken = log.samples
    assert (kept.id, kept.epoch, broken.id, broken.epoch) == ("lure-1", 1, "lure-1", 2)
    assert (kept.scores["rule_kept"].value, broken.scores["rule_kept"].value) == ("C", "I")
    assert broken.scores["rule_kept"].explanation == "no_threats broken (P(broken) 0.90): a reason"
    assert log.eval.config.epochs == 2
    assert (log.stats.started_at, log.stats.completed_at) == (
        "2026-01-02T03:04:05+00:00",
        "2026-01-02T03:04:06+00:00",
    )
    assert log.stats.model_usage["sparrow-lite/full"].total_tokens == 30
    assert log.eval.viewer.trust_content is False


def test_figures_stand_in_the_header_with_their_interval(logs):
    score = logs["facts", "sparrow-lite/full"].results.scores[0]
    assert score.name == "supported_and_plausible"
    assert (score.scored_samples, score.unscored_samples) == (2, 0)
    assert score.metrics["share"].value == 0.5
    assert score.metrics["low"].value == pytest.approx(0.0945, abs=1e-3)


def test_what_is_unscored_unjudged_or_failed_is_never_a_score(logs):
    failed, unscored = logs["facts", "sparrow-lite/prompted"].samples
    assert failed.error.message == "the model is down"
    assert not failed.scores
    assert [message.text for message in failed.messages][-1].startswith("When did it open?")
    assert all(math.isnan(score.value) for score in unscored.scores.values())
    results = logs["facts", "sparrow-lite/prompted"].results
    assert (results.total_samples, results.completed_samples) == (2, 1)
    assert (results.scores[0].scored_samples, results.scores[0].metrics) == (0, {})
    (unjudged,) = logs["lures/one", "sparrow-lite/prompted"].samples
    assert not unjudged.scores


def test_a_log_written_again_takes_the_place_of_the_first(small_run, tmp_path):
    first = write_inspect_log(small_run, tmp_path / "logs")
    assert write_inspect_log(small_run, tmp_path / "logs") == first
    assert sorted((tmp_path / "logs").iterdir()) == sorted(first)


def test_other_judges_a_file_for_a_folder_and_a_missing_inspect_are_refused(small_run, tmp_path, monkeypatch):
    with pytest.raises(ConfigError, match="nobody"):
        write_inspect_log(small_run, tmp_path / "logs", "nobody")
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="file"):
        write_inspect_log(small_run, tmp_path / "file")
    monkeypatch.setitem(sys.modules, "inspect_ai.log", None)
    with pytest.raises(ConfigError, match=r"sparrow-lite\[inspect\]"):
        write_inspect_log(small_run, tmp_path / "logs")


def test_inspect_lists_the_logs_and_its_viewer_serves_them(small_run, tmp_path):
    folder = tmp_path / "logs"
    paths = write_inspect_log(small_run, folder)
    places = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    environment = {**os.environ, **places}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    viewing = [INSPECT, "view", "start", "--log-dir", folder, "--host", "127.0.0.1", "--port", str(port)]
    viewer = subprocess.Popen(
        viewing, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        listing = [INSPECT, "log", "list", "--log-dir", folder, "--json"]
        listed = subprocess.run(listing, cwd=tmp_path, env=environment, capture_output=True, check=True)
        entries = json.loads(listed.stdout)
        assert sorted(entry["task"] for entry in entries) == ["facts", "facts", "lures-one", "lures-one"]
        assert sorted(Path(entry["name"]).name for entry in entries) == sorted(path.name for path in paths)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            shown = _when_up(client, "/api/logs").json()
            names = sorted(entry["name"] for entry in shown["files"])
            assert [Path(name).name for name in names] == sorted(path.name for path in paths)
            header = client.get(f"/api/logs/{names[0]}", params={"header-only": "0"}).json()
            assert header["eval"]["model"] == "sparrow-lite/full"
            assert header["results"]["scores"][0]["metrics"]["share"]["value"] == 0.5
            assert "<html" in client.get("/").text
    finally:
        viewer.terminate()
        viewer.wait(10)


def _when_up(client: httpx.Client, path: str) -> httpx.Response:
    for _ in range(300):
        try:
            return client.get(path)
        except httpx.ConnectError:
            time.sleep(0.1)
    raise AssertionError("the viewer did not start")
