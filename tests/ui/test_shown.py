"""What is shown of a reply: marks, sources, rules, changes, and hostile words that stay words."""

from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sparrow_lite.attempts import Attempt
from sparrow_lite.conversations import Conversation, Exchange
from sparrow_lite.reply import AbstainReason, Reply, SearchRecord
from sparrow_lite.rules.base import Rule
from sparrow_lite.ui.markup import Markup
from sparrow_lite.ui.shown import REASONS, cut_blocks, show_exchange, show_reply
from sparrow_lite.ui.sources import Run, cut_passage, quote_link, shown_sources
from sparrow_lite.verdict import SupportOutcome

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/x.png)",
    "<form action=https://evil.example><input name=password></form>",
    "<a href=https://a.example ping=https://evil.example style=position:fixed>x</a>",
    "[click](javascript:alert(1))",
    '"><svg onload=alert(1)>',
    "${alert(1)} {{alert(1)}} `alert(1)` @children",
    "\u202egnp.exe\u202c \u2066hidden\u2069 \u200bzero",
    "</bdi></article></div><style>*{display:none}</style>",
]
HOSTILE += [
    path.read_text(encoding="utf-8")[:3000]
    for path in sorted(Path(__file__).parents[1].joinpath("hostile").glob("*.html"))
]


