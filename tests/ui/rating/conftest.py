"""The app with rating sessions on a port of its own, its store, and pages that note what goes wrong."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from sparrow_lite.config import Settings
from sparrow_lite.harness.case import Case, Finished, Status
from sparrow_lite.harness.conversation import Conversation, Shown
from sparrow_lite.harness.frozen import freeze_suite
from sparrow_lite.harness.graded import Graded
from sparrow_lite.harness.ledger import Ledger
from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.rating.access import read_secret, sign_link
from sparrow_lite.rating.accounts import Accounts, Role
from sparrow_lite.rating.sessions import RatingSessions
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.tasks import Created, NewSession
from sparrow_lite.rating.values import RaterState
from sparrow_lite.transcript import Role as Who
from sparrow_lite.transcript import Turn
from sparrow_lite.verdict import Citation, SupportOutcome

ORGANISER, PASSWORD = "olga", "correct horse battery"
HOSTILE = "</script><img src=x onerror=alert(1)>{{ 7 * 7 }}${alert(1)}\u202eevil"


def rows(number: int, **more: Any) -> list[dict[str, Any]]:
    """Rows of a file: questions with replies that show evidence."""
    return [
        {
            "key": f"case {at}",
            "question": f"Who built canal {at}?",
            "reply": f"Canal {at} was built by Ida Brandt [1].",
            "citations": [{"id": 1, "title": f"Canal {at}", "quote": f"Ida Brandt built canal {at}."}],
            "arm": "the hidden arm",
            **more,
        }
        for at in range(number)
    ]


@dataclass
class Site:
    """A running app, and its database from behind."""

    url: str
    settings: Settings
    sessions: RatingSessions
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def store(self) -> RatingStore:
        return self.sessions.store

    def create(self, given: list[dict[str, Any]] | None = None, **more: Any) -> Created:
        """A session of three items for Ann and Ben, without practice or checks unless asked for."""
        asked = {
            "name": f"Study {next(self.numbers)}",
            "protocol": "plausible_supported",
            "raters": ("Ann", "Ben"),
            "qualification": False,
            "offensive": False,
            "checks": 0.0,
        }
        return self.sessions.create(NewSession(**{**asked, **more}), rows(3) if given is None else given)

    def token(self, rater: str, seconds: float = 3600) -> str:
        return sign_link(read_secret(self.settings.data_dir), rater, seconds)

    def link(self, rater: str) -> str:
        return f"{self.url}/rate/{self.token(rater)}"

    def rater(self, rater: str) -> httpx.Client:
        """A client that asks as this rater does by a link."""
        headers = {"authorization": f"Bearer {self.token(rater)}"}
        return httpx.Client(base_url=f"{self.url}/rate/api", headers=headers, trust_env=False)

    def anybody(self) -> httpx.Client:
        return httpx.Client(base_url=f"{self.url}/rate/api", trust_env=False)

    @contextmanager
    def signed_in(self, name: str = ORGANISER, password: str = PASSWORD) -> Iterator[httpx.Client]:
        with self.anybody() as client:
            came = client.post("/sign-in", json={"name": name, "password": password})
            assert came.status_code == 200, came.text
            yield client

    def answer(self, shown: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """An answer to the item that is shown, the first choice of each question."""
        answers = {one["id"]: one["choices"][0]["id"] for one in shown["questions"]}
        return {
            "id": f"rating-{next(self.numbers):06}",
            "item": shown["item"],
            "answers": answers,
            "replaces": shown["replaces"],
            "seconds": 3.5,
            **more,
        }

    def gold(self, session: str, item: str) -> Mapping[str, str] | None:
        return self.store.item(session, item).gold

    def qualify(self, rater: str) -> None:
        with self.rater(rater) as client:
            task = client.get("/task").json()
            while task["rater_state"] in (RaterState.INVITED, RaterState.QUALIFYING):
                gold = self.gold(task["session"], task["shown"]["item"])
                task = client.post("/answer", json=self.answer(task["shown"], answers=gold)).json()["task"]


@pytest.fixture(scope="session")
def site(serve_app: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("rating")
    settings = Settings(data_dir=folder, cache_dir=folder / "cache")
    sessions = RatingSessions(RatingStore.open(settings.ratings_database))
    Accounts(sessions.store).add(ORGANISER, PASSWORD, Role.ORGANISER)
    for served in serve_app(settings):
        yield Site(url=served.url, settings=settings, sessions=sessions)
    sessions.store.close()


@pytest.fixture(scope="session")
def organiser(site: Site) -> Iterator[httpx.Client]:
    """A client that asks as the organiser does."""
    with site.signed_in() as client:
        yield client


@pytest.fixture
def open_page(chromium: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """A function that opens an address in a context of its own: `open_page(address, phone=True)`."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_one(address: str | None = None, *, phone: bool = False, **more: Any) -> Any:
        size = {"width": 390, "height": 780} if phone else {"width": 1280, "height": 800}
        context = chromium.new_context(viewport=size, has_touch=phone, is_mobile=phone, **more)
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
        page.on("console", note)
        page.on("request", lambda asked: foreign(asked.url))
        if address is not None:
            page.goto(address)
        return page

    def note(said: Any) -> None:
        # What the server refuses is told as a failed resource; what the tests break is expected.
        if said.type in ("error", "warning") and "Failed to load resource" not in said.text:
            complaints.append(said.text)

    def foreign(url: str) -> None:
        if not url.startswith((site.url, "data:", "blob:")):
            complaints.append(f"asked {url}")

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def write_run(site: Site) -> Callable[..., Path]:
    """A function that writes a judged run of questions: `write_run("spring", questions=12)`."""

    def write(name: str, *, questions: int = 12, supported: int = 8) -> Path:
        folder = site.settings.runs_dir / name
        probes = tuple(
            Probe(
                id=f"fact-{at}",
                suite="facts",
                kind=ProbeKind.QUESTION,
                turns=(Turn(role=Who.USER, text=f"Who built canal {at}?"),),
                answers=("Ida Brandt",),
            )
            for at in range(questions)
        )
        suite = Suite(name="facts", version="1", canary="", description="", probes=probes)
        with closing(Ledger(folder)) as ledger:
            freeze_suite(suite, folder)
            ledger.write_manifest(
                {
                    "code": "0.1.0+test",
                    "suites": {"facts": {"version": "1", "sha256": suite.digest}},
                    "arms": {"full": {"opener": "agent"}},
                    "judges": ["trained"],
                    "cases": questions,
                    "started_at": "2026-01-05T09:30:00+00:00",
                }
            )
            ledger.write([_finished(at, probe, at < supported) for at, probe in enumerate(suite.probes)])
        return folder

    return write


