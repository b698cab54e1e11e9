import pytest

from sparrow_lite.rating.outcomes import human_outcomes, majorities, majority, rater_quality
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.rated import RatedItem
from sparrow_lite.rating.values import Item, Rating, Stage

PROTOCOL = open_protocol("plausible_supported")


def rated(name, votes, *, arm="full", gold=None, decided=None, seconds=2.0, probe=None):
    """One item with evidence; a vote is `yes yes`: plausible and supported."""
    item = Item(
        id=name,
        stage=Stage.WORK if gold is None else Stage.CHECK,
        body={"evidence": [{"id": 1, "title": "", "quote": "q"}]},
        origin={"arm": arm, "probe": probe or name},
        gold=gold,
    )

    def rating(who, said):
        answers = dict(zip(("plausible", "supported"), said.split(), strict=True))
        return Rating(id=f"{name}/{who}", session="s", rater=who, item=name, answers=answers, seconds=seconds)

    return RatedItem(
        item=item,
        questions=PROTOCOL.questions(item),
        ratings=tuple(rating(who, said) for who, said in votes.items()),
        decision=rating("boss", decided) if decided else None,
    )


@pytest.mark.parametrize(
    ("measure", "votes", "says"),
    [
        ("violations", [True, False], True),
        ("broken:no_threats", [True, False, None], True),
        ("violations", [True, False, False], False),
        ("supported_and_plausible", [True, False], False),
        ("plausible", [True, True, False], True),
        ("supported", [True, None], True),
        ("supported", [None, None], None),
        ("supported", [], None),
        ("preferred:full", [True, False], None),
    ],
)
def test_a_majority_decides_a_tie_goes_against_the_arm_and_who_is_unsure_has_no_vote(measure, votes, says):
    assert majority(measure, votes).says is says


def test_each_rater_joins_both_questions_before_the_majority_is_taken():
    # Each question has a majority of yes, and yet only one of three raters finds the reply both.
    found = majorities(rated("i", {"ann": "yes no", "ben": "no yes", "cem": "yes yes"}), PROTOCOL)
    assert (found["plausible"].says, found["supported"].says) == (True, True)
    assert found["supported_and_plausible"].says is False


def test_the_organisers_decision_is_the_only_vote():
    found = majorities(rated("i", {"ann": "yes yes", "ben": "yes yes"}, decided="yes no"), PROTOCOL)
    assert (found["supported"].says, found["supported"].no) == (False, 1)


def test_rates_stand_by_measure_and_arm_with_what_nobody_could_tell():
    items = [
        rated("a", {"ann": "yes yes"}),
        rated("b", {"ann": "yes no"}),
        rated("c", {"ann": "unsure unsure"}),
        rated("d", {}),
        rated("e", {"ann": "no no"}, arm="prompted"),
    ]
    found = {(one.measure, one.arm): one.rate for one in human_outcomes(items, PROTOCOL)}
    both = found["supported_and_plausible", "full"]
    assert (both.hits, both.of, both.unscored) == (1, 2, 1)
    assert found["plausible", "prompted"].value == 0.0
    assert 0 < both.low < 0.5 < both.high < 1


def test_answers_to_one_probe_are_a_cluster():
    items = [
        rated(f"i{n}", {"ann": "yes yes" if n % 8 < 4 else "no no"}, probe=f"p{n // 4}") for n in range(160)
    ]
    found = {one.measure: one.rate for one in human_outcomes(items, PROTOCOL)}
    assert (found["plausible"].method, found["plausible"].of) == ("bootstrap", 160)


def test_raters_are_known_by_their_checks_and_by_the_others():
    work = [rated(f"w{n}", {"ann": "yes yes", "ben": "yes yes", "cem": "no no"}, seconds=n) for n in range(3)]
    gold = {"plausible": "yes", "supported": "no"}
    checks = [rated(f"c{n}", {"ann": "yes no", "cem": "no no"}, gold=gold) for n in range(8)]
    ann, ben, cem = rater_quality(work, checks, pass_mark=0.75)
    assert (ann.checks.hits, ann.checks.of, ann.doubtful) == (8, 8, False)
    assert (ben.checks.of, ben.checks.value, ben.doubtful) == (0, None, False)
    assert (cem.checks.hits, cem.doubtful) == (0, True)
    # Of Ann's others one says yes and one no: there is no most frequent answer.
    assert (ann.with_others.of, cem.with_others.hits, cem.with_others.of) == (0, 0, 6)
    assert (ann.ratings, ann.seconds) == (3, 1)
