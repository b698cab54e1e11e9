import pytest

from sparrow_lite.errors import ConfigError
from sparrow_lite.support import open_support_judge

PASSAGE = (
    "The Eiffel Tower stands in Paris. It was completed in 1889 for the World's Fair. "
    "It was not meant to be permanent. Visits rose by 12 percent last year."
)


@pytest.mark.parametrize(
    ("claim", "supported"),
    [
        ("The Eiffel Tower was completed in 1889.", True),
        ("The Eiffel Tower stands in Paris.", True),
        ("The Eiffel Tower was completed in 1925.", False),
        ("The Colosseum stands in Rome.", False),
        ("The Eiffel Tower was not completed in 1889.", False),
        ("Visits fell by 12 percent last year.", False),
        ("Penguins live in the southern half of the world.", False),
    ],
)
def test_the_lexical_judge_tells_held_claims_from_others(claim, supported):
    judge = open_support_judge("lexical")
    (score,) = judge.score(claim, [PASSAGE])
    assert (score >= judge.supported_at) is supported


def test_a_negation_lowers_the_score():
    judge = open_support_judge("lexical")
    kept, negated = (
        judge.score(claim, [PASSAGE])[0]
        for claim in ("It was not meant to be permanent.", "It was meant to be permanent.")
    )
    assert negated < kept


def test_a_claim_without_content_words_is_unscored():
    assert open_support_judge("lexical").score("It is so.", [PASSAGE, ""]) == [None, None]


def test_an_unknown_judge_is_refused_with_the_known_ones():
    with pytest.raises(ConfigError, match="lexical"):
        open_support_judge("oracle")
