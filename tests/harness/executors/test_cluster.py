"""Ray on loopback: a cluster of three nodes, one of which is killed; a local one with a GPU in name only."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

pytest.importorskip("ray")

from sparrow_lite.errors import ConfigError, ModelError
from sparrow_lite.harness.case import Status
from sparrow_lite.harness.executors import open_executor
from sparrow_lite.harness.executors.cluster import RayExecutor, RayOptions
from sparrow_lite.harness.executors.threads import ThreadExecutor

CASES = 60


@contextmanager
def nodes(*cpus: int) -> Iterator[object]:
    """A cluster with a node for each number of cores, the first one the head."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(
        initialize_head=True,
        head_node_args={
            "num_cpus": cpus[0],
            "include_dashboard": False,
            "_system_config": {"health_check_period_ms": 500, "health_check_failure_threshold": 2},
        },
    )
    try:
        for number in cpus[1:]:
            cluster.add_node(num_cpus=number)
        yield cluster
    finally:
        cluster.shutdown()


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")


def test_a_node_that_is_killed_loses_and_repeats_nothing(odd, tmp_path):
    import ray

    log = tmp_path / "pids"
    plan = odd.make_plan([f"log {log}\nsleep 0.05"] * CASES, judge="lexical")
    spec = odd.spec_of(plan)
    with nodes(0, 1, 1) as cluster:
        victim = next(iter(cluster.worker_nodes))
        found = []
        for one in RayExecutor(2, address=cluster.address).run(plan.cases(), spec):
            if one is not None:
                found.append(one)
                if len(found) == CASES // 3:
                    workers = set(log.read_text().split())
                    cluster.remove_node(victim, allow_graceful=False)
        assert not ray.is_initialized()
    assert set(log.read_text().split()[-10:]) < workers, "the killed node had a worker, another one had too"
    assert sorted(one.case.ordinal for one in found) == list(range(CASES))
    assert all(one.status is Status.DONE for one in found)
    expected = {one.case.key: _said(one) for one in ThreadExecutor(2).run(plan.cases(), spec) if one}
    assert {one.case.key: _said(one) for one in found} == expected


def _said(one):
    return (one.case.ordinal, one.status, one.conversation.turns, one.conversation.usage, one.grades)


def test_judges_live_in_actors_of_their_own_where_there_is_a_gpu(odd, tmp_path):
    import ray

    ray.init("local", num_cpus=2, num_gpus=1, include_dashboard=False, log_to_driver=False)
    try:
        commands = ["go on", f"die-once {tmp_path / 'once'}", "fail at this", "go on"]
        plan = odd.make_plan(commands, judge="lexical")
        executor = RayExecutor(1, options=RayOptions(judge_gpus=1))
        found = {one.case.ordinal: one for one in executor.run(plan.cases(), odd.spec_of(plan)) if one}
        assert ray.is_initialized(), "a connection that was there before stays"
        _check_opening_errors(odd)
    finally:
        ray.shutdown()
    assert [found[n].status for n in range(4)] == ["done", "done", "failed", "done"]
    assert found[2].reason == "the model fails: at this."
    assert [grades.judge for grades in found[3].grades] == ["lexical"]


def _check_opening_errors(odd) -> None:
    plan = odd.make_plan(["go on"])
    with pytest.raises(ModelError) as raised:
        list(open_executor("ray", workers=1).run(plan.cases(), odd.spec_of(plan, opening="fail to load")))
    assert raised.value.retryable is False
    with pytest.raises(ConfigError, match="has 1 GPUs"):
        list(open_executor("ray?judge_gpus=2", workers=1).run(plan.cases(), odd.spec_of(plan)))


def test_a_cluster_that_is_not_there_is_told():
    with pytest.raises(ConfigError, match="is not there"):
        list(RayExecutor(1, address="127.0.0.1:1").run([], None))
