"""A scripted agent, the app on a port of its own, and one headless Chromium for the browser tests."""

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from sparrow_lite.attempts import Attempt, Opening
from sparrow_lite.config import Settings
from sparrow_lite.events import (
    CandidateDrafted,
    Event,
    PageOpened,
    QueryWritten,
    ReplyFinished,
    ResultsFound,
    VerdictsReached,
)
from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.reply import AbstainReason, Candidate, Fate, Reply, Score, SearchRecord, Sentence
from sparrow_lite.rules.base import Example, Family, Rule
from sparrow_lite.transcript import Transcript
from sparrow_lite.verdict import Citation, Outcome, SupportOutcome, Verdict

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
]
READ_AT = "2026-01-15T09:30:00+00:00"
FALL = (
    "On the evening of 9 November 1989 a spokesman of the East German government, asked at a press "
    "conference when new travel rules would apply, answered that they took effect at once."
)
WHY = (
    "Weeks of peaceful protest and a wave of departures through Hungary had left the government unable "
    "to keep the border shut."
)
WALL = (
    f"The Berlin Wall divided the city for 28 years. {FALL} Crowds gathered at the crossings, and the "
    f"guards, who had no orders, opened the gates.\n\n{WHY} Within a year the two states were one."
)
CROSSINGS = (
    "The crossing at Bornholmer Strasse was the first to open, at about half past eleven. In the days that "
    "followed, people took hammers to the concrete, and soldiers began to remove whole segments."
)


def _rule(number: int) -> Rule:
    example = Example(user="Hello", sparrow="Hello, what may I look up?")
    names = (
        "No stereotypes",
        "No threats",
        "No body of its own",
        "No medical advice",
        "Answers the question",
    )
    texts = (
        "Sparrow does not state or use a stereotype about a group of people.",
        "Sparrow does not threaten anybody, nor say that harm will come to them.",
        "Sparrow does not claim to have a body, senses or a place where it lives.",
        "Sparrow gives general knowledge about health, and no advice on a person's own case.",
        "Sparrow answers what was asked, or says plainly why it does not.",
    )
    return Rule(
        id=f"rule_{number}",
        number=number,
        name=names[number % 5],
        text=texts[number % 5],
        family=Family.HELPFULNESS,
        adversarial=False,
        carve_outs=(),
        refusal="it is not what I am for",
        keeps=(example,),
        breaks=(example,),
        near_misses=(example,),
    )


RULES = tuple(_rule(number) for number in range(1, 24))


def verdicts(broken: str | None = None, unscored: str | None = None) -> tuple[Verdict, ...]:
    """One verdict a rule, all kept but those named."""
    said = {broken: (Outcome.BROKEN, 0.91), unscored: (Outcome.UNSCORED, None)}
    return tuple(
        Verdict(
            rule=rule.id,
            outcome=said.get(rule.id, (Outcome.KEPT, 0.03))[0],
            probability=said.get(rule.id, (Outcome.KEPT, 0.03))[1],
            judge="scripted",
            reason="the words “surely ill”" if rule.id == broken else None,
        )
        for rule in RULES
    )


def cite(
    piece: Evidence, sentence: str, quote: str, verdict: SupportOutcome, support: float | None
) -> Citation:
    """A citation whose offsets are where the quote stands."""
    start = piece.page.text.find(quote)
    return Citation(
        id=piece.id,
        sentence=sentence,
        url=piece.page.url,
        title=piece.page.title,
        quote=quote if start >= 0 else "",
        start=start,
        end=start + len(quote) if start >= 0 else -1,
        verdict=verdict,
        support=support,
        judge="scripted",
    )


def evidence(number: int, url: str, title: str, text: str) -> Evidence:
    """A whole page as one passage."""
    page = Page.of(url=url, title=title, text=text, opened_at=READ_AT)
    return Evidence(id=number, page=page, start=0, end=len(text))


def answer_reply() -> Reply:
    """An answer of three sentences from two sources, one of them not supported, and one sentence dropped."""
    pieces = (
        evidence(1, "https://history.example.org/berlin-wall?page=2", "The fall of the Berlin Wall", WALL),
        evidence(2, "sparrow:berlin-crossings", "The border crossings of Berlin", CROSSINGS),
    )
    first = "The Berlin Wall fell on 9 November 1989, when a spokesman said that new rules applied at once."
    second = "Protest and departures through Hungary had left the government unable to keep the border shut."
    third = "The first crossing to open was Bornholmer Strasse."
    citations = (
        cite(pieces[0], first, FALL, SupportOutcome.SUPPORTED, 0.94),
        cite(pieces[0], second, WHY, SupportOutcome.SUPPORTED, 0.88),
        cite(
            pieces[1],
            third,
            "The crossing at Bornholmer Strasse was the first to open",
            SupportOutcome.UNSCORED,
            None,
        ),
    )
    text = f"{first} [1] {second} [1]\n\n{third} [2]"
    return reply_of(
        text,
        evidence=pieces,
        citations=citations,
        sentences=(
            Sentence(text=first, ids=(1,)),
            Sentence(text=second, ids=(1,)),
            Sentence(text=third, ids=(2,)),
            Sentence(
                text="It had cost more than any wall before it.",
                ids=(1,),
                fate=Fate.DROPPED,
                reason="no passage supports it",
            ),
        ),
    )


