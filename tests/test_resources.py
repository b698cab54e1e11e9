import pytest

from sparrow_lite.errors import ConfigError
from sparrow_lite.resources import find_file, shipped_dir, starter_corpus_dir


def test_what_ships_is_found():
    assert (shipped_dir("prompts") / "rules.yaml").is_file()
    assert shipped_dir("evals").is_dir()
    assert any(starter_corpus_dir().glob("*.md"))


def test_a_file_of_the_users_own_stands_in_for_the_shipped_one(tmp_path):
    (tmp_path / "preamble.md").write_text("mine")
    assert find_file("preamble.md", folder="prompts", own_dir=tmp_path).parent == tmp_path
    assert find_file("decide.md", folder="prompts", own_dir=tmp_path).parent == shipped_dir("prompts")


@pytest.mark.parametrize("name", ["no_such.md", "../pyproject.toml/x"])
def test_what_is_nowhere_is_refused_by_name(name):
    with pytest.raises(ConfigError, match="prompts"):
        find_file(name, folder="prompts", own_dir=None)


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="not a folder"):
        find_file("preamble.md", folder="prompts", own_dir=tmp_path / "gone")


def test_an_unknown_shipped_folder_is_refused():
    with pytest.raises(ConfigError, match="weights"):
        shipped_dir("weights")
