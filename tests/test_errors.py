import pickle

import pytest

from sparrow_lite.attempts import Attempt, FetchReason, SearchReason
from sparrow_lite.errors import ConfigError, FetchError, ModelError, SearchError


@pytest.mark.parametrize(
    "error",
    [
        ConfigError("no such name"),
        ModelError("busy", retryable=True, retry_after_seconds=2.5, overloaded=True),
        FetchError("refused", reason=FetchReason.ADDRESS_REFUSED, url="http://10.0.0.1"),
        SearchError(
            "blocked", reason=SearchReason.BLOCKED, attempts=(Attempt(backend="a", outcome="search_blocked"),)
        ),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_crosses_to_another_process_with_all_its_fields(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), again.args, vars(again)) == (str(error), error.args, vars(error))
