"""The conversations' file: round trips, owners, durability, deletion."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from sparrow_lite.attempts import Attempt, Opening
from sparrow_lite.conversations import Conversations
from sparrow_lite.errors import StoreError
from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.reply import AbstainReason, Candidate, Fate, Reply, Score, SearchRecord, Sentence
from sparrow_lite.verdict import Citation, Outcome, SupportOutcome, Verdict


def full_reply(text: str = "Rain [1]") -> Reply:
    """A reply with something in every field."""
    page = Page.of(
        url="https://a.example/", title="A", text="Rain falls. " * 9, opened_at="2026-01-01T00:00:00+00:00",
        flags=("addresses_assistant",),
    )  # fmt: skip
    citation = Citation(
        id=1, sentence="Rain", url=page.url, title="A", quote="Rain", start=0, end=4,
        verdict=SupportOutcome.SUPPORTED, support=0.5, missing=("1989",), judge="j",
    )  # fmt: skip
    verdict = Verdict(rule="r", outcome=Outcome.UNSCORED, probability=None, judge="j", reason="why")
    candidate = Candidate(
        draft="d", text=text, with_evidence=True,
        sentences=(Sentence(text="Rain", ids=(1,), fate=Fate.SOFTENED, reason="r"),),
        citations=(citation,), verdicts=(verdict,),
        score=Score(preference=0.1, evidence=None, rules=0.2, total=0.3), revises=0, error="e",
    )  # fmt: skip
    return Reply(
        text=text, citations=(citation,), evidence=(Evidence(id=1, page=page, start=0, end=11, score=1.5),),
        abstained=AbstainReason.NO_RESULTS, verdicts=(verdict,),
        search=SearchRecord(
            queries=("q",), backend="b", attempts=(Attempt(backend="b", outcome="ok", cached=True),),
            openings=(Opening(url="u", title="t", reason="timeout", detail="d"),), why="w",
        ),
        model="m", candidates=(candidate,), chosen=0, prompt_versions=(("p", "abc"),), seconds=1.25,
    )  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "conversations.sqlite"


@pytest.fixture
def store(path: Path) -> Conversations:
    return Conversations.open(path)


def _asked(store: Conversations, owner: str = "ann") -> tuple[str, int]:
    conversation = store.start(owner, title="Why  does\nit rain?", model="m", search="s")
    return conversation, store.ask(conversation, "Why does it rain?", model="m", search="s")


def test_a_reply_comes_back_equal_after_a_restart(store: Conversations, path: Path) -> None:
    conversation, exchange = _asked(store)
    store.finish(exchange, full_reply())
    store.close()
    read = Conversations.open(path).read("ann", conversation)
    assert read is not None
    assert read.exchanges[0].reply == full_reply()
    assert read.title == "Why does it rain?"


def test_a_question_is_on_disk_before_its_turn_starts(store: Conversations, path: Path) -> None:
    _asked(store)
    # A second connection sees only what was committed, as a restart after a crash would.
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT question, reply FROM exchanges").fetchall() == [
            ("Why does it rain?", None)
        ]
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_other_people_see_change_and_delete_nothing(store: Conversations) -> None:
    conversation, _ = _asked(store, "ann")
    assert store.list("bob") == ()
    assert store.read("bob", conversation) is None
    assert not store.rename("bob", conversation, "mine")
    assert not store.delete("bob", conversation)
    assert [line.title for line in store.list("ann")] == ["Why does it rain?"]


def test_the_latest_touched_comes_first(store: Conversations) -> None:
    first, _ = _asked(store)
    second, _ = _asked(store)
    store.ask(first, "Again?", model="m", search="s")
    assert {line.id for line in store.list("ann")} == {first, second}
    lines = store.list("ann")
    assert lines[0].touched_at >= lines[1].touched_at


def test_the_text_of_a_page_is_kept_once_and_goes_with_its_last_reader(
    store: Conversations, path: Path
) -> None:
    first, one = _asked(store)
    second, two = _asked(store)
    store.finish(one, full_reply())
    store.finish(two, full_reply("Other [1]"))

    def pages() -> int:
        with sqlite3.connect(path) as other:
            return int(other.execute("SELECT count(*) FROM pages").fetchone()[0])

    assert pages() == 1
    store.delete("ann", first)
    assert pages() == 1
    store.delete("ann", second)
    assert pages() == 0


def test_a_retry_that_is_stopped_keeps_the_earlier_reply(store: Conversations) -> None:
    conversation, exchange = _asked(store)
    store.finish(exchange, full_reply())
    store.stop(exchange, "You stopped this turn.")
    read = store.read("ann", conversation)
    assert read is not None
    assert read.exchanges[0].reply == full_reply()
    assert read.exchanges[0].stopped == "You stopped this turn."


def test_a_turn_that_ends_after_its_conversation_was_deleted_is_dropped(store: Conversations) -> None:
    conversation, exchange = _asked(store)
    store.delete("ann", conversation)
    store.finish(exchange, full_reply())
    assert store.list("ann") == ()
    with pytest.raises(StoreError, match="deleted"):
        store.ask(conversation, "Still there?", model="m", search="s")


def test_the_transcript_leaves_out_questions_without_a_reply(store: Conversations) -> None:
    conversation, first = _asked(store)
    store.finish(first, full_reply())
    store.ask(conversation, "Stopped one", model="m", search="s")
    last = store.ask(conversation, "And snow?", model="m", search="s")
    read = store.read("ann", conversation)
    assert read is not None
    said = [(turn.role.value, turn.text) for turn in read.transcript_for(last).turns]
    assert said == [("user", "Why does it rain?"), ("sparrow", "Rain [1]"), ("user", "And snow?")]


def test_a_file_of_a_newer_version_is_refused(store: Conversations, path: Path) -> None:
    store.close()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="newer version"):
        Conversations.open(path)


def test_a_file_that_is_no_database_is_named_in_the_error(tmp_path: Path) -> None:
    path = tmp_path / "conversations.sqlite"
    path.write_text("not a database, but long enough to be read as one" * 20)
    with pytest.raises(StoreError, match=r"conversations\.sqlite cannot be opened"):
        Conversations.open(path)


@pytest.mark.parametrize(("title", "kept"), [("  ", False), ("New\n name", True)])
def test_a_rename_needs_a_title(store: Conversations, title: str, kept: bool) -> None:
    conversation, _ = _asked(store)
    assert store.rename("ann", conversation, title) is kept
    assert store.list("ann")[0].title == ("New name" if kept else "Why does it rain?")


def test_two_replies_of_one_exchange_leave_the_last(store: Conversations) -> None:
    conversation, exchange = _asked(store)
    store.finish(exchange, full_reply())
    store.finish(exchange, replace(full_reply(), text="Better [1]", evidence=(), citations=()))
    read = store.read("ann", conversation)
    assert read is not None
    assert read.exchanges[0].reply is not None
    assert read.exchanges[0].reply.text == "Better [1]"
