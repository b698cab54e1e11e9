"""Sessions made of a run or a file, and extended."""

import pytest

NEW = {"name": "Spring", "protocol": "plausible_supported", "raters": ["Ann", "Ben"], "qualification": False}


def test_a_session_is_made_of_a_run_and_shows_which(site, organiser, write_run):
    write_run("spring", questions=12)
    offered = organiser.get("/choices").json()
    assert {"name": "spring", "cases": 12, "suites": ["facts"], "arms": ["full"], "judges": ["trained"]} in (
        offered["runs"]
    )
    assert len(offered["protocols"]) == 4
    made = organiser.post("/sessions", json={**NEW, "source": {"run": "spring"}}).json()
    assert (made["items"], made["raters"]) == (12, 2)
    assert organiser.get(f"/sessions/{made['session']}").json()["runs"] == ["spring"]
    assert site.store.audit_log(made["session"])[0].who == "olga"


def test_only_the_cases_that_narrow_the_interval_most_are_taken(organiser, write_run):
    write_run("next", questions=30, supported=15)
    source = {"run": "next", "next_for": "supported_and_plausible"}
    made = organiser.post("/sessions", json={**NEW, "source": source, "limit": 10}).json()
    assert made["items"] == 10


def test_a_session_is_made_of_a_file_and_extended_by_another(site, organiser, make_rows, as_lines):
    made = organiser.post("/sessions", json={**NEW, "source": {"lines": as_lines(make_rows(4))}}).json()
    path = f"/sessions/{made['session']}/extend"
    more = {"raters": ["Cem"], "source": {"lines": as_lines(make_rows(7))}}
    assert organiser.post(path, json=more).json() == {
        "session": made["session"],
        "items": 3,
        "raters": 1,
        "notes": [],
    }
    again = organiser.post(path, json=more)
    assert (again.status_code, "'Cem'" in again.json()["fault"]) == (400, True)
    assert organiser.post(path, json={"overlap": 1}).status_code == 200
    assert site.store.session(made["session"]).overlap == 3


def test_probing_needs_no_rows(organiser):
    new = {**NEW, "protocol": "probing", "rules": ["no_threats"], "arms": ["refuses"], "dialogues": 2}
    assert organiser.post("/sessions", json=new).json()["items"] == 2


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "Choose a run or a file"),
        ({"source": {"run": "none"}}, "no run 'none'"),
        ({"source": {"run": "../spring"}}, "no run"),
        ({"source": {"run": "/etc"}}, "no run"),
        ({"source": {"run": "\0"}}, "no run"),
        ({"source": {"lines": "no JSON\n"}}, "ine 1 is not JSON"),
        ({"source": {"lines": '{"question": "Why?"}\n'}}, "reply"),
        ({"source": {"lines": ""}}, "No row"),
        ({"source": {"path": "/etc/passwd"}}, "source.path"),
        ({"source": {"lines": "{}"}, "protocol": "guessing"}, "no rating protocol"),
        ({"source": {"lines": "{}"}, "overlap": 0}, "overlap"),
        ({"source": {"lines": "{}"}, "checks": 1.0}, "checks"),
        ({"source": {"lines": "{}"}, "accounts": ["nobody"]}, "no account 'nobody'"),
        ({"source": {"lines": "{}"}, "arms": ["no such arm"]}, "no such arm"),
        ({"source": {"lines": "{}"}, "settings": {"prompts_dir": "/etc"}}, "settings"),
    ],
)
def test_what_cannot_be_made_is_told_without_where_files_lie(site, organiser, changed, told):
    came = organiser.post("/sessions", json={**NEW, **changed})
    assert came.status_code == 400
    assert told in came.json()["fault"]
    assert "/tmp" not in came.json()["fault"]


def test_too_few_raters_are_told(organiser, make_rows, as_lines):
    source = {"lines": as_lines(make_rows(2))}
    came = organiser.post("/sessions", json={**NEW, "overlap": 5, "source": source})
    assert came.status_code == 400


def test_a_raters_account_is_made_and_takes_a_seat(site, organiser, make_rows, as_lines):
    account = {"name": "sven", "password": "sven's long password"}
    assert organiser.post("/accounts", json=account).json()["role"] == "rater"
    assert (
        organiser.post("/accounts", json={**account, "name": "eve", "password": "short"}).status_code == 400
    )
    assert "sven" in organiser.get("/choices").json()["accounts"]
    new = {**NEW, "accounts": ["sven"], "source": {"lines": as_lines(make_rows(2))}}
    made = organiser.post("/sessions", json=new).json()
    assert [one.account for one in site.store.raters(made["session"])] == [None, None, "sven"]
