"""The database under stress: killed processes, a killed server, a full disk, wrong URLs."""

import base64
import os
import random
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import Engine, event, text

from sparrow_lite.errors import StoreError
from sparrow_lite.rating.store import RatingStore

# Saves ratings of one rater, item after item, and prints the id of each when it is acknowledged.
SAVER = """
import os, sys
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.values import Rating
store = RatingStore.open(os.environ["RATINGS"])
for item in range(int(sys.argv[1]), 5000):
    name = f"rating-{item}"
    store.save(Rating(id=name, session="s", rater="ann", item=f"s-i{item}", answers={"plausible": "yes"}))
    print(name, flush=True)
"""


def start_saver(url, first):
    command = [sys.executable, "-c", SAVER, str(first)]
    environment = {**os.environ, "RATINGS": url}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def test_a_process_killed_between_saves_loses_nothing_acknowledged_and_doubles_nothing(
    store, rating_url, fill, give
):
    fill(store, items=5000)
    acknowledged = []
    for _ in range(3):
        saver = start_saver(rating_url, len(acknowledged))
        acknowledged += [saver.stdout.readline().strip() for _ in range(15)]
        saver.send_signal(signal.SIGKILL)
        acknowledged += saver.stdout.read().split()
        saver.wait()
        kept = [one.id for one in store.history("s")]
        # The save under way may have been written and not been acknowledged; it is then sent again.
        assert kept[: len(acknowledged)] == acknowledged
        assert len(kept) - len(acknowledged) in (0, 1)
    assert len(acknowledged) >= 45
    last = len(acknowledged)
    sent = give("ann", last, id=f"rating-{last}", answers={"plausible": "yes"}, comment="", seconds=0.0)
    store.save(sent)
    store.save(sent)
    assert [one.id for one in store.history("s")] == [*acknowledged, sent.id]


def test_a_transaction_that_is_cut_off_leaves_nothing_behind(store, fill, give):
    fill(store)
    with suppress(KeyboardInterrupt), store.database.writing() as connection:
        connection.execute(text("UPDATE sessions SET name = 'Other'"))
        raise KeyboardInterrupt
    assert store.session("s").name == "Study"
    store.save(give())


def test_a_server_killed_while_raters_save_loses_nothing_acknowledged(postgres_url, fill, give):
    store = RatingStore.open(postgres_url)
    fill(store, items=400)
    with store.database.reading() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar()
    if not may_kill(pid):
        pytest.skip("The PostgreSQL server does not run on this machine, or is not ours to kill.")
    acknowledged, refused = [], []
    raters = []
    for name in ("ann", "ben"):
        ratings = [give(name, item) for item in range(400)]
        raters.append(threading.Thread(target=rate_on, args=(store, ratings, (acknowledged, refused))))
    for rater in raters:
        rater.start()
    while len(acknowledged) < 40:
        threading.Event().wait(0.01)
    # One process of the server that dies makes the server end all others, and recover from its log.
    os.kill(pid, signal.SIGKILL)
    for rater in raters:
        rater.join(120)
    assert refused
    assert len(acknowledged) > 40
    assert sorted(one.id for one in store.history("s")) == sorted(acknowledged)
    store.close()


def test_a_full_disk_refuses_a_save_and_keeps_all_that_was_acknowledged(store, fill, give):
    fill(store, items=400)
    draw = random.Random(7)
    saved, refused = [], None
    with full_disk(store):
        for item in range(400):
            sent = give("ann", item, comment=base64.b64encode(draw.randbytes(200_000)).decode())
            try:
                saved.append(store.save(sent))
            except StoreError as error:
                refused = (sent, str(error))
                break
        assert refused is not None
        assert "does not take what is written" in refused[1]
        assert refused[0].comment[:50] not in refused[1]
        # What was kept can be read while the disk is full.
        assert store.history("s") == tuple(saved)
    saved.append(store.save(refused[0]))
    assert store.history("s") == tuple(saved)
    assert len(saved) > 3


