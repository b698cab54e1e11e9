"""The starter corpus: every article has the same plain form, and common questions find theirs."""

import re
from pathlib import Path

import pytest

from sparrow_lite.deadline import Deadline
from sparrow_lite.language import sentences
from sparrow_lite.resources import starter_corpus_dir
from sparrow_lite.search.base import Query, SearchBackend
from sparrow_lite.search.corpus.backend import open_corpus

_ARTICLES = sorted(starter_corpus_dir().glob("*.md"))
_MARKUP = re.compile(r"[*_`<>\[\]{}|#\\~]|https?:|www\.|^\s*(?:[-+]|\d+[.)])\s", re.MULTILINE)

# What people ask, and the file that answers.
QUESTIONS = (
    ("When was the Eiffel Tower built?", "eiffel-tower"),
    ("How tall is the Eiffel Tower?", "eiffel-tower"),
    ("When did humans first land on the Moon?", "moon-landing"),
    ("Who was the first person to walk on the Moon?", "moon-landing"),
    ("How far away is the Moon?", "the-moon"),
    ("Why do we always see the same side of the Moon?", "the-moon"),
    ("How does photosynthesis work?", "photosynthesis"),
    ("Why are leaves green?", "photosynthesis"),
    ("What is DNA?", "dna"),
    ("Who discovered the structure of DNA?", "dna"),
    ("What is a black hole?", "black-holes"),
    ("Who discovered gravity?", "gravity"),
    ("What is the speed of light?", "speed-of-light"),
    ("How old is the Sun?", "the-sun"),
    ("How many planets are in the Solar System?", "solar-system"),
    ("Why is Pluto not a planet?", "solar-system"),
    ("Why is Mars red?", "mars"),
    ("Which planet is the hottest?", "venus"),
    ("What are the rings of Saturn made of?", "saturn"),
    ("What is the Great Red Spot?", "jupiter"),
    ("What causes the tides?", "tides"),
    ("Why do we have seasons?", "seasons"),
    ("What causes earthquakes?", "earthquakes"),
    ("Why do volcanoes erupt?", "volcanoes"),
    ("Why do tectonic plates move?", "plate-tectonics"),
    ("What causes climate change?", "climate-change"),
    ("How did the dinosaurs die out?", "dinosaurs"),
    ("Who came up with the theory of evolution?", "evolution"),
    ("How many elements are in the periodic table?", "periodic-table"),
    ("What is an atom made of?", "atoms"),
    ("Why is the sky blue?", "rainbow-and-light"),
    ("What is the speed of sound?", "sound"),
    ("At what temperature does water boil?", "water"),
    ("How old is the universe?", "big-bang"),
    ("Why are bees important?", "bees"),
    ("What is the largest animal on Earth?", "whales"),
    ("Why was the Great Wall of China built?", "great-wall-of-china"),
    ("Who built the pyramids?", "pyramids-of-giza"),
    ("When did the Roman Empire fall?", "roman-empire"),
    ("What caused the Black Death?", "black-death"),
    ("Who invented the printing press?", "printing-press"),
    ("When did the French Revolution start?", "french-revolution"),
    ("Who wrote the Declaration of Independence?", "american-independence"),
    ("What started World War I?", "world-war-one"),
    ("When did World War II end?", "world-war-two"),
    ("When did the Berlin Wall fall?", "berlin-wall"),
    ("When was the United Nations founded?", "united-nations"),
    ("How many countries are in the European Union?", "european-union"),
    ("Who founded the Mongol Empire?", "mongol-empire"),
    ("Who painted the Mona Lisa?", "leonardo-da-vinci"),
    ("How many people died on the Titanic?", "titanic"),
    ("How high is Mount Everest?", "mount-everest"),
    ("What is the longest river in the world?", "nile"),
    ("How big is the Amazon rainforest?", "amazon"),
    ("What is the largest ocean?", "oceans"),
    ("Who built the Taj Mahal?", "taj-mahal"),
    ("Where is Machu Picchu?", "machu-picchu"),
    ("What is the capital of Australia?", "australia"),
    ("What is the capital of Brazil?", "brazil"),
    ("What language is spoken in Brazil?", "brazil"),
    ("Who invented the World Wide Web?", "world-wide-web"),
    ("Who invented the telephone?", "telephone"),
    ("Who invented the transistor?", "transistor"),
    ("What did Alan Turing do?", "alan-turing"),
    ("How does GPS work?", "gps"),
    ("How do solar panels work?", "solar-power"),
    ("Who made the first powered flight?", "aeroplane"),
    ("How many chambers does the heart have?", "human-heart"),
    ("How do vaccines work?", "vaccines"),
    ("Who discovered penicillin?", "antibiotics"),
    ("How much sleep do adults need?", "sleep"),
    ("What should I do in an emergency?", "first-aid"),
    ("What makes a contract valid?", "contract-law"),
    ("How long does copyright last?", "copyright"),
    ("How many people are on a jury?", "trial-and-jury"),
    ("What is inflation?", "inflation"),
    ("What is compound interest?", "interest"),
    ("How do I make a budget?", "budget"),
    ("Where does coffee come from?", "coffee"),
    ("Why does honey not spoil?", "honey"),
    ("Why does bread rise?", "bread"),
    ("What is sparrow-lite?", "sparrow-lite"),
    ("How does sparrow-lite check quotes?", "how-sparrow-lite-checks-quotes"),
    ("What are the 23 rules?", "the-23-rules"),
    ("Which models can sparrow-lite use?", "models-of-sparrow-lite"),
    ("What does sparrow-lite store about me?", "privacy-in-sparrow-lite"),
    ("How do I add my own files to sparrow-lite?", "own-files-in-sparrow-lite"),
)


