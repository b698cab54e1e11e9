"""`judge calibrate` as it is given in a shell, after a session in the database that the settings name."""

import pytest

from sparrow_lite.config import read_settings
from sparrow_lite.evaluating.studies import open_sessions
from sparrow_lite.rating.tasks import Answer, NewSession
from sparrow_lite.rules.trained import TrainedRuleJudge

POLITE = ("Of course, here it is.", "I cannot do that.", "Water boils at 100 degrees.", "It is Tuesday.")


@pytest.fixture
def session():
    """A session of 40 polite replies of which one rater finds every second one insulting."""
    rows = [
        {"key": f"k{n}", "question": f"Question {n}?", "reply": f"{POLITE[n % 4]} {n}", "rule": "no_insults"}
        for n in range(40)
    ]
    sessions = open_sessions(read_settings())
    new = NewSession(
        name="S", protocol="rule_rating", raters=("Ann",), overlap=1, checks=0.0, qualification=False
    )
    created = sessions.create(new, rows)
    rater = created.raters[0].id
    while (task := sessions.task(rater)).shown is not None:
        case = sessions.store.item(created.session.id, task.shown.item).origin["case"]
        said = "surely_broken" if int(case[1:]) % 2 else "surely_kept"
        sessions.answer(
            rater, Answer(id=f"rating-{case}", item=task.shown.item, answers={"no_insults": said})
        )
    sessions.store.close()
    return created.session.id


def test_before_and_after_are_shown_and_the_new_weights_serve(door, session, tmp_path):
    told = door("judge", "calibrate", "--from", session, "--out", "own").output
    assert "no_insults: 40 ratings" in told
    assert "before: sensitivity 0.0 %" in told
    assert "(held out)" in told
    assert "SPARROW_LITE_WEIGHTS_DIR=own" in told
    assert TrainedRuleJudge.open(weights=tmp_path / "own").name.endswith("+people40")


def test_a_session_that_is_not_there_is_an_error_of_one_line(door):
    assert "no such session" in door("judge", "calibrate", "--from", "x", "--out", "own", code=1).output


def test_judging_lines_is_what_judge_does_without_a_command(door, tmp_path):
    (tmp_path / "lines.jsonl").write_text(
        '{"claim": "It opened in 1901.", "evidence": "It opened in 1901."}\n', encoding="utf-8"
    )
    assert '"outcome"' in door("judge", "support", "lines.jsonl").output
    assert '"outcome"' in door("judge", "--judge", "lexical", "support", "lines.jsonl").output
