import pytest

from sparrow_lite.support.claims import is_claim, says_it_lacks


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
        ("I don't know.", False),
        ("I don’t know who built Varn.", False),
        ("The sources don't say who built the Varn bridge.", False),
        ("Unfortunately, the sources do not say who built the Varn bridge.", False),
        ("I read that no bridge stands in Varn.", True),
        ("I do not doubt that Mount Everest is in Peru.", True),
        ("The results were not good for Brazil.", True),
        ("The results show no sign of life.", True),
        ("I am able to say that the tower leans.", False),
    ],
)
def test_only_words_about_the_world_need_evidence(sentence, claim):
    assert is_claim(sentence) is claim


@pytest.mark.parametrize(
    ("sentence", "lacks"),
    [
        ("I don't know.", True),
        ("I do not know the answer.", True),
        ("I’m not able to find that.", True),
        ("I was unable to find it.", True),
        ("Sorry, I could not find that in the passages.", True),
        ("The sources do not contain this.", True),
        ("The provided passages don't mention who built it.", True),
        ("The evidence contains no answer.", True),
        ("None of the sources say this.", True),
        ("There is no information about this in the sources.", True),
        ("This is not stated in the passages.", True),
        ("Hello there!", False),
        ("Which Varn do you mean?", False),
        ("The tower is not in London.", False),
        ("I am able to say that the tower leans.", False),
        ("The sources say that the tower is in Paris.", False),
    ],
)
def test_words_that_say_that_the_answer_is_not_there_are_known(sentence, lacks):
    assert says_it_lacks(sentence) is lacks
