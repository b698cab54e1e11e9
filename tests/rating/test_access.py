"""Links and sign-ins: signed, expiring, revocable; a guess is refused in the same words whatever it was."""

import base64
import json
import time

import pytest
from argon2 import PasswordHasher

from sparrow_lite.errors import StoreError
from sparrow_lite.rating import access
from sparrow_lite.rating.access import AccessDenied
from sparrow_lite.rating.accounts import Accounts, Role
from sparrow_lite.rating.values import RaterState

SECRET, OTHER = b"a secret of at least 32 characters", b"another one, just as long as that.."
NOW = 1_800_000_000.0


@pytest.fixture
def clock(monkeypatch):
    """The time, which the test sets: `clock(seconds)` after NOW."""

    def set_to(seconds):
        monkeypatch.setattr(time, "time", lambda: NOW + seconds)

    set_to(0)
    return set_to


@pytest.fixture
def accounts(store):
    made = Accounts(store, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made.add("Org", "a long password", Role.ORGANISER)
    return made


def test_a_link_opens_for_its_rater_until_it_expires(store, fill, clock):
    fill(store)
    token = access.sign_link(SECRET, "ann", 3600)
    clock(3599)
    assert access.open_link(store, SECRET, token) == store.rater("ann")
    clock(3600)
    with pytest.raises(AccessDenied):
        access.open_link(store, SECRET, token)


def test_a_revoked_link_is_dead_and_a_later_one_is_good(store, fill, clock):
    fill(store)
    old, bens = access.sign_link(SECRET, "ann", 3600), access.sign_link(SECRET, "ben", 3600)
    clock(10)
    access.revoke_links(store, "ann")
    clock(11)
    new = access.sign_link(SECRET, "ann", 3600)
    with pytest.raises(AccessDenied):
        access.open_link(store, SECRET, old)
    assert access.open_link(store, SECRET, new).id == "ann"
    assert access.open_link(store, SECRET, bens).id == "ben"


def test_a_link_signed_in_the_moment_of_the_revocation_is_dead(store, fill, clock):
    fill(store)
    token = access.sign_link(SECRET, "ann", 3600)
    access.revoke_links(store, "ann")
    with pytest.raises(AccessDenied):
        access.open_link(store, SECRET, token)


def test_the_link_of_a_replaced_rater_is_dead(store, fill, clock):
    fill(store)
    store.set_rater_state("ann", RaterState.REPLACED)
    with pytest.raises(AccessDenied):
        access.open_link(store, SECRET, access.sign_link(SECRET, "ann", 3600))


def test_links_of_nobody_are_not_revoked(store):
    with pytest.raises(StoreError):
        access.revoke_links(store, "nobody")


def forged(claim):
    return base64.urlsafe_b64encode(json.dumps(claim).encode()).decode().rstrip("=")


GUESSES = {
    "empty": lambda: "",
    "the rater's id": lambda: "ann",
    "words": lambda: "open sesame",
    "unsigned": lambda: forged(["ann", NOW, NOW + 60]),
    "unsigned with a dot": lambda: forged(["ann", NOW, NOW + 60]) + ".",
    "the signature of another": lambda: (
        forged(["ann", NOW, NOW + 60]) + "." + access.sign_link(SECRET, "ben", 60).rsplit(".", 1)[1]
    ),
    "one letter changed": lambda: access.sign_link(SECRET, "ann", 60)[:-2] + "AA",
    "cut short": lambda: access.sign_link(SECRET, "ann", 60)[:-1],
    "another secret": lambda: access.sign_link(OTHER, "ann", 60),
    "a sign-in": lambda: access.sign_sign_in(SECRET, "ann", 60),
    "a rater who is not": lambda: access.sign_link(SECRET, "nobody", 60),
    "expired": lambda: access.sign_link(SECRET, "ann", -1),
    "never ends": lambda: access.sign_link(SECRET, "ann", float("inf")),
    "no number": lambda: access.sign_link(SECRET, "ann", float("nan")),
    "not of ASCII": lambda: "größe.\ud800\x00",
    "far too long": lambda: access.sign_link(SECRET, "ann" * 1000, 60),
}


@pytest.mark.parametrize("guess", GUESSES)
def test_a_guessed_link_gives_nothing_and_learns_nothing(store, fill, clock, guess):
    fill(store)
    with pytest.raises(AccessDenied) as refusal:
        access.open_link(store, SECRET, GUESSES[guess]())
    assert str(refusal.value) == "This link does not work (any more): ask the organiser for a new one."


def test_a_link_from_a_clock_far_ahead_is_refused(store, fill, clock):
    fill(store)
    clock(3600)
    token = access.sign_link(SECRET, "ann", 7200)
    clock(0)
    with pytest.raises(AccessDenied):
        access.open_link(store, SECRET, token)


def test_a_link_is_safe_in_an_address(store):
    token = access.sign_link(SECRET, "ann", 3600)
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_a_sign_in_opens_until_it_expires(store, accounts, clock):
    token = access.sign_sign_in(SECRET, "Org", 3600)
    clock(3599)
    assert access.open_sign_in(store, SECRET, token).role is Role.ORGANISER
    clock(3600)
    with pytest.raises(AccessDenied):
        access.open_sign_in(store, SECRET, token)


@pytest.mark.parametrize(
    "end",
    [
        lambda accounts: accounts.set_password("Org", "another password"),
        lambda accounts: accounts.set_disabled("Org", True),
        lambda accounts: accounts.sign_out("Org"),
    ],
)
def test_a_sign_in_ends_with_its_password_its_account_and_everywhere_at_once(store, accounts, clock, end):
    token = access.sign_sign_in(SECRET, "Org", 3600)
    clock(1)
    end(accounts)
    clock(2)
    with pytest.raises(AccessDenied):
        access.open_sign_in(store, SECRET, token)


@pytest.mark.parametrize(
    "guess",
    [lambda: "Org", lambda: access.sign_link(SECRET, "Org", 60), lambda: forged(["Org", NOW, NOW + 9])],
)
def test_a_guessed_sign_in_gives_nothing(store, accounts, clock, guess):
    clock(1)
    with pytest.raises(AccessDenied):
        access.open_sign_in(store, SECRET, guess())
