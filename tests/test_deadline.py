from sparrow_lite.deadline import Deadline


def test_a_deadline_counts_down_and_never_below_zero():
    assert 0.0 < Deadline.after(5.0).remaining() <= 5.0
    past = Deadline.after(-1.0)
    assert past.passed()
    assert past.remaining() == 0.0


def test_the_sooner_of_two_deadlines_wins():
    deadline = Deadline.after(5.0)
    assert deadline.sooner(60.0) == deadline
    assert deadline.sooner(1.0).remaining() <= 1.0
