import pytest

from sparrow_lite.errors import PromptError
from sparrow_lite.prompts import Prompt, read_prompt


@pytest.mark.parametrize("values", [{}, {"name": "Ada", "extra": "x"}, {"other": "x"}])
def test_a_missing_or_extra_field_is_refused_by_name(values):
    with pytest.raises(PromptError, match="name"):
        Prompt(name="greet", text="Hello {name}").fill(**values)


def test_braces_that_are_doubled_are_words():
    assert Prompt(name="form", text='{{"a": "{value}"}}').fill(value="b") == '{"a": "b"}'


def test_the_version_changes_with_the_words_and_only_with_them():
    one, same, other = (
        Prompt(name=name, text=text).version for name, text in [("a", "x"), ("b", "x"), ("a", "y")]
    )
    assert one == same != other
    assert len(one) == 12


def test_a_prompt_of_the_users_own_comes_first(tmp_path):
    (tmp_path / "preamble.md").write_text("Mine.\n")
    assert read_prompt("preamble", own_dir=tmp_path).text == "Mine."
    assert read_prompt("decide", own_dir=tmp_path).fields == {"dialogue"}


@pytest.mark.parametrize("content", [b"\xff\xfe", b"{unclosed", b"{0!x}}"])
def test_a_malformed_prompt_is_refused_when_it_is_read(tmp_path, content):
    (tmp_path / "preamble.md").write_bytes(content)
    with pytest.raises(PromptError, match="preamble"):
        read_prompt("preamble", own_dir=tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("answer.md", "Be {tone}.", "tone"),
        ("decide.md", "Decide.", "dialogue"),
        ("example.md", "User: Hi {name}", "name"),
    ],
)
def test_other_places_than_the_shipped_ones_are_refused(tmp_path, name, text, told):
    (tmp_path / name).write_text(text)
    with pytest.raises(PromptError, match=told) as error:
        read_prompt(name.removesuffix(".md"), own_dir=tmp_path)
    assert name in str(error.value)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("anwser.md", "answer.md"),
        ("Rules.yaml", "rules.yaml"),
        ("zzz.md", "known are"),
        ("answer.MD", "answer.md"),
    ],
)
def test_a_file_that_stands_in_for_none_is_refused_with_the_nearest_name(tmp_path, name, nearest):
    (tmp_path / name).write_text("x")
    with pytest.raises(PromptError, match=nearest) as error:
        read_prompt("preamble", own_dir=tmp_path)
    assert name in str(error.value)


@pytest.mark.parametrize("name", ["README.md", "rules.yaml", "notes.txt", ".hidden"])
def test_other_files_of_the_folder_are_left_alone(tmp_path, name):
    (tmp_path / name).write_text("x")
    assert read_prompt("preamble", own_dir=tmp_path) == read_prompt("preamble")


def test_a_prompt_that_is_nowhere_is_refused():
    with pytest.raises(PromptError, match="no_such"):
        read_prompt("no_such")
