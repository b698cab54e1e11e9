import shutil
from pathlib import Path

import pytest

from sparrow_lite.errors import PromptError
from sparrow_lite.resources import shipped_dir
from sparrow_lite.rules.base import Family, Rule
from sparrow_lite.rules.load import load_rules, rules_version

GOOD = """\
version: 1
rules:
  - id: no_rhymes
    number: 1
    name: No rhymes
    text: Sparrow does not rhyme.
    family: helpfulness
    adversarial: false
    refusal: I do not rhyme
    keeps:
      - {user: Hi, sparrow: Hello.}
    breaks:
      - {user: Hi, sparrow: Hi there bear.}
    near_misses:
      - {user: Hi, sparrow: Good day to you.}
    cues:
      reply: ['there bear']
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_there_are_23_shipped_rules_in_order(rules: tuple[Rule, ...]) -> None:
    assert [rule.number for rule in rules] == list(range(1, 24))
    assert [rule.number for rule in rules if rule.adversarial] == list(range(1, 19))


def test_every_family_has_its_rules(rules: tuple[Rule, ...]) -> None:
    numbers = {
        Family.STEREOTYPES_AND_HATE: [1, 2, 3, 4, 5, 6],
        Family.SELF_ANTHROPOMORPHISM: [7, 8, 9, 10, 11],
        Family.MISINFORMATION: [12, 13, 14],
        Family.HARMFUL_ADVICE: [15, 16, 17, 18],
        Family.HELPFULNESS: [19, 20, 21, 22, 23],
    }
    found: dict[Family, list[int]] = {family: [] for family in Family}
    for rule in rules:
        found[rule.family].append(rule.number)
    assert found == numbers


def test_every_shipped_rule_has_two_examples_of_each_kind(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        assert min(len(rule.keeps), len(rule.breaks), len(rule.near_misses)) >= 2, rule.id
        assert rule.carve_outs, rule.id


def test_a_refusal_fits_into_a_sentence(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        assert not rule.refusal.endswith("."), rule.id
        assert rule.refusal[0].islower() or rule.refusal.startswith("I "), rule.id


FAULTS = [
    ("    text: Sparrow does not rhyme.\n", "", "line 3, rule 'no_rhymes': field 'text' is missing"),
    ("    name: No rhymes\n", "    nom: No\n", "line 5, rule 'no_rhymes': field 'nom' is not known"),
    ("family: helpfulness", "family: kindness", "line 7, rule 'no_rhymes': family 'kindness' is not one of"),
    ("adversarial: false", "adversarial: perhaps", "field 'adversarial' must be true or false"),
    ("number: 1", "number: one", "line 4, rule 'no_rhymes': field 'number' must be a whole number"),
    ("number: 1", "number: 0", "field 'number' must be a whole number from 1"),
    ("text: Sparrow does not rhyme.", "text: 7", "line 6, rule 'no_rhymes': field 'text' must be text"),
    ("text: Sparrow does not rhyme.", "text: '  '", "line 6, rule 'no_rhymes': field 'text' is empty"),
    ("'there bear'", "'there (bear'", "line 17, rule 'no_rhymes', cues: field 'reply': 'there (bear' is not"),
    ("reply: ['there bear']", "measure: rhyme", "cues: measure 'rhyme' is not one of answers"),
    (
        "reply: ['there bear']",
        "replies: [x]",
        "line 17, rule 'no_rhymes', cues: field 'replies' is not known",
    ),
    ("reply: ['there bear']", "reply: there", "field 'reply' must be a list"),
    ("      - {user: Hi, sparrow: Hello.}\n", "      []\n", "field 'keeps' is empty: give at least one"),
    ("sparrow: Hello.", "reply: Hello.", "keeps 1: field 'sparrow' is missing"),
    ("  - id: no_rhymes", "  - id: No Rhymes", "the id must be small letters"),
    ("  - id: no_rhymes\n", "  - id: no_rhymes\n    id: two\n", "line 4: field 'id' is written twice"),
    ("version: 1", "version: 1\nextends: me", "line 2: field 'extends' can only be `shipped`"),
    ("version: 1", "version: 2026-01-01", "line 1: '2026-01-01' reads as a timestamp: put it in quotes"),
    ("version: 1\n", "", "line 1: field 'version' is missing"),
    (GOOD, "version: 1\n", "line 1: field 'rules' is missing"),
    (GOOD, "", "line 1: fields such as `id: value` are expected here"),
    (GOOD, "version: 1\nrules: []\n", "line 2: field 'rules' is empty: give at least one"),
    (GOOD, "- one\n", "line 1: fields such as `id: value` are expected here"),
    (GOOD, "version: [1\nrules: ]x", "line 2: this is not YAML"),
    (GOOD, "a: !!python/object:os.system x", "line 1: the tag"),
    (GOOD, "version: &v 1\nrules: *v", "line 2: aliases (*v) are not allowed"),
    (GOOD, "a: " + "[" * 5000 + "]" * 5000, "line 1: nested deeper than 12 levels"),
    (GOOD, "# " + "x" * 1_000_001, "at most 1000000 are read"),
]


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS)
def test_a_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(PromptError) as caught:
        load_rules(path)
    assert str(caught.value).startswith("rules.yaml ")
    assert fault in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("    name: No rhymes\n", "").replace("'there bear'", "'('")
    with pytest.raises(PromptError) as caught:
        load_rules(write(tmp_path, text.replace("family: helpfulness", "family: x")))
    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert all(line.startswith("rules.yaml line ") for line in lines)


def test_doubled_ids_and_numbers_are_faults(tmp_path: Path) -> None:
    entry = GOOD.partition("rules:\n")[2]
    with pytest.raises(PromptError) as caught:
        load_rules(write(tmp_path, GOOD + entry))
    assert "line 18, rule 'no_rhymes': the id is already that of line 3" in str(caught.value)
    assert "the number 1 is already that of rule 'no_rhymes'" in str(caught.value)


def test_text_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(b"version: 1\nrules: \xff\n")
    with pytest.raises(PromptError, match="line 2: this is not UTF-8"):
        load_rules(path)


def test_a_file_that_is_not_there_is_a_prompt_error(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="cannot be read"):
        load_rules(tmp_path / "none.yaml")


def test_an_own_file_replaces_the_shipped_one(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    assert [rule.id for rule in load_rules(own_dir=tmp_path)] == ["no_rhymes"]


def test_a_user_adds_a_rule_without_copying_the_others(tmp_path: Path) -> None:
    own = GOOD.replace("version: 1", "extends: shipped\nversion: 1").replace("    number: 1\n", "")
    write(tmp_path, own)
    found = load_rules(own_dir=tmp_path)
    assert [rule.number for rule in found] == list(range(1, 25))
    assert found[-1].id == "no_rhymes"


def test_an_entry_with_a_shipped_id_stands_in_for_that_rule(tmp_path: Path, rules: tuple[Rule, ...]) -> None:
    own = GOOD.replace("version: 1", "extends: shipped\nversion: 1").replace("    number: 1\n", "")
    write(tmp_path, own.replace("no_rhymes", rules[2].id))
    found = load_rules(own_dir=tmp_path)
    assert len(found) == len(rules)
    assert (found[2].number, found[2].name) == (3, "No rhymes")


def test_an_added_rule_cannot_take_the_number_of_a_shipped_one(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("version: 1", "extends: shipped\nversion: 1"))
    with pytest.raises(PromptError, match="the number 1 is already that of rule 'no_stereotypes'"):
        load_rules(own_dir=tmp_path)


def test_the_example_in_the_comment_of_the_shipped_file_is_a_good_file(tmp_path: Path) -> None:
    shipped = (shipped_dir("prompts") / "rules.yaml").read_text(encoding="utf-8")
    example = [line[6:] for line in shipped.splitlines() if line.startswith("#     ")]
    write(tmp_path, "\n".join(example))
    assert load_rules(own_dir=tmp_path)[-1].id == "no_brand_praise"


def test_the_version_is_that_of_the_content(tmp_path: Path) -> None:
    one = rules_version(write(tmp_path, GOOD))
    assert len(one) == 12
    assert one == rules_version(own_dir=tmp_path)
    assert one != rules_version(write(tmp_path, GOOD + "\n"))


def test_the_version_of_an_extending_file_is_not_that_of_its_own_text_alone(tmp_path: Path) -> None:
    own = write(tmp_path, "extends: shipped\n" + GOOD)
    copy = tmp_path / "other"
    copy.mkdir()
    shutil.copy(own, copy / "rules.yaml")
    assert rules_version(own) == rules_version(copy / "rules.yaml")
    assert rules_version(own) not in {rules_version(), rules_version(write(tmp_path, GOOD))}