class Tags(HTMLParser):
    """Collects what a browser would build: elements, attributes, addresses."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.shape: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.shape.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "action"}]


def markup_of(reply: Reply, rules: Mapping[str, Rule], question: str = "Why?") -> str:
    exchange = Exchange(id=7, question=question, asked_at="2026-01-01T00:00:00+00:00", reply=reply)
    conversation = Conversation(
        id="c", title=question, started_at="2026-01-01T00:00:00+00:00", model="m", search="s",
        exchanges=(exchange,),
    )  # fmt: skip
    shown = show_exchange(exchange, rules, running=False, last=True)
    return Markup().dialogue(conversation, [shown])


def poisoned(reply: Reply, words: str) -> Reply:
    """The reply with the words in every text that a model, a page or an engine could have written."""
    pieces = tuple(
        replace(
            piece,
            page=replace(
                piece.page, title=words, text=words + piece.page.text, url=f"https://a.example/{words}"
            ),
        )
        for piece in reply.evidence
    )
    citations = tuple(
        replace(citation, sentence=words, title=words, missing=(words,)) for citation in reply.citations
    )
    search = reply.search
    return replace(
        reply,
        text=f"{words} [1] {words}\n\n- {words}",
        evidence=pieces,
        citations=citations,
        verdicts=tuple(replace(verdict, reason=words) for verdict in reply.verdicts),
        search=SearchRecord(
            queries=(words,),
            backend=search.backend,
            attempts=tuple(replace(attempt, detail=words) for attempt in search.attempts),
            openings=tuple(replace(opening, title=words, detail=words) for opening in search.openings),
            why=words,
        ),
    )


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_build_no_element_attribute_or_address(
    answer: Reply, rules: Mapping, words: str
) -> None:
    plain = Tags(markup_of(poisoned(answer, "harmless"), rules, "harmless"))
    tags = Tags(markup_of(poisoned(answer, words), rules, words))
    assert tags.names <= plain.names | {"br"}
    assert tags.attributes <= plain.attributes
    assert {(urlsplit(link).scheme, urlsplit(link).hostname) for link in tags.links} <= {
        ("https", "a.example")
    }
    assert not {"script", "img", "form", "style", "iframe", "link"} & tags.names


@pytest.mark.parametrize("words", HOSTILE)
def test_no_direction_or_zero_width_character_reaches_the_page(
    answer: Reply, rules: Mapping, words: str
) -> None:
    markup = markup_of(poisoned(answer, words), rules, words)
    assert not set(markup) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Rain. [1]", ["Rain.*1"]),
        ("Cold rain. [1]", ["Cold ", "rain.*1"]),
        ("Rain [1][2] falls", ["Rain*1", "*2", " falls"]),
        ("Rain [1, 2].", ["Rain*1", "*2", "."]),
        ("No such source [9].", ["No such source [9]."]),
        ("An array a[0] stays", ["An array a[0] stays"]),
        ("Half known [1, 9]", ["Half known [1, 9]"]),
    ],
)
def test_only_marks_of_this_turns_citations_become_marks(text: str, shown: list[str]) -> None:
    verdicts = {1: SupportOutcome.SUPPORTED, 2: SupportOutcome.UNSCORED}
    line = cut_blocks(text, verdicts)[0].lines[0]
    assert [piece.before + ("*" if piece.source is not None else "") + piece.text for piece in line] == shown


def test_paragraphs_and_lists_are_told_apart() -> None:
    blocks = cut_blocks("First\nsecond\n\n- one\n- two\nthird", {})
    assert [(block.bullets, len(block.lines)) for block in blocks] == [(False, 2), (True, 2), (False, 1)]


def test_the_highlight_is_the_quote_and_nothing_else(answer: Reply) -> None:
    first = shown_sources(answer)[0]
    quoted = [run.text for run in first.passage if run.quoted]
    assert quoted == [citation.quote for citation in answer.citations if citation.id == 1]
    assert "".join(run.text for run in first.passage) == answer.evidence[0].page.text


@pytest.mark.parametrize(
    ("quotes", "runs"),
    [
        ([], [("abcdefgh", False)]),
        ([(0, 2)], [("ab", True), ("cdefgh", False)]),
        ([(4, 8), (1, 3)], [("a", False), ("bc", True), ("d", False), ("efgh", True)]),
        ([(1, 5), (3, 7)], [("a", False), ("bcde", True), ("fg", True), ("h", False)]),
        ([(6, 99)], [("abcdef", False), ("gh", True)]),
    ],
)
def test_quotes_cut_a_passage_into_runs(quotes: list[tuple[int, int]], runs: list[tuple[str, bool]]) -> None:
    assert cut_passage("abcdefgh", (0, 8), quotes) == tuple(
        Run(text=text, quoted=mark) for text, mark in runs
    )


@pytest.mark.parametrize(
    ("url", "words", "link"),
    [
        ("https://a.example/", "well-read, twice", "https://a.example/#:~:text=well%2Dread%2C%20twice"),
        ("https://a.example/#part", "rain", "https://a.example/#part:~:text=rain"),
        (
            "https://a.example/",
            "a b c d e f g h i j k l m",
            "https://a.example/#:~:text=a%20b%20c%20d%20e%20f,h%20i%20j%20k%20l%20m",
        ),
        ("https://a.example/", "", "https://a.example/"),
        ("file:///home/me/notes.md", "rain", None),
        ("sparrow:starter/rain", "rain", None),
        ("javascript:alert(1)", "rain", None),
    ],
)
def test_the_link_leads_to_the_quote_on_web_pages_only(url: str, words: str, link: str | None) -> None:
    assert quote_link(url, words) == link


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://history.example.org/x", "history.example.org"),
        ("file:///home/me/notes.md", "your file"),
        ("sparrow:starter/rain", "starter corpus"),
        ("https://аpple.example/", "xn--pple-43d.example"),
    ],
)
def test_a_source_says_where_it_is_from(answer: Reply, url: str, place: str) -> None:
    piece = answer.evidence[0]
    moved = replace(answer, evidence=(replace(piece, page=replace(piece.page, url=url)),))
    assert shown_sources(moved)[0].place == place


def test_verdicts_of_one_source_are_counted_the_worst_first(answer: Reply) -> None:
    doubted = replace(answer.citations[1], verdict=SupportOutcome.NOT_SUPPORTED, support=0.2)
    source = shown_sources(replace(answer, citations=(answer.citations[0], doubted)))[0]
    assert source.tally == (
        (SupportOutcome.NOT_SUPPORTED, 1, "0.20"),
        (SupportOutcome.SUPPORTED, 1, "0.94"),
    )


def test_a_broken_and_an_unscored_rule_come_first_and_are_counted(broken: Reply, rules: Mapping) -> None:
    shown = show_reply(broken, rules).rules
    assert (shown.kept, shown.broken, shown.unscored) == (21, 1, 1)
    assert [line.outcome.value for line in shown.lines[:3]] == ["broken", "unscored", "kept"]
    assert shown.lines[0].text == rules["rule_3"].text


def test_a_rule_that_is_gone_shows_its_id(broken: Reply) -> None:
    assert show_reply(broken, {}).rules.lines[0].name == "rule_3"


@pytest.mark.parametrize("reason", list(AbstainReason))
def test_every_reason_to_abstain_has_kind_words(answer: Reply, rules: Mapping, reason: AbstainReason) -> None:
    shown = show_reply(replace(answer, abstained=reason), rules)
    assert (shown.title, shown.advice) == REASONS[reason]
    assert shown.advice.endswith(".")


def test_a_dropped_sentence_is_shown_with_its_reason(answer: Reply, rules: Mapping) -> None:
    markup = markup_of(answer, rules)
    assert "1 sentence dropped" in markup
    assert "no passage supports it" in markup


def test_each_backend_has_one_line_though_two_queries_try_it_twice(answer: Reply) -> None:
    failed = Attempt(backend="duckduckgo", outcome="search_unreachable", detail="no network")
    found = Attempt(backend="starter", outcome="ok", results=3)
    search = replace(answer.search, backend="starter", attempts=(failed, found, failed, found))
    shown = show_reply(replace(answer, search=search), {})
    assert [(one.backend, one.results) for one in shown.attempts] == [("duckduckgo", 0), ("starter", 6)]
