import pytest

from sparrow_lite.encoders.network import _threads


@pytest.mark.parametrize(("allowed", "threads"), [("1", 1), ("4", 4), ("", 0), ("all", 0)])
def test_a_network_takes_no_more_threads_than_the_environment_allows(monkeypatch, allowed, threads):
    monkeypatch.setenv("OMP_NUM_THREADS", allowed)
    assert _threads() == threads