@pytest.fixture(scope="module")
def starter() -> SearchBackend:
    return open_corpus(starter_corpus_dir(), name="starter", index_dir=None, limit=8)


def _paragraphs(article: Path) -> list[str]:
    return article.read_text(encoding="utf-8").rstrip("\n").split("\n\n")


@pytest.mark.parametrize("article", _ARTICLES, ids=lambda article: article.stem)
def test_an_article_is_a_title_and_three_to_five_plain_paragraphs(article: Path) -> None:
    title, *paragraphs = _paragraphs(article)
    assert re.fullmatch(r"# \S.{1,60}", title)
    assert 3 <= len(paragraphs) <= 5
    for paragraph in paragraphs:
        assert paragraph.isascii()
        assert paragraph.isprintable()
        assert not _MARKUP.search(paragraph)
        assert paragraph == " ".join(paragraph.split())
        assert paragraph[-1] in ".?!"


@pytest.mark.parametrize("article", _ARTICLES, ids=lambda article: article.stem)
def test_an_article_is_short_and_so_are_its_sentences(article: Path) -> None:
    _, *paragraphs = _paragraphs(article)
    assert 140 <= sum(len(paragraph.split()) for paragraph in paragraphs) <= 260
    for paragraph in paragraphs:
        for span in sentences(paragraph):
            assert 3 <= len(paragraph[span.start : span.end].split()) <= 40


def test_there_are_many_articles_and_no_two_share_a_title() -> None:
    titles = [_paragraphs(article)[0].casefold() for article in _ARTICLES]
    assert len(titles) >= 115
    assert len(set(titles)) == len(titles)


def test_the_questions_name_articles_that_exist() -> None:
    assert {slug for _, slug in QUESTIONS} <= {article.stem for article in _ARTICLES}
    assert len(QUESTIONS) >= 60


def test_common_questions_find_their_article_first(starter: SearchBackend) -> None:
    ranks = {question: _rank(starter, question, slug) for question, slug in QUESTIONS}
    late = {question: rank for question, rank in ranks.items() if rank != 1}
    assert len(late) <= len(QUESTIONS) // 10, late
    assert all(rank is not None and rank <= 3 for rank in late.values()), late


def _rank(backend: SearchBackend, question: str, slug: str) -> int | None:
    found = backend.search(Query(text=question), deadline=Deadline.after(5))
    slugs = [result.url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".md") for result in found.results]
    return slugs.index(slug) + 1 if slug in slugs else None