def test_a_full_disk_refuses_a_session_whole(store, fill):
    fill(store)
    with full_disk(store), pytest.raises(StoreError):
        fill(store, items=16_000, session="t")
    assert [one.id for one in store.sessions()] == ["s"]
    assert store.items("t") == store.raters("t") == ()


def rate_on(store, ratings, found):
    """Save one after the other, each until it is acknowledged; end some time after the first refusal."""
    _, refused = found
    for number, sent in enumerate(ratings):
        while not saved(store, sent, found):
            threading.Event().wait(0.1)
        if refused and number > 60:
            return


def saved(store, sent, found):
    acknowledged, refused = found
    try:
        acknowledged.append(store.save(sent).id)
    except StoreError as error:
        refused.append(error)
        return False
    return True


@contextmanager
def full_disk(store):
    """A disk that takes a megabyte more: SQLite's file, or any file of PostgreSQL, is kept from growing."""
    if store.database.engine.dialect.name == "sqlite":
        with most_pages(store):
            yield
    else:
        with most_bytes(store):
            yield


@contextmanager
def most_pages(store):
    with store.database.reading() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()

    def limit(connection, _record):
        connection.execute(f"PRAGMA max_page_count = {pages + 256}")

    event.listen(Engine, "connect", limit)
    store.database.engine.dispose()
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)
        store.database.engine.dispose()


@contextmanager
def most_bytes(store):
    with store.database.reading() as connection:
        segment = connection.execute(
            text("SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size'")
        ).scalar()
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar()
    if segment > 1 << 20:
        pytest.skip("The server's log is written in larger files than may be written here.")
    if not may_kill(pid) or not limit_files(pid, segment + (1 << 20)):
        pytest.skip("The PostgreSQL server does not run on this machine, or is not ours to limit.")
    try:
        yield
    finally:
        limit_files(pid, "unlimited")


def limit_files(pid, most):
    """Keep a process, as its own user, from making a file larger; return whether it could be done."""
    command = ["prlimit", "--pid", str(pid), f"--fsize={most}:"]
    who = Path(f"/proc/{pid}")
    # All of the process's ids, as the kernel asks for.
    its = {"user": who.owner(), "group": who.group(), "extra_groups": []} if os.geteuid() == 0 else {}
    return subprocess.run(command, **its, capture_output=True, check=False).returncode == 0


def may_kill(pid):
    """Whether this is a process of a PostgreSQL server of this machine that this user may signal."""
    try:
        os.kill(pid, 0)
        return "postgres" in Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return False


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("no url", "not a URL"),
        ("mysql://localhost/x", "known are sqlite"),
        ("sqlite://", "names no file"),
        ("postgresql+psycopg://nobody:geheim@127.0.0.1:1/x", "cannot be"),
        ("postgresql://nobody:geheim@127.0.0.1:1/x", "cannot be"),
    ],
)
def test_a_url_that_cannot_be_opened_is_an_error_without_its_password(url, fault):
    with pytest.raises(StoreError, match=fault) as error:
        RatingStore.open(url)
    assert "geheim" not in str(error.value)


def test_a_file_that_is_no_database_is_an_error(tmp_path):
    path = tmp_path / "ratings.sqlite"
    path.write_text("This is no database, however long it may be." * 100)
    with pytest.raises(StoreError, match="cannot be"):
        RatingStore.open(f"sqlite:///{path}")


def test_the_file_and_its_folder_are_its_owners_only(tmp_path):
    RatingStore.open(f"sqlite:///{tmp_path / 'new' / 'folder' / 'ratings.sqlite'}").close()
    path = tmp_path / "new" / "folder" / "ratings.sqlite"
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_commits_of_sqlite_wait_for_the_disk(tmp_path):
    store = RatingStore.open(f"sqlite:///{tmp_path / 'ratings.sqlite'}")
    with store.database.reading() as connection:
        found = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]
    store.close()


def test_commits_of_postgresql_wait_for_the_disk_where_the_server_is_set_not_to(postgres_url):
    url = sqlalchemy.make_url(postgres_url)
    lax = url.update_query_dict({"options": f"{url.query['options']} -csynchronous_commit=off"})
    store = RatingStore.open(lax.render_as_string(hide_password=False))
    with store.database.reading() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
    store.close()
