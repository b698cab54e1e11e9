import pytest

from sparrow_lite.attempts import SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError
from sparrow_lite.search.base import Query, Result
from sparrow_lite.search.guard import EngineError
from sparrow_lite.search.wikipedia import WikipediaEngine

ARTICLE = """The tower is 330 m tall.


== History ==
It was built in 1889.


=== Workers ===
There were 300.


== See also ==
Another tower

== References =="""


def found(place: int, **more: object) -> dict:
    return {
        "pageid": place,
        "index": place,
        "title": f"Article {place}",
        "extract": f"Intro\n {place}.",
        "fullurl": f"https://en.wiki.example/wiki/{place}",
        **more,
    }


def ask(url: str, *, seconds: float = 5.0, text: str = "tower") -> tuple[Result, ...]:
    engine = WikipediaEngine(api_url=f"{url}/w/api.php", limit=8)
    return engine.ask(Query(text=text), deadline=Deadline.after(seconds))


def wiki(make_answer, *pages: dict, article: str = ARTICLE, reading: dict | None = None):
    """Answer a search with the pages, and a reading with the article or with what `reading` says."""

    def answer(seen):
        if "gsrsearch" in seen.fields:
            return make_answer(body={"batchcomplete": True, "query": {"pages": list(pages)}})
        if reading is not None:
            return make_answer(**reading)
        read = {"pageid": int(seen.fields["pageids"]), "title": "x", "extract": article}
        return make_answer(body={"query": {"pages": [read]}})

    return answer


def test_the_best_articles_come_with_their_text_and_the_others_without(web, make_answer) -> None:
    web.answer = wiki(make_answer, *(found(place) for place in (2, 1, 4, 3, 5)))

    results = ask(web.url)

    assert [each.url[-1] for each in results] == ["1", "2", "3", "4", "5"]
    assert [each.text is not None for each in results] == [True, True, True, False, False]
    assert results[0].title == "Article 1"
    assert results[0].snippet == "Intro 1."
    assert web.seen[0].fields["gsrsearch"] == "tower"
    assert [seen.fields["pageids"] for seen in web.seen[1:]] == ["1", "2", "3"]


def test_the_text_has_plain_headings_and_no_closing_lists(web, make_answer) -> None:
    web.answer = wiki(make_answer, found(1))

    (result,) = ask(web.url)

    assert result.text == (
        "The tower is 330 m tall.\n\n\nHistory\nIt was built in 1889.\n\n\nWorkers\nThere were 300."
    )


@pytest.mark.parametrize("odd", [{"pageprops": {"disambiguation": ""}}, {"fullurl": "javascript:alert(1)"}])
def test_pages_that_only_list_meanings_or_have_no_address_are_left_out(web, make_answer, odd) -> None:
    web.answer = wiki(make_answer, found(1, **odd), found(2))

    assert [each.title for each in ask(web.url)] == ["Article 2"]


@pytest.mark.parametrize(
    "reading",
    [
        {"status": 429},
        {"body": "no json"},
        {"body": {"query": {"pages": []}}},
        {"wait_seconds": 3.0},
        {"body": {"query": {"pages": [{"pageid": 1, "title": "x", "missing": True}]}}},
    ],
)
def test_an_article_whose_text_cannot_be_had_is_left_for_the_fetcher(web, make_answer, reading) -> None:
    web.answer = wiki(make_answer, found(1), reading=reading)

    (result,) = ask(web.url, seconds=0.5)

    assert result.text is None
    assert result.snippet == "Intro 1."


@pytest.mark.parametrize("body", [{"batchcomplete": True}, {"query": {"pages": []}}])
def test_an_honest_empty_answer_is_empty(web, make_answer, body) -> None:
    web.answer = make_answer(body=body)

    assert ask(web.url) == ()


@pytest.mark.parametrize(
    ("answer", "reason", "detail"),
    [
        ({"body": {"error": {"code": "ratelimited"}}}, SearchReason.BLOCKED, "ratelimited"),
        ({"body": {"error": {"code": "badvalue"}}}, SearchReason.UNREACHABLE, "badvalue"),
        ({"body": {"error": "odd"}}, SearchReason.UNREACHABLE, "odd"),
        ({"body": {"query": {"pages": {"1": {}}}}}, SearchReason.UNREACHABLE, "another form"),
        ({"body": {"query": {"pages": [{"title": "x"}]}}}, SearchReason.UNREACHABLE, "another"),
        ({"body": {"query": []}}, SearchReason.UNREACHABLE, "another form"),
        ({"status": 403}, SearchReason.BLOCKED, "HTTP 403"),
        ({"body": "<html>"}, SearchReason.UNREACHABLE, "not JSON"),
        ({"wait_seconds": 3.0}, SearchReason.TIMEOUT, "in time"),
    ],
)
def test_a_search_that_was_not_answered_has_a_reason(web, make_answer, answer, reason, detail) -> None:
    web.answer = make_answer(**answer)

    with pytest.raises(EngineError, match=detail) as caught:
        ask(web.url, seconds=0.5)

    assert caught.value.reason is reason


def test_a_long_query_is_cut_to_what_the_wiki_takes(web, make_answer) -> None:
    web.answer = wiki(make_answer, found(1))

    ask(web.url, text="tower " * 100)

    assert len(web.seen[0].fields["gsrsearch"]) <= 300


@pytest.mark.parametrize("language", ["", "e", "EN", "en.evil.example/", "en/../x", "-en"])
def test_a_language_cannot_change_the_host(language) -> None:
    with pytest.raises(ConfigError, match="no language of Wikipedia"):
        WikipediaEngine.of(language, limit=8)


@pytest.mark.parametrize("language", ["en", "de", "simple", "zh-min-nan"])
def test_a_language_names_its_wikipedia(language) -> None:
    engine = WikipediaEngine.of(language, limit=8)

    assert engine.api_url == f"https://{language}.wikipedia.org/w/api.php"
