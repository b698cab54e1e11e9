import pytest

from sparrow_lite.support.claims import is_claim


@pytest.mark.parametrize(
    ("sentence", "claim"),
    [
        ("The tower was completed in 1889.", True),
        ("Paris is the capital of France.", True),
        ("It was built by two brothers.", True),
        ("Hello there!", False),
        ("Would you like to know more?", False),
        ("I am a computer program.", False),
        ("I could not find that in the passages.", False),
        ("Could you tell me your city.", False),
        ("And so on.", False),
    ],
)
def test_only_words_about_the_world_need_evidence(sentence, claim):
    assert is_claim(sentence) is claim
