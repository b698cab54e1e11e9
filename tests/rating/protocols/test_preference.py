import json
from collections import Counter

import pytest

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.values import Rating


def run_row(probe, arm, reply, sample=0, **more):
    return {
        "key": f"{probe}/{arm}/{sample}",
        "suite": "evidence",
        "probe": probe,
        "arm": arm,
        "sample": sample,
        "turns": [{"role": "user", "text": f"Question {probe}?"}, {"role": "sparrow", "text": reply}],
        "reply": reply,
        **more,
    }


def items(*rows, seed=0, **settings):
    return tuple(open_protocol("preference", settings).items(rows, seed=seed))


def test_the_replies_of_two_arms_to_one_probe_are_put_together_without_their_names():
    (item,) = items(run_row("p", "prompted", "One."), run_row("p", "full", "Two."))
    assert {one["text"] for one in item.body["candidates"]} == {"One.", "Two."}
    assert "prompted" not in json.dumps(item.body)
    by_letter = {one["letter"]: one["text"] for one in item.body["candidates"]}
    arms = {by_letter[letter]: arm for letter, arm in item.origin["candidates"].items()}
    assert arms == {"One.": "prompted", "Two.": "full"}
    assert set(item.origin["cases"].values()) == {"p/prompted/0", "p/full/0"}


def test_the_order_of_candidates_is_even_over_items_and_the_same_for_the_same_seed():
    rows = [run_row(str(n), arm, arm) for n in range(200) for arm in ("one", "two")]
    first = Counter(item.origin["candidates"]["A"] for item in items(*rows))
    assert 70 < first["one"] < 130
    assert items(*rows) == items(*rows)
    assert items(*rows) != items(*rows, seed=1)


def test_equal_replies_are_one_candidate_and_a_message_with_one_candidate_is_no_item():
    assert items(run_row("p", "a", "Same. "), run_row("p", "b", "Same.")) == ()


def test_at_most_four_candidates_are_shown():
    (item,) = items(*(run_row("p", f"arm{n}", f"Reply {n}.") for n in range(6)))
    assert len(item.body["candidates"]) == 4


def test_replies_after_different_dialogues_are_not_compared():
    rows = [run_row("p", "a", "One."), run_row("p", "b", "Two.")]
    rows[1]["turns"] = [{"role": "user", "text": "Another question?"}, {"role": "sparrow", "text": "Two."}]
    assert items(*rows) == ()


@pytest.mark.parametrize(
    "candidates", [["Only one."], [f"Reply {n}." for n in range(5)], [{"texts": "x"}, {"text": "y"}], "AB"]
)
def test_a_users_row_with_other_than_two_to_four_candidates_is_refused(candidates):
    row = {"question": "Why?", "candidates": candidates}
    if len(candidates) == 1:
        assert items(row) == ()
    else:
        with pytest.raises(ConfigError, match="Row 1"):
            items(row)


def test_gold_names_a_candidate_by_number_and_is_kept_by_letter():
    row = {"question": "Why?", "candidates": ["Good.", "Bad."], "gold": {"best": "1"}}
    (item,) = items(row)
    letter = next(one["letter"] for one in item.body["candidates"] if one["text"] == "Good.")
    assert item.gold == {"best": letter}


def test_a_choice_is_a_win_for_its_arm_and_a_tie_is_none():
    protocol = open_protocol("preference")
    (item,) = items(run_row("p", "one", "1"), run_row("p", "two", "2"))
    letter = next(key for key, arm in item.origin["candidates"].items() if arm == "two")

    def outcomes(**answers):
        return protocol.outcomes(item, Rating(id="r", session="s", rater="x", item=item.id, answers=answers))

    assert outcomes(best=letter) == {"preferred:one": False, "preferred:two": True}
    assert outcomes(best="tie_good") == {"preferred:one": None, "preferred:two": None}
    assert outcomes() == {"preferred:one": None, "preferred:two": None}


def test_a_dialogue_asks_once_a_round():
    protocol = open_protocol("preference", {"rounds": 3, "arms": ["one", "two"]})
    (item,) = protocol.items([{"question": "Why?", "candidates": ["A", "B"]}], seed=0)
    assert [one.id for one in protocol.questions(item)] == ["best", "best_2", "best_3"]


@pytest.mark.parametrize(
    "settings", [{"rounds": 0}, {"rounds": "3"}, {"rounds": 2}, {"rounds": 2, "arms": ["x"]}]
)
def test_rounds_without_arms_that_answer_are_refused(settings):
    with pytest.raises(ConfigError):
        open_protocol("preference", settings)


def test_later_rounds_offer_the_letters_of_the_arms_that_answer_in_them():
    candidates = [{"text": one} for one in ("One.", "Two.")]
    settings = {"rounds": 2, "arms": ["prompted", "evidence", "full"]}
    (item,) = items({"question": "Why?", "candidates": candidates}, **settings)
    asked = open_protocol("preference", settings).questions(item)
    offered = [[choice.id for choice in one.choices if len(choice.id) == 1] for one in asked]
    assert offered == [["A", "B"], ["A", "B", "C"]]
