import logging
import threading

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from sparrow_lite.errors import ConfigError, StoreError
from sparrow_lite.rating.accounts import Account, Accounts, Role, SignInRefused
from sparrow_lite.rating.throttle import SignInThrottle

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "a long password"


@pytest.fixture
def accounts(store):
    return Accounts(store, hasher=QUICK)


def hashes(store):
    with store.database.reading() as connection:
        return dict(connection.execute(text("SELECT name, password_hash FROM accounts")).all())


def test_an_account_signs_in_with_its_password_only(store, accounts):
    made = accounts.add("Ann", PASSWORD, Role.RATER)
    assert made == Account(name="Ann", role=Role.RATER, disabled=False)
    assert accounts.sign_in("Ann", PASSWORD, "127.0.0.1") == made
    for name, password in (("Ann", PASSWORD.upper()), ("Ben", PASSWORD), ("Ann", ""), ("", PASSWORD)):
        with pytest.raises(SignInRefused, match="name or the password"):
            accounts.sign_in(name, password, "127.0.0.1")


def test_a_password_is_kept_as_an_argon2id_hash_of_its_own_salt(store):
    accounts = Accounts(store)
    accounts.add("Ann", PASSWORD, Role.RATER)
    accounts.add("Ben", PASSWORD, Role.RATER)
    kept = hashes(store)
    assert all(one.startswith("$argon2id$v=19$m=65536,t=3,p=4$") for one in kept.values())
    assert kept["Ann"] != kept["Ben"]
    with store.database.reading() as connection:
        rows = connection.execute(text("SELECT * FROM accounts")).all()
    assert PASSWORD not in str(rows)
    assert accounts.sign_in("Ann", PASSWORD, "127.0.0.1").name == "Ann"


def test_neither_a_refusal_nor_the_audit_nor_a_log_has_the_password(store, accounts, caplog):
    accounts.add("Ann", PASSWORD, Role.RATER)
    with caplog.at_level(logging.DEBUG), pytest.raises(SignInRefused) as refusal:
        accounts.sign_in("Ann", "wrong but secret", "127.0.0.1")
    accounts.sign_in("Ann", PASSWORD, "127.0.0.1")
    told = f"{refusal.value} {store.audit_log()} {caplog.text}"
    assert "wrong but secret" not in told
    assert PASSWORD not in told
    assert [(one.who, one.what, one.about) for one in store.audit_log()] == [
        ("Ann", "fail to sign in", "127.0.0.1"),
        ("Ann", "sign in", "127.0.0.1"),
    ]


@pytest.mark.parametrize("password", ["", "short", "x" * 9, "x" * 201])
def test_a_password_is_neither_short_nor_endless(accounts, password):
    with pytest.raises(ConfigError, match="10 to 200"):
        accounts.add("Ann", password, Role.RATER)


def test_a_longer_password_that_begins_as_the_right_one_is_wrong(accounts):
    accounts.add("Ann", "x" * 200, Role.RATER)
    with pytest.raises(SignInRefused):
        accounts.sign_in("Ann", "x" * 201, "127.0.0.1")


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "nul \x00", "half \ud83d", "\u202e evil"])
def test_a_name_is_printable_and_short(accounts, name):
    with pytest.raises(ConfigError, match="printable"):
        accounts.add(name, PASSWORD, Role.RATER)
    with pytest.raises(SignInRefused):
        accounts.sign_in(name, PASSWORD, "127.0.0.1")


def test_a_name_is_taken_once_however_it_is_written(accounts):
    accounts.add("Ann  Größe", PASSWORD, Role.RATER)
    with pytest.raises(ConfigError, match="already"):
        accounts.add(" Ann Gro\u0308ße", PASSWORD, Role.ORGANISER)
    assert accounts.sign_in("Ann Größe", PASSWORD, "127.0.0.1").role is Role.RATER
    assert [one.name for one in accounts.all()] == ["Ann Größe"]


def test_a_password_is_the_same_however_its_letters_are_put_together(accounts):
    accounts.add("Ann", "gr\u00f6\u00dfer als gro\u00df", Role.RATER)
    assert accounts.sign_in("Ann", "gro\u0308\u00dfer als gro\u00df", "127.0.0.1")


def test_another_password_is_the_only_one_and_a_disabled_account_stays_out(accounts):
    accounts.add("Ann", PASSWORD, Role.RATER)
    accounts.set_password("Ann", "another password")
    with pytest.raises(SignInRefused):
        accounts.sign_in("Ann", PASSWORD, "127.0.0.1")
    assert accounts.sign_in("Ann", "another password", "127.0.0.1")
    accounts.set_disabled("Ann", True)
    with pytest.raises(SignInRefused, match="name or the password"):
        accounts.sign_in("Ann", "another password", "127.0.0.1")
    accounts.set_disabled("Ann", False)
    assert accounts.sign_in("Ann", "another password", "127.0.0.1")


def test_what_is_asked_of_an_account_that_is_not_there_is_an_error(accounts):
    for change in (accounts.sign_out, lambda name: accounts.set_password(name, PASSWORD)):
        with pytest.raises(StoreError):
            change("nobody")


def test_a_weak_old_hash_is_made_again_at_the_next_sign_in(store, accounts):
    accounts.add("Ann", PASSWORD, Role.RATER)
    before = hashes(store)["Ann"]
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    assert Accounts(store, hasher=stronger).sign_in("Ann", PASSWORD, "127.0.0.1")
    after = hashes(store)["Ann"]
    assert (before != after, "m=16,t=2" in after) == (True, True)
    assert Accounts(store, hasher=stronger).sign_in("Ann", PASSWORD, "127.0.0.1")
    assert hashes(store)["Ann"] == after


def test_guessing_one_password_is_slowed_down_and_another_address_is_not(store):
    now = [0.0]
    accounts = Accounts(store, hasher=QUICK, throttle=SignInThrottle(clock=lambda: now[0]))
    accounts.add("Ann", PASSWORD, Role.RATER)
    for _ in range(5):
        with pytest.raises(SignInRefused) as refusal:
            accounts.sign_in("Ann", "wrong password", "10.0.0.1")
        assert refusal.value.wait_seconds == 0.0
    with pytest.raises(SignInRefused, match="Too many") as refusal:
        accounts.sign_in("Ann", PASSWORD, "10.0.0.1")
    assert 0 < refusal.value.wait_seconds <= 60
    assert accounts.sign_in("Ann", PASSWORD, "10.0.0.2")
    now[0] += 61
    assert accounts.sign_in("Ann", PASSWORD, "10.0.0.1")
    assert [one.what for one in store.audit_log()].count("fail to sign in") == 5


def test_an_unknown_name_takes_the_same_work_as_a_known_one(store, monkeypatch):
    class Counting(PasswordHasher):
        verified = 0

        def verify(self, known, password):
            Counting.verified += 1
            return super().verify(known, password)

    accounts = Accounts(store, hasher=Counting(time_cost=1, memory_cost=8, parallelism=1))
    with pytest.raises(SignInRefused):
        accounts.sign_in("nobody", PASSWORD, "127.0.0.1")
    assert Counting.verified == 1


def test_of_two_who_take_one_name_at_once_one_gets_it(accounts):
    start, found = threading.Barrier(2), []

    def add(role):
        start.wait(30)
        try:
            found.append(accounts.add("Ann", PASSWORD, role))
        except ConfigError as error:
            found.append(error)

    threads = [threading.Thread(target=add, args=(role,)) for role in Role]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(isinstance(one, ConfigError) for one in found) == [False, True]
    assert len(accounts.all()) == 1
