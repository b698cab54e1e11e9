import pytest

from sparrow_lite.attempts import SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import SearchError
from sparrow_lite.search.base import Query
from sparrow_lite.search.nothing import NothingBackend


def test_no_search_says_that_it_is_off() -> None:
    with pytest.raises(SearchError, match="search is off") as caught:
        NothingBackend().search(Query(text="q"), deadline=Deadline.after(1.0))

    assert caught.value.reason is SearchReason.NO_RESULTS
    assert [each.backend for each in caught.value.attempts] == ["none"]