def _finished(at: int, probe: Probe, supported: bool) -> Finished:
    sentence, quote = f"Canal {at} was built by Ida Brandt.", f"Ida Brandt built canal {at}."
    cited = Citation(
        id=1,
        sentence=sentence,
        url="https://history.example.org/canals",
        title=f"Canal {at}",
        quote=quote,
        start=0,
        end=len(quote),
        verdict=SupportOutcome.SUPPORTED if supported else SupportOutcome.NOT_SUPPORTED,
        support=0.9 if supported else 0.1,
        judge="trained",
    )
    text = f"{sentence} [1]"
    said = Conversation(
        turns=(*probe.turns, Turn(role=Who.SPARROW, text=text)),
        replies=((1, Shown(text=text, citations=(cited,))),),
        seconds=0.1,
    )
    graded = Graded(judge="trained", rules=(), plausible=True, supported=supported)
    case = Case(ordinal=at, probe=probe, arm="full", sample=0, key=f"key-{at}")
    return Finished(case=case, status=Status.DONE, conversation=said, grades=(graded,))


@pytest.fixture(scope="session")
def hostile() -> str:
    return HOSTILE


@pytest.fixture(scope="session")
def make_rows() -> Callable[..., list[dict[str, Any]]]:
    return rows


@pytest.fixture(scope="session")
def as_lines() -> Callable[[list[dict[str, Any]]], str]:
    return lambda given: "".join(json.dumps(row) + "\n" for row in given)
