"""Every step from an older form to the newest, with rows in it; the steps make what `tables` says."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, text

from sparrow_lite.errors import StoreError
from sparrow_lite.rating import access
from sparrow_lite.rating.database import Database, migrate, steps
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.tables import Base
from sparrow_lite.rating.values import Assignment, RaterState, SessionState, Stage

# What the first form held; a later form's columns have defaults, or the test does not pass.
AT = "2026-01-02T03:04:05+00:00"
ROWS = {
    "sessions": {
        "id": "s",
        "name": "Study",
        "protocol": "rule_rating",
        "state": "open",
        "overlap": 1,
        "checks": 0.1,
        "seed": 7,
        "pass_mark": 0.75,
        "offensive": True,
        "created_at": AT,
        "settings": '{"rules":["no_insults"]}',
    },
    "items": {
        "session": "s",
        "id": "s-i0",
        "ordinal": 0,
        "stage": "work",
        "body": '{"question":"Gr\\u00f6\\u00dfe?"}',
        "origin": "{}",
        "gold": None,
        "explanation": '""',
    },
    "raters": {
        "id": "ann",
        "session": "s",
        "ordinal": 0,
        "name": "Ann",
        "state": "working",
        "account": None,
        "replaces": None,
    },
    "assignments": {"rater": "ann", "place": 0, "session": "s", "item": "s-i0"},
    "ratings": {
        "id": "rating-0",
        "session": "s",
        "seat": "ann",
        "item": "s-i0",
        "number": 0,
        "rater": "ann",
        "replaces": None,
        "adjudicates": False,
        "withdrawn": False,
        "seconds": 2.5,
        "made_at": AT,
        "said": '{"answers":{"no_insults":"surely_kept"},"comment":"","skipped":null,"dialogue":[]}',
    },
    "drafts": {
        "rater": "ann",
        "item": "s-i0",
        "body": '{"comment":"a"}',
        "kept_at": AT,
    },
    "audit": {
        "session": "s",
        "at": AT,
        "who": "Org",
        "what": "create",
        "about": "s",
    },
}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path}/ratings.sqlite"


@pytest.fixture
def older(empty_url):
    """A function that makes the database as this step left it, with rows: `older("0001")`."""

    def make(step):
        engine = create_engine(empty_url)
        with engine.begin() as connection:
            migrate(connection, step)
            found = MetaData()
            found.reflect(connection)
            for name, row in ROWS.items():
                connection.execute(found.tables[name].insert(), row)
        engine.dispose()

    return make


def test_each_step_names_the_one_before_and_its_file():
    config = Config()
    config.set_main_option("script_location", "src/sparrow_lite/rating/migrations")
    found = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(found)) == steps()


@pytest.mark.parametrize("step", steps())
def test_an_older_database_is_brought_to_the_newest_form_with_all_its_rows(empty_url, older, give, step):
    older(step)
    store = RatingStore.open(empty_url)
    session = store.session("s")
    assert (session.state, session.offensive, session.settings) == (
        SessionState.OPEN,
        True,
        {"rules": ["no_insults"]},
    )
    assert store.item("s", "s-i0").body == {"question": "Größe?"}
    assert store.item("s", "s-i0").stage is Stage.WORK
    assert store.rater("ann").state is RaterState.WORKING
    assert store.assignments("ann") == (Assignment(rater="ann", item="s-i0", place=0),)
    (rating,) = store.current("s", "ann")
    assert (rating.id, rating.answers) == ("rating-0", {"no_insults": "surely_kept"})
    assert store.draft("ann", "s-i0") == {"comment": "a"}
    assert [one.what for one in store.audit_log("s")] == ["create"]
    store.save(give("ann", id="rating-next", replaces="rating-0"))
    assert len(store.history("s")) == 2
    store.close()


def test_links_signed_before_they_could_be_revoked_stay_good(empty_url, older):
    older("0001")
    store = RatingStore.open(empty_url)
    assert access.open_link(store, b"s" * 32, access.sign_link(b"s" * 32, "ann", 60)).id == "ann"
    store.close()


def test_the_steps_make_the_tables_that_are_declared(empty_url):
    database = Database.open(empty_url)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(empty_url):
    database = Database.open(empty_url)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version"):
        RatingStore.open(empty_url)
    with database.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
    database.close()


def test_a_new_database_opened_many_times_at_once_is_made_once(empty_url):
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(RatingStore.open, [empty_url] * 6))
    for store in stores:
        assert store.sessions() == ()
        store.close()


def test_a_step_that_fails_leaves_the_older_form(empty_url, older, monkeypatch):
    older("0001")
    monkeypatch.setattr("alembic.op.add_column", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        RatingStore.open(empty_url)
    monkeypatch.undo()
    store = RatingStore.open(empty_url)
    assert len(store.history("s")) == 1
    store.close()
