import json

import pytest

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.values import Rating, Stage

CITATION = {
    "id": 1,
    "sentence": "It opened in 1890.",
    "url": "https://museum.example/secret",
    "title": "The museum",
    "quote": "Opened in 1890; see https://museum.example/secret.",
}
ROW = {
    "key": "k1",
    "kind": "question",
    "arm": "full",
    "suite": "evidence",
    "probe": "p1",
    "turns": [
        {"role": "user", "text": "When did it open?"},
        {"role": "sparrow", "text": "It opened in 1890 [1]. See www.museum.example/x."},
    ],
    "reply": "It opened in 1890 [1]. See www.museum.example/x.",
    "citations": [CITATION],
    "plausible": True,
    "supported": False,
}


def items(*rows):
    return tuple(open_protocol("plausible_supported").items(rows, seed=0))


def test_the_reply_is_marked_and_its_evidence_is_title_and_quote_without_addresses():
    (item,) = items(ROW)
    assert item.body["turns"][item.body["marked"]]["text"] == "It opened in 1890 [1]. See (address)."
    assert item.body["evidence"] == [
        {"id": 1, "title": "The museum", "quote": "Opened in 1890; see (address)."}
    ]
    assert "example" not in json.dumps(item.body)


def test_the_rater_sees_neither_arm_nor_verdict_and_the_origin_holds_both():
    (item,) = items(ROW)
    assert "full" not in json.dumps(item.body)
    assert item.origin["arm"] == "full"
    assert item.origin["case"] == "k1"
    assert item.origin["judged"] == {"plausible": True, "supported": False}


def test_without_evidence_only_plausibility_is_asked_and_the_reply_counts_as_not_supported():
    protocol = open_protocol("plausible_supported")
    (item,) = items({**ROW, "citations": []})
    assert [one.id for one in protocol.questions(item)] == ["plausible"]
    rating = Rating(id="r", session="s", rater="a", item=item.id, answers={"plausible": "yes"})
    assert protocol.outcomes(item, rating) == {
        "plausible": True,
        "supported": False,
        "supported_and_plausible": False,
    }


@pytest.mark.parametrize(
    ("answers", "both"),
    [
        ({"plausible": "yes", "supported": "yes"}, True),
        ({"plausible": "yes", "supported": "no"}, False),
        ({"plausible": "unsure", "supported": "no"}, False),
        ({"plausible": "unsure", "supported": "yes"}, None),
        ({"plausible": "unsure", "supported": "unsure"}, None),
        ({}, None),
    ],
)
def test_an_answer_counts_for_both_only_when_both_are_said(answers, both):
    protocol = open_protocol("plausible_supported")
    (item,) = items(ROW)
    rating = Rating(id="r", session="s", rater="a", item=item.id, answers=answers)
    assert protocol.outcomes(item, rating)["supported_and_plausible"] is both


def test_a_skip_says_nothing_even_without_evidence():
    protocol = open_protocol("plausible_supported")
    (item,) = items({**ROW, "citations": []})
    skip = Rating(id="r", session="s", rater="a", item=item.id, answers={}, skipped="offensive")
    assert set(protocol.outcomes(item, skip).values()) == {None}


def test_a_users_file_needs_a_question_and_a_reply_only():
    (item,) = items({"question": "Why?", "reply": "Because."})
    assert [one["text"] for one in item.body["turns"]] == ["Why?", "Because."]
    assert item.stage is Stage.WORK


def test_a_row_with_gold_is_a_check():
    (item,) = items({"question": "Why?", "reply": "Because.", "gold": {"plausible": "yes"}})
    assert item.stage is Stage.CHECK


def test_failed_cases_and_dialogues_that_ask_no_question_are_left_out():
    assert items({**ROW, "failure": "the model was gone"}, {**ROW, "kind": "adversarial"}) == ()


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"reply": "Because."}, "question"),
        ({"question": "Why?"}, "reply"),
        ({"turns": [{"role": "user"}], "reply": "x"}, "turns"),
        ({"turns": [{"role": "bot", "text": "x"}], "reply": "x"}, "role"),
        ({"question": "Why?", "reply": "x", "citations": ["http://x"]}, "citation"),
        ({"question": "Why?", "reply": "x", "gold": ["yes"]}, "gold"),
    ],
)
def test_a_row_that_lacks_something_is_named_with_its_number(row, fault):
    with pytest.raises(ConfigError, match=f"Row 2.*{fault}"):
        items(ROW, row)
