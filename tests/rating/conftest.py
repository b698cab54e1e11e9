"""A database of rating sessions, and a study in it, as its raters and its organiser go through it."""

import importlib.util
from itertools import count
from pathlib import Path

import pytest

from sparrow_lite.rating.sessions import RatingSessions
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.tasks import Answer, Created, NewSession, Task
from sparrow_lite.rating.values import (
    Assignment,
    Item,
    Rater,
    RaterState,
    Rating,
    Session,
    SessionState,
    Stage,
)

_spec = importlib.util.spec_from_file_location("runs", Path(__file__).parents[1] / "harness" / "conftest.py")
_runs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_runs)
# Runs in a folder of a few words a case, as the harness's own tests write them.
row, write_run = _runs.row, _runs.write_run


class Study:
    """Makes sessions of plain rows, and answers for raters."""

    def __init__(self, sessions: RatingSessions) -> None:
        self._sessions = sessions
        self._numbers = count()

    @staticmethod
    def rows(number):
        return [
            {
                "key": f"case {n}",
                "question": f"Question {n}?",
                "reply": f"Reply {n} [1].",
                "arm": "full",
                "citations": [{"id": 1, "title": "A page", "quote": f"It says {n}."}],
            }
            for n in range(number)
        ]

    def create(self, number=6, **more) -> Created:
        asked = {
            "name": "Study",
            "protocol": "plausible_supported",
            "raters": ("Ann", "Ben", "Cem"),
            "checks": 0.2,
            **more,
        }
        return self._sessions.create(NewSession(**asked), self.rows(number))

    def answer(self, task: Task, answers, **more) -> Answer:
        return Answer(
            id=f"rating-{next(self._numbers)}",
            item=task.shown.item,
            answers=answers,
            replaces=task.shown.replaces,
            seconds=2.5,
            **more,
        )

    @staticmethod
    def first_choices(task: Task) -> dict[str, str]:
        return {one.id: one.choices[0].id for one in task.shown.questions}

    def gold(self, task: Task) -> dict[str, str]:
        return dict(self._sessions.store.item(task.session, task.shown.item).gold)

    def qualify(self, rater: str) -> None:
        while (task := self._sessions.task(rater)).rater_state in (RaterState.INVITED, RaterState.QUALIFYING):
            self._sessions.answer(rater, self.answer(task, self.gold(task)))

    def rate_all(self, rater: str, **chosen) -> None:
        while (task := self._sessions.task(rater)).shown is not None:
            self._sessions.answer(rater, self.answer(task, {**self.first_choices(task), **chosen}))


@pytest.fixture
def sessions(tmp_path):
    store = RatingStore.open(f"sqlite:///{tmp_path}/ratings.sqlite")
    yield RatingSessions(store)
    store.close()


@pytest.fixture
def study(sessions):
    return Study(sessions)


@pytest.fixture
def store(rating_url):
    """A store on each kind of database in turn."""
    opened = RatingStore.open(rating_url)
    yield opened
    opened.close()


@pytest.fixture
def fill():
    """A function that keeps the session `s`, in which every rater has every item: `fill(store, items=3)`."""

    def fill_one(store, *, raters=("ann", "ben"), items=3, session="s"):
        its_items = [
            Item(
                id=f"{session}-i{n}",
                stage=Stage.CHECK if n == 0 else Stage.WORK,
                body={"question": f"Größe {n}?", "evidence": []},
                origin={"case": f"c{n}", "arm": "full"},
                gold={"plausible": "yes"} if n == 0 else None,
                explanation="Because." if n == 0 else "",
            )
            for n in range(items)
        ]
        its_raters = [
            Rater(id=name, session=session, name=name.title(), state=RaterState.WORKING) for name in raters
        ]
        made = Session(
            id=session,
            name="Study",
            protocol="plausible_supported",
            state=SessionState.OPEN,
            overlap=len(raters),
            checks=0.1,
            seed=7,
            pass_mark=0.75,
            offensive=False,
            created_at="2026-01-02T03:04:05+00:00",
            settings={"rules": ["no_insults"], "share": 0.5},
        )
        assigned = [
            Assignment(rater=rater.id, item=item.id, place=(place + 1) % items)
            for rater in its_raters
            for place, item in enumerate(its_items)
        ]
        store.add_session(made, its_items, its_raters, assigned)
        return made, its_items, its_raters, assigned

    return fill_one


@pytest.fixture
def give():
    """A function that returns a rating of the session `s`: `give("ann", 1, replaces=...)` of its item 1."""
    numbers = count()

    def give_one(rater="ann", item=0, **changes):
        named = {
            "id": f"rating-{next(numbers)}",
            "session": "s",
            "rater": rater,
            "item": f"s-i{item}",
            "answers": {"supported": "no", "plausible": "yes"},
            "comment": "Ja, „so“.",
            "seconds": 3.25,
        }
        return Rating(**{**named, **changes})

    return give_one
