"""Makes `families.py` importable, which is no test, and keeps tiny models to one thread."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True, scope="package")
def _one_thread() -> Iterator[None]:
    """On a busy machine a second thread is waited for much longer than a tiny model computes."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
