from typing import Any

import pytest

from sparrow_lite.encoders.dialogue import dialogue_pieces, rule_pieces
from sparrow_lite.encoders.pieces import pair_pieces, piece_spans, turn_pieces
from sparrow_lite.encoders.weights import open_words


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return open_words(None).tokenizer


def test_two_texts_stand_apart_by_marks_and_types(tokenizer: Any) -> None:
    ids, types = pair_pieces(tokenizer, "a claim", "a passage")
    assert tokenizer.decode(ids, skip_special_tokens=False) == "[CLS] a claim [SEP] a passage [SEP]"
    assert types == [0, 0, 0, 0, 1, 1, 1]


def test_a_long_passage_is_cut_and_the_claim_is_not(tokenizer: Any) -> None:
    ids, _ = pair_pieces(tokenizer, "a claim", "word " * 500, longest=64)
    assert len(ids) == 64
    assert tokenizer.decode(ids).startswith("a claim")


def test_of_the_turns_before_a_reply_the_last_words_are_kept(tokenizer: Any) -> None:
    ids, _ = turn_pieces(tokenizer, "first " * 300 + "then last", "a reply")
    assert "then last" in tokenizer.decode(ids)
    assert len(ids) < 192


def test_a_long_reply_keeps_its_beginning_and_its_end(tokenizer: Any) -> None:
    ids, _ = turn_pieces(tokenizer, "a question", "begin " + "middle " * 500 + "finish")
    text = tokenizer.decode(ids)
    assert "begin" in text
    assert text.endswith("finish")
    assert len(ids) == 192


def test_pieces_lead_back_to_the_characters_of_the_passage(tokenizer: Any) -> None:
    passage = "The harbour opened in 1901."
    pieces = pair_pieces(tokenizer, "When?", passage)
    spans = piece_spans(tokenizer, "When?", passage, pieces)
    assert [passage[start:end] for start, end in spans.values()] == [
        "The",
        "harbour",
        "opened",
        "in",
        "1901",
        ".",
    ]
    assert all(pieces[1][at] == 1 for at in spans)


def test_a_dialogue_is_laid_out_with_its_speakers_and_the_reply_last(tokenizer: Any) -> None:
    turns = [("user", "Hello"), ("sparrow", "Good day"), ("user", "How far?"), ("sparrow", "Ten miles")]
    text = tokenizer.decode(dialogue_pieces(tokenizer, turns)[0], skip_special_tokens=False)
    assert text == "[CLS] user : hello sparrow : good day user : how far? [SEP] ten miles [SEP]"


def test_a_rule_of_any_length_fits(tokenizer: Any) -> None:
    assert len(rule_pieces(tokenizer, "Sparrow never shouts. " * 60)[0]) == 64
