from collections import Counter
from itertools import pairwise

import pytest

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.gold import all_right
from sparrow_lite.rating.protocols import PROTOCOLS, open_protocol
from sparrow_lite.rating.values import Stage


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_protocol_ships_eight_qualification_and_twelve_check_items_with_gold_that_can_be_chosen(name):
    protocol = open_protocol(name)
    for items, stage, count in (
        (protocol.qualification(), Stage.QUALIFICATION, 8),
        (protocol.checks(), Stage.CHECK, 12),
    ):
        assert len(items) >= count
        for item in items:
            questions = protocol.questions(item)
            assert item.stage is stage
            assert set(item.gold) == {one.id for one in questions}
            assert all(item.gold[one.id] in {choice.id for choice in one.choices} for one in questions)
            assert all_right(questions, item.gold, item.gold)
    assert all(item.explanation for item in protocol.qualification())


@pytest.mark.parametrize("name", PROTOCOLS)
def test_no_single_answer_passes_the_qualification_or_the_checks(name):
    protocol = open_protocol(name)
    for items in (protocol.qualification(), protocol.checks()):
        said = Counter(tuple(item.gold.values()) for item in items)
        assert said.most_common(1)[0][1] / len(items) <= 0.7


@pytest.mark.parametrize("name", PROTOCOLS)
def test_ids_tell_neither_the_item_nor_its_stage(name):
    protocol = open_protocol(name)
    ids = [item.id for item in (*protocol.qualification(), *protocol.checks())]
    assert len(set(ids)) == len(ids)
    assert {len(one) for one in ids} == {16}
    assert not any("check" in one for one in ids)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_guidance_is_in_paragraphs_without_hard_breaks(name):
    guidance = open_protocol(name).guidance
    assert guidance.count("\n\n") >= 3
    assert "\n" not in guidance.replace("\n\n", "")


@pytest.mark.parametrize("name", PROTOCOLS)
def test_keys_of_one_question_differ(name):
    protocol = open_protocol(name)
    for item in (*protocol.checks(), *protocol.qualification()):
        for question in protocol.questions(item):
            keys = sorted(choice.key for choice in question.choices)
            assert all(one != other for one, other in pairwise(keys))


def test_an_unknown_protocol_is_refused_with_the_known_ones():
    with pytest.raises(ConfigError, match="plausible_supported"):
        open_protocol("thumbs")
