"""A database of rating sessions, and a study in it, as its raters and its organiser go through it."""

from itertools import count

import pytest

from sparrow_lite.rating.sessions import RatingSessions
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.tasks import Answer, Created, NewSession, Task
from sparrow_lite.rating.values import RaterState


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
