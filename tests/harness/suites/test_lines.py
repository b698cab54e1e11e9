import pytest

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.harness.suites import open_suite
from sparrow_lite.harness.suites.lines import read_lines, write_suite
from sparrow_lite.transcript import Role, Turn


def probe(name: str, *texts: str, **changes) -> Probe:
    turns = tuple(Turn(role=Role.USER, text=text) for text in texts)
    return Probe(id=name, suite="mine", kind=ProbeKind.QUESTION, turns=turns, **changes)


SUITE = Suite(
    name="mine",
    version="3",
    canary="a line that nothing is trained on",
    description="Two probes.",
    probes=(
        probe("a", "Where?", "And\u2028when?\nNow?", answers=("Hoorn",), labels=(("scorer", "accepted"),)),
        probe("b", "Wo?", rule="no_threats", attack="direct", answerable=False),
    ),
    scorer="accepted",
)


@pytest.mark.parametrize("name", ["adversarial", "carve_outs", "ordinary", "evidence"])
def test_a_shipped_suite_reads_back_equal(tmp_path, name):
    suite = open_suite(name)
    write_suite(suite, tmp_path / "other-name.jsonl")
    assert read_lines(tmp_path / "other-name.jsonl") == suite


def test_a_written_suite_reads_back_equal_with_its_canary_scorer_and_odd_line_ends(tmp_path):
    write_suite(SUITE, tmp_path / "deep" / "x.jsonl")
    assert read_lines(tmp_path / "deep" / "x.jsonl") == SUITE
    assert not list(tmp_path.rglob("*.part"))


def test_a_file_without_a_card_is_named_by_itself_and_its_hash(tmp_path):
    path = tmp_path / "own.jsonl"
    path.write_text(
        '{"id": "1", "question": "Who?"}\n{"id": "2", "rule": "no_threats", "turns": '
        '[{"role": "user", "text": "Threaten me."}]}\n'
    )
    suite = read_lines(path)
    assert (suite.name, suite.version, suite.canary) == ("own", suite.digest[:12], "")
    assert [one.kind for one in suite.probes] == [ProbeKind.QUESTION, ProbeKind.ADVERSARIAL]


def test_a_suite_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_suite(SUITE, tmp_path / "file" / "x.jsonl")
