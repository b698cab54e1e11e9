import math

import pytest

from sparrow_lite.models.scoring import from_next_tokens, softmax


@pytest.mark.parametrize("shift", [0.0, -5000.0])
def test_softmax_sums_to_one_at_any_scale(shift: float) -> None:
    assert softmax([math.log(3) + shift, shift]) == pytest.approx((0.75, 0.25))


@pytest.mark.parametrize(
    ("tokens", "options", "expected"),
    [
        ({"yes": 0.6, "no": 0.2, "I": 0.1}, ("yes", "no"), (0.75, 0.25)),
        ({" Yes": 0.3, "YES": 0.3, "no": 0.2}, ("yes", "no"), (0.75, 0.25)),
        ({"y": 0.6, "n": 0.2}, ("yes", "no"), (0.75, 0.25)),
        ({"yes": 0.8, "I": 0.1, "A": 0.05}, ("yes", "no"), (0.8 / 0.85, 0.05 / 0.85)),
        ({"not": 0.9, "\n": 0.05}, ("yes", "no"), None),
        ({"no": 0.5, "not": 0.3, "none": 0.1}, ("not broken", "none"), (0.75, 0.25)),
        ({"": 0.5, " ": 0.4}, ("yes", "no"), None),
    ],
    ids=["plain", "case and space", "first letters", "one unseen", "neither", "shared start", "blank"],
)
def test_next_tokens_count_for_the_one_option_that_they_begin(
    tokens: dict[str, float], options: tuple[str, ...], expected: tuple[float, ...] | None
) -> None:
    logprobs = {token: math.log(share) for token, share in tokens.items()}
    scores = from_next_tokens(logprobs, options)
    assert scores == (expected and pytest.approx(expected))
