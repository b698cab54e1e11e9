import os

from sparrow_lite.harness.arms.spec import ArmSpec


def test_a_script_that_changes_is_another_arm(tmp_path):
    script = tmp_path / "said.jsonl"
    script.write_text('{"task": "answer", "text": "One."}\n')
    spec = ArmSpec(name="a", model=f"scripted:{script}")
    before = spec.fingerprint
    os.utime(script, (1, 1))
    assert spec.fingerprint == before
    script.write_text('{"task": "answer", "text": "Two."}\n')
    assert spec.fingerprint != before


def test_a_corpus_that_grows_is_another_arm(tmp_path):
    (tmp_path / "a.md").write_text("One.")
    spec = ArmSpec(name="a", search=f"corpus:{tmp_path}")
    before = spec.fingerprint
    assert spec.fingerprint == before
    (tmp_path / "b.md").write_text("Two.")
    assert spec.fingerprint != before


def test_an_arm_tells_its_options_and_prompts_in_plain_words(tmp_path):
    spec = ArmSpec(name="a")
    assert spec.answering_options["model"]["seed"] == 0
    assert "cache_dir" not in spec.answering_options["search"]
    assert len(spec.prompt_versions["preamble.md"]) == 12
    assert ArmSpec(name="b", opener="refuses").prompt_versions == {}
