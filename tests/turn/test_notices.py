import json
from itertools import pairwise

import pytest

from sparrow_lite.errors import PromptError
from sparrow_lite.reply import AbstainReason
from sparrow_lite.transcript import Role
from sparrow_lite.turn.notices import read_example, read_notices

FIELDS = {
    AbstainReason.RULE_REFUSAL: {"reason": "it is so"},
    AbstainReason.EVIDENCE_CONFLICTS: {"sides": "x"},
}


@pytest.mark.parametrize("reason", list(AbstainReason))
def test_every_reason_has_its_own_notice(reason):
    text = read_notices().abstention(reason, **FIELDS.get(reason, {}))
    assert len(text) > 30
    assert "{" not in text


def test_a_turn_that_was_not_to_search_says_so():
    notices = read_notices()
    off = notices.abstention(AbstainReason.NO_RESULTS, searched=False)
    assert off != notices.abstention(AbstainReason.NO_RESULTS)


def test_a_missing_field_is_refused():
    with pytest.raises(PromptError, match="reason"):
        read_notices().abstention(AbstainReason.RULE_REFUSAL)


@pytest.mark.parametrize("text", ["no_results: x", "[1, 2]", "a: [", "3"])
def test_a_file_without_every_reason_is_refused(text, tmp_path):
    (tmp_path / "notices.yaml").write_text(text)
    with pytest.raises(PromptError, match=r"notices\.yaml"):
        read_notices(tmp_path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("no_results", "Nothing, {name}."),
        ("search_off", "Off, {name}."),
        ("rule_refusal", "No."),
        ("evidence_conflicts", "{sides} {reason}"),
        ("no_results", "{unclosed"),
    ],
)
def test_a_text_with_other_places_than_are_filled_is_refused_by_name(name, text, tmp_path):
    texts = {one: prompt.text for one, prompt in read_notices().texts.items()} | {name: text}
    (tmp_path / "notices.yaml").write_text(json.dumps(texts))
    with pytest.raises(PromptError, match=name):
        read_notices(tmp_path)


def test_the_example_conversation_alternates():
    roles = [turn.role for turn in read_example().turns]
    assert roles[:2] == [Role.USER, Role.SPARROW]
    assert all(first is not second for first, second in pairwise(roles))


def test_an_example_that_begins_with_other_words_is_refused(tmp_path):
    (tmp_path / "example.md").write_text("Once upon a time\nUser: Hi")
    with pytest.raises(PromptError, match="example"):
        read_example(tmp_path)
