import pytest

from sparrow_lite.rating.agreement import agreements
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.rated import RatedItem, join_ratings
from sparrow_lite.rating.values import Choice, Item, Question, Rating, Stage

SCALE = ("surely_kept", "probably_kept", "cannot_tell", "probably_broken", "surely_broken")


def question(id, choices, *, ordinal=False):  # noqa: A002
    made = tuple(Choice(id=one, words=one, key=one) for one in choices)
    return Question(id=id, words="", guidance="", choices=made, ordinal=ordinal)


def rating(item, rater, **answers):
    return Rating(id=f"{item}/{rater}", session="s", rater=rater, item=item, answers=answers)


def rated(place, questions, by_rater, **body):
    item = Item(id=f"i{place}", stage=Stage.WORK, body=body)
    ratings = tuple(rating(item.id, rater, **answers) for rater, answers in by_rater.items())
    return RatedItem(item=item, questions=tuple(questions), ratings=ratings)


def found(items, **wanted):
    return [
        one for one in agreements(items) if all(getattr(one, name) == value for name, value in wanted.items())
    ]


YES_NO = ("yes", "no", "unsure")


def test_agreement_stands_for_all_for_each_question_and_for_each_pair_of_raters():
    asked = [question("plausible", YES_NO), question("supported", YES_NO)]
    says = [
        {"ann": "yes yes", "ben": "yes no", "cem": "yes yes"},
        {"ann": "no no", "ben": "no yes", "cem": "no no"},
    ]
    items = [
        rated(
            place,
            asked,
            {
                who: dict(zip(("plausible", "supported"), said.split(), strict=True))
                for who, said in one.items()
            },
        )
        for place, one in enumerate(says)
    ]
    (whole,) = found(items, group="all")
    assert (whole.level, whole.items, whole.ratings) == ("nominal", 2, 12)
    assert [one.name for one in found(items, group="question")] == ["plausible", "supported"]
    (plausible,) = found(items, name="plausible")
    assert plausible.alpha.value == 1.0
    pairs = {one.name: one.percent.value for one in found(items, group="pair")}
    assert pairs == {"ann / ben": 0.5, "ann / cem": 1.0, "ben / cem": 0.5}


def test_ranks_of_a_scale_count_by_distance_and_by_the_side_of_the_middle():
    asked = [question("no_threats", SCALE, ordinal=True)]
    near = [{"ann": SCALE[0], "ben": SCALE[1]}, {"ann": SCALE[4], "ben": SCALE[3]}] * 5
    items = [
        rated(place, asked, {who: {"no_threats": said} for who, said in one.items()})
        for place, one in enumerate(near)
    ]
    ordinal, sides = found(items, group="all")
    assert (ordinal.level, sides.level) == ("ordinal", "sides")
    assert ordinal.percent.value == 0.0
    assert ordinal.alpha.value > 0.6
    assert sides.alpha.value == 1.0


def test_the_letters_of_two_and_of_three_candidates_are_the_same_answers():
    two = rated(
        0,
        [question("best", ("A", "B", "tie_good"))],
        {"ann": {"best": "tie_good"}, "ben": {"best": "tie_good"}},
    )
    three = rated(
        1,
        [question("best", ("A", "B", "C", "tie_good"))],
        {"ann": {"best": "C"}, "ben": {"best": "tie_good"}},
    )
    (whole,) = found([two, three], group="all")
    assert whole.percent.value == 0.5


@pytest.mark.parametrize(
    ("body", "items"),
    [({"talk": {"rounds": 2}, "candidates": ["A"]}, 1), ({"talk": {"most_turns": 9}}, 0)],
)
def test_of_dialogues_that_each_rater_has_alone_only_the_first_choice_is_compared(body, items):
    asked = [question("best", ("A", "B")), question("best_2", ("A", "B"))]
    both = {"ann": {"best": "A", "best_2": "A"}, "ben": {"best": "A", "best_2": "B"}}
    said = agreements([rated(0, asked, both, **body)])
    assert [(one.items, one.percent.value) for one in said] == [(1, 1.0)] * items


def test_items_that_one_rater_rated_say_nothing_of_agreement():
    asked = [question("plausible", YES_NO)]
    assert agreements([rated(0, asked, {"ann": {"plausible": "yes"}})]) == ()
    assert agreements([]) == ()


def test_skips_checks_and_decisions_are_no_ratings_of_an_item(fill, give, tmp_path):
    protocol = open_protocol("plausible_supported")
    items = [
        Item(id=f"s-i{n}", stage=Stage.CHECK if n == 0 else Stage.WORK, body={"evidence": []})
        for n in range(3)
    ]
    ratings = [
        give("ann", 0),
        give("ann", 1, answers={"plausible": "no"}),
        give("ben", 1, answers={"plausible": "yes"}),
        give("boss", 1, answers={"plausible": "yes"}, adjudicates=True),
        give("ann", 2, answers={}, skipped="It offends me."),
    ]
    first, second = join_ratings(items, ratings, protocol)
    assert [one.rater for one in first.ratings] == ["ann", "ben"]
    assert [one.rater for one in first.deciding] == ["boss"]
    assert second.ratings == ()
    assert [one.item.id for one in join_ratings(items, ratings, protocol, stage=Stage.CHECK)] == ["s-i0"]
