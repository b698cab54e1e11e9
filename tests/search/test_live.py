"""The engines themselves, as they answer today: `pytest -m live tests/search`."""

import pytest

from sparrow_lite.deadline import Deadline
from sparrow_lite.options import SearchOptions
from sparrow_lite.search import Query, open_search

pytestmark = pytest.mark.live


@pytest.mark.parametrize("name", ["duckduckgo", "wikipedia"])
def test_a_well_known_tower_is_found(name) -> None:
    backend = open_search(name, SearchOptions())

    found = backend.search(Query(text="How tall is the Eiffel Tower?"), deadline=Deadline.after(10))

    assert any("Eiffel" in each.title for each in found.results), found.attempts


def test_wikipedia_gives_the_text_of_the_article() -> None:
    backend = open_search("wikipedia", SearchOptions())

    found = backend.search(Query(text="Eiffel Tower"), deadline=Deadline.after(10))

    assert found.results[0].text is not None
    assert "1889" in found.results[0].text
