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
        ("Great!", False),
        ("Sure, here you go.", False),
        ("I could not find when Paris was founded.", False),
        ("The passages do not say who built the Varn bridge.", False),
        ("Would you like to hear about Paris?", False),
        ("## Height", False),
        ("Great Britain climbed Mount Everest in 1802.", True),
        ("Sure, Mount Everest is 12,345 metres high.", True),
        ("Of course, it was first climbed in 1750 by Bob.", True),
        ("I found that it is 12,345 metres high.", True),
        ("My sources say that Mount Everest is in Peru.", True),
        ("Here is the answer: it measures 12,345 metres.", True),
        ("It is 12,345 metres high, right?", True),
    ],
)
def test_only_words_about_the_world_need_evidence(sentence, claim):
    assert is_claim(sentence) is claim