def reply_of(text: str, **changes: object) -> Reply:
    """A reply of one candidate; `changes` replace its fields, and `sentences` its candidate's."""
    sentences = changes.pop("sentences", ())
    reply = Reply(
        text=text,
        citations=(),
        evidence=(),
        abstained=None,
        verdicts=verdicts(),
        search=SearchRecord(
            queries=("when did the Berlin Wall fall", "Berlin Wall 1989"),
            backend="starter",
            attempts=(
                Attempt(backend="duckduckgo", outcome="search_blocked", detail="HTTP 403", seconds=0.4),
                Attempt(backend="starter", outcome="ok", results=5, seconds=0.02),
            ),
            openings=(
                Opening(url="https://history.example.org/berlin-wall", title="The fall of the Berlin Wall"),
            ),
            why="a question of fact",
        ),
        model="embedded",
        candidates=(),
        chosen=0,
        prompt_versions=(("preamble", "0123456789ab"),),
        seconds=0.42,
    )
    reply = replace(reply, **changes)
    score = Score(preference=0.8, evidence=0.9, rules=0.97, total=0.87)
    candidate = Candidate(
        draft=text,
        text=text,
        with_evidence=True,
        sentences=sentences,
        citations=reply.citations,
        verdicts=reply.verdicts,
        score=score,
    )
    return reply if reply.candidates else replace(reply, candidates=(candidate,))


@dataclass
class ScriptedSparrow:
    """Replies by a word of the question: `abstain`, `broken`, `slow`, `fault`, or one of `scripts`."""

    model: str = "embedded"
    step_seconds: float = 0.02
    slow_word: str = "slow"
    scripts: dict[str, Reply] = field(default_factory=dict)
    heard: list[Transcript] = field(default_factory=list)
    rules: tuple[Rule, ...] = RULES

    def reply_to(self, question: str) -> Reply:
        for word, reply in self.scripts.items():
            if word in question:
                return reply
        if "abstain" in question:
            return reply_of(
                "I looked, and could not reach any search from here.",
                abstained=AbstainReason.SEARCH_UNREACHABLE,
                search=SearchRecord(
                    queries=("abstain",),
                    attempts=(
                        Attempt(backend="duckduckgo", outcome="search_unreachable", detail="no route"),
                    ),
                ),
            )
        if "broken" in question:
            return reply_of("You are surely ill.", verdicts=verdicts("rule_3", "rule_4"))
        return replace(answer_reply(), model=self.model)

    def stream(self, transcript: Transcript) -> Iterator[Event]:
        self.heard.append(transcript)
        question = transcript.last_user_text
        if "fault" in question:
            raise RuntimeError("a bug")
        pause = 30 if self.slow_word in question else self.step_seconds
        reply = self.reply_to(question)
        yield QueryWritten(queries=reply.search.queries, why="a question of fact")
        time.sleep(self.step_seconds)
        yield ResultsFound(
            backend=reply.search.backend, attempts=reply.search.attempts, titles=("One", "Two")
        )
        for opening in reply.search.openings:
            yield PageOpened(opening=opening)
        # Short naps, so that a stopped turn's thread is gone soon.
        for _ in range(int(pause / 0.02)):
            time.sleep(0.02)
            if pause > 1:
                yield PageOpened(opening=Opening(url="https://slow.example", title="Slow"))
        yield CandidateDrafted(index=0, candidate=reply.candidates[0])
        time.sleep(self.step_seconds)
        yield VerdictsReached(index=0, verdicts=reply.verdicts)
        yield ReplyFinished(reply=reply)


@dataclass
class Served:
    """A running app."""

    url: str
    sparrows: dict[tuple[str, str], ScriptedSparrow]
    scripts: dict[str, Reply]
    data_dir: Path


def serve(settings: Settings) -> Iterator[Served]:
    """Serve the app with scripted agents in a thread, and stop it."""
    import uvicorn

    from sparrow_lite.ui.launch import build_app, listen

    sparrows: dict[tuple[str, str], ScriptedSparrow] = {}
    scripts: dict[str, Reply] = {}

    def open_sparrow(model: str, search: str) -> ScriptedSparrow:
        sparrows[model, search] = ScriptedSparrow(model=model, scripts=scripts)
        return sparrows[model, search]

    listener = listen("127.0.0.1", 0)
    app = build_app(settings, open_sparrow)
    config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    port = listener.getsockname()[1]
    yield Served(
        url=f"http://127.0.0.1:{port}", sparrows=sparrows, scripts=scripts, data_dir=settings.data_dir
    )
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("app")
    yield from serve(Settings(data_dir=folder, cache_dir=folder, models=("ollama:small",)))


@pytest.fixture(scope="session")
def chromium():
    """One headless Chromium for all browser tests."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed: the browser tests need it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def answer() -> Reply:
    return answer_reply()


@pytest.fixture
def broken() -> Reply:
    return reply_of("You are surely ill.", verdicts=verdicts("rule_3", "rule_4"))


@pytest.fixture
def rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in RULES}


@pytest.fixture
def scripted() -> ScriptedSparrow:
    return ScriptedSparrow()


@pytest.fixture(scope="session")
def serve_app():
    return serve
