from concurrent.futures import ThreadPoolExecutor

import pytest

from sparrow_lite.rating.throttle import Buckets, SignInThrottle


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_bucket_gives_its_tokens_at_once_and_then_as_they_come_back():
    clock = Clock()
    buckets = Buckets(size=3, per_second=0.5, clock=clock)
    assert [buckets.take("ann") for _ in range(4)] == [0.0, 0.0, 0.0, 2.0]
    clock.now = 1.0
    assert buckets.take("ann") == pytest.approx(1.0)
    clock.now = 2.0
    assert [buckets.take("ann"), buckets.take("ann")] == [0.0, 2.0]


def test_a_refused_try_costs_nothing_and_a_bucket_holds_no_more_than_its_size():
    clock = Clock()
    buckets = Buckets(size=2, per_second=1, clock=clock)
    for _ in range(50):
        buckets.take("ann")
    clock.now = 1000.0
    assert [buckets.take("ann") for _ in range(3)] == [0.0, 0.0, 1.0]


def test_each_key_has_a_bucket_of_its_own_which_can_be_filled():
    buckets = Buckets(size=1, per_second=1, clock=Clock())
    assert [buckets.take("ann"), buckets.take("ben"), buckets.take("ann")] == [0.0, 0.0, 1.0]
    buckets.fill("ann")
    assert buckets.take("ann") == 0.0


def test_only_so_many_buckets_are_remembered():
    buckets = Buckets(size=1, per_second=1, most_keys=3, clock=Clock())
    for number in range(1000):
        buckets.take(str(number))
    assert buckets.take("999") == 1.0
    assert buckets.take("0") == 0.0
    assert len(buckets._buckets) == 3


def test_many_threads_get_no_more_than_there_is():
    buckets = Buckets(size=100, per_second=1, clock=Clock())
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _: buckets.take("ann"), range(1000)))
    assert waits.count(0.0) == 100


@pytest.mark.parametrize(
    ("who", "let_through"),
    [
        (lambda n: ("ann", "10.0.0.1"), 5),
        (lambda n: (f"name {n}", "10.0.0.1"), 30),
        (lambda n: ("ann", f"10.0.0.{n}"), 100),
        (lambda n: (f"name {n}", f"10.0.0.{n}"), 400),
    ],
)
def test_tries_are_bounded_by_pair_by_address_and_by_name(who, let_through):
    throttle = SignInThrottle(clock=Clock())
    assert [throttle.take(*who(n)) for n in range(400)].count(0.0) == let_through


def test_a_right_password_forgives_the_wrong_ones_before_it():
    throttle = SignInThrottle(clock=Clock())
    for _ in range(4):
        throttle.take("ann", "10.0.0.1")
    throttle.succeed("ann", "10.0.0.1")
    assert [throttle.take("ann", "10.0.0.1") for _ in range(6)].count(0.0) == 5


def test_many_people_sign_in_from_one_address_and_wrong_tries_between_still_count():
    throttle = SignInThrottle(clock=Clock())
    for number in range(200):
        assert throttle.take(f"person {number}", "10.0.0.1") == 0.0
        throttle.succeed(f"person {number}", "10.0.0.1")
    guesses = [throttle.take(f"guess {number}", "10.0.0.1") for number in range(40)]
    assert guesses.count(0.0) == 30
