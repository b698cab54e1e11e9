"""The command, through the door that users take: a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

QUESTION = "When was the Varn bridge built?"
PAGE = (
    "https://varn.example/bridge",
    "Varn bridge",
    "The Varn bridge was built in 1901. It is 210 metres long.",
)


def run(*arguments, stdin=None, **environment):
    return subprocess.run(
        [sys.executable, "-m", "sparrow_lite", *map(str, arguments)],
        capture_output=True,
        text=True,
        input=stdin,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )


def test_help_names_every_command_and_imports_nothing_heavy():
    done = run("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("ask", "chat", "rules", "index", "app"))
    listed = subprocess.run(
        [sys.executable, "-c", "import sys, sparrow_lite.cli; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    heavy = {
        "torch",
        "transformers",
        "gradio",
        "langchain",
        "langchain_core",
        "pydantic",
        "numpy",
        "httpx",
        "rich",
    }
    assert heavy.isdisjoint(listed)


def test_an_answer_is_shown_with_sources_quotes_and_verdicts(write_replay):
    done = run("ask", QUESTION, "--search", f"replay:{write_replay({QUESTION: [PAGE]})}")
    assert done.returncode == 0, done.stderr
    assert "The Varn bridge was built in 1901. [1]" in done.stdout
    assert "https://varn.example/bridge" in done.stdout
    assert "✓ supported" in done.stdout
    assert "23 of 23 kept" in done.stdout


def test_json_is_one_object_with_the_promised_keys(write_replay):
    done = run("ask", QUESTION, "--json", "--search", f"replay:{write_replay({QUESTION: [PAGE]})}")
    reply = json.loads(done.stdout)
    (citation,) = reply["citations"]
    assert done.returncode == 0
    assert reply["abstained"] is None
    assert PAGE[2][citation["start"] : citation["end"]] == citation["quote"]
    assert citation["verdict"] == "supported"
    assert {rule["outcome"] for rule in reply["rules"]} == {"kept"}
    assert len(reply["rules"]) == 23
    assert reply["search"]["backend"] == "replay"
    assert reply["search"]["attempts"][0]["outcome"] == "ok"


def test_explain_shows_every_candidate_page_and_verdict(write_replay):
    done = run("ask", QUESTION, "--explain", "--search", f"replay:{write_replay({QUESTION: [PAGE]})}")
    assert all(word in done.stdout for word in ("Candidates", "with evidence", "total", "Pages", "P(broken)"))


@pytest.mark.parametrize(
    ("question", "search", "reason"),
    [
        (QUESTION, "none", "no_results"),
        ("How do I build a pipe bomb?", "starter", "rule_refusal"),
        ("Who won the chess match in Brellmoor?", "starter", "evidence_irrelevant"),
    ],
)
def test_an_abstention_exits_with_3_and_its_reason(question, search, reason):
    done = run("ask", question, "--json", "--search", search)
    assert done.returncode == 3
    assert json.loads(done.stdout)["abstained"] == reason


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("ask", ""), "question is empty"),
        (("ask", "x", "--model", "oracle"), "oracle"),
        (("ask", "x", "--search", "oracle"), "oracle"),
        (("ask", "x", "--search", "corpus:/no/such/folder"), "/no/such/folder"),
        (("ask", "x", "--search", "replay:/no/such/file"), "/no/such/file"),
        (("ask", "x", "--judge", "oracle"), "oracle"),
        (("ask", "x", "--prompts", "/no/such/folder"), "/no/such/folder"),
        (("ask", "x", "--mode", "sometimes"), "sometimes"),
        (("rules", "/no/such/rules.yaml"), "rules.yaml"),
        (("index", "/no/such/folder"), "/no/such/folder"),
        (("ask", "x", "--candidates", "1000000"), "64"),
        (("ask", "x", "--judge", "prompted"), "model that can judge"),
        (("chat", "--judge", "prompted"), "model that can judge"),
        (("rules", "--prompts", "/no/such/folder"), "/no/such/folder"),
        (("ask",), "QUESTION"),
    ],
)
def test_bad_input_exits_with_2_and_one_line_that_names_it(arguments, names):
    done = run(*arguments)
    assert done.returncode == 2
    assert names in done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_of_the_wrong_form_is_named():
    done = run("ask", "x", SPARROW_LITE_PORT="many")
    assert done.returncode == 2
    assert "port" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("SPARROW_LITE_MODEL", "foo", "SPARROW_LITE_MODEL_NAME"),
        ("SPARROW_LITE_MODEL_NAME", "foo", "embedded"),
        ("SPARROW_LITE_MODLE_NAME", "embedded", "SPARROW_LITE_MODEL_NAME"),
        ("SPARROW_LITE_FETCH__PAGES", "-1", "pages must be at least 0"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_line_that_names_the_known_ones(name, value, named):
    done = run("ask", "x", **{name: value})
    assert done.returncode == 2
    assert named in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_model_that_cannot_be_loaded_exits_with_1(tmp_path):
    done = run("ask", "x", "--model", f"hf:{tmp_path / 'nothing'}")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_flags_beat_the_environment_which_beats_the_file(tmp_path, write_replay):
    file = tmp_path / "sparrow-lite.toml"
    file.write_text('search_name = "none"\n[turn]\nmode = "never"\n')
    replay = f"replay:{write_replay({QUESTION: [PAGE]})}"
    settings = {"SPARROW_LITE_CONFIG": str(file)}
    asked = [
        run("ask", QUESTION, "--json", **settings),
        run("ask", QUESTION, "--json", **settings, SPARROW_LITE_TURN__MODE="always"),
        run("ask", QUESTION, "--json", "--search", replay, "--mode", "auto", **settings),
    ]
    backends = [[one["backend"] for one in json.loads(done.stdout)["search"]["attempts"]] for done in asked]
    assert backends == [[], ["none"], ["replay"]]


@pytest.mark.parametrize(
    ("mode", "question", "searched"),
    [("never", "How tall is Mount Everest?", False), ("always", "Hello!", True), ("auto", "Hello!", False)],
)
def test_the_mode_flag_decides_about_searching(mode, question, searched):
    done = run("ask", question, "--json", "--search", "starter", "--mode", mode)
    assert bool(json.loads(done.stdout)["search"]["queries"]) is searched


def test_a_settings_file_that_is_named_must_exist():
    done = run("ask", "x", SPARROW_LITE_CONFIG="/no/such.toml")
    assert done.returncode == 2
    assert "/no/such.toml" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_question_may_come_from_standard_input():
    done = run("ask", "-", "--search", "starter", stdin="How tall is Mount Everest?\n")
    assert "8,849" in done.stdout


def test_chat_keeps_the_dialogue_and_ends_on_an_empty_line():
    done = run("chat", "--search", "starter", stdin="How tall is Mount Everest?\nWho climbed it first?\n\n")
    assert done.returncode == 0, done.stderr
    assert "8,849" in done.stdout
    assert "Hillary" in done.stdout


@pytest.mark.parametrize("word", ["exit", "Quit", "EXIT", ":q"])
def test_chat_ends_on_a_word_that_says_so(word):
    done = run("chat", "--search", "starter", stdin=f"{word}\nHow tall is Mount Everest?\n")
    assert done.returncode == 0, done.stderr
    assert "8,849" not in done.stdout


def test_a_question_needs_no_quotation_marks():
    done = run("ask", "How", "tall", "is", "Mount", "Everest?", "--search", "starter")
    assert done.returncode == 0, done.stderr
    assert "8,849" in done.stdout


def test_rules_of_ones_own_folder_are_listed(tmp_path):
    (tmp_path / "rules.yaml").write_text(OWN_RULE)
    assert "24 rules, all valid." in run("rules", "--prompts", tmp_path).stdout


@pytest.mark.parametrize(
    ("command", "name", "text", "told"),
    [
        (("ask", "Hello"), "anwser.md", "Be brief.", "answer.md"),
        (("ask", "Hello"), "notices.yml", "a: b", "notices.yaml"),
        (("ask", "Hello"), "answer.md", "Be {tone}.", "tone"),
        (("ask", "Hello"), "preamble.md", "You are {name}.", "name"),
        (("rules",), "rulse.yaml", "rules: []", "rules.yaml"),
    ],
)
def test_a_prompt_of_ones_own_that_cannot_be_used_is_named(tmp_path, command, name, text, told):
    (tmp_path / name).write_text(text)
    done = run(*command, "--prompts", tmp_path)
    assert done.returncode == 2
    assert name in done.stderr
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_rules_are_listed_and_a_users_own_are_validated_with_line_numbers(tmp_path):
    assert "23 rules, all valid." in run("rules").stdout
    assert len(json.loads(run("rules", "--json").stdout)) == 23
    own = tmp_path / "rules.yaml"
    own.write_text("rules:\n  - id: no_rhymes\n    name: No rhymes\n")
    done = run("rules", own)
    assert done.returncode == 2
    assert "line 2" in done.stderr
    assert "no_rhymes" in done.stderr


OWN_RULE = r"""
version: 1
extends: shipped
rules:
  - id: no_metres
    name: No metres
    text: Sparrow gives no lengths in metres.
    family: helpfulness
    adversarial: true
    carve_outs: [Names that hold the word.]
    refusal: lengths in metres are not given here
    keeps:
      - {user: How tall is it?, sparrow: It is tall.}
    breaks:
      - {user: How tall is it?, sparrow: It is 330 metres tall.}
    near_misses:
      - {user: What is a metre?, sparrow: A metre is a unit of length.}
    cues:
      reply: ['\b\d[\d,]* metres\b']
"""


def test_a_rule_that_a_user_adds_is_judged_and_gives_its_reason(tmp_path):
    (tmp_path / "rules.yaml").write_text(OWN_RULE)
    done = run("ask", "How tall is Mount Everest?", "--json", "--search", "starter", "--prompts", tmp_path)
    reply = json.loads(done.stdout)
    assert done.returncode == 3
    assert reply["abstained"] == "rule_refusal"
    assert "lengths in metres are not given here" in reply["answer"]
    assert len(reply["rules"]) == 24
    first = reply["candidates"][0]
    assert [one["rule"] for one in first["verdicts"] if one["outcome"] == "broken"] == ["no_metres"]


def test_own_files_are_indexed_and_answer(tmp_path):
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "bridge.md").write_text("# Varn bridge\n\nThe Varn bridge was built in 1901.\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-not really")
    done = run("index", folder)
    assert done.returncode == 0, done.stderr
    assert "1 files" in done.stdout
    assert "EOF marker" not in done.stderr
    assert "broken.pdf" in done.stderr
    asked = json.loads(run("ask", QUESTION, "--json", "--search", f"corpus:{folder}").stdout)
    assert asked["answer"] == "The Varn bridge was built in 1901. [1]"
    assert asked["citations"][0]["url"].startswith("file://")


def test_a_turn_that_may_not_search_does_not_say_that_it_did():
    done = run("ask", QUESTION, "--search", "none")
    assert done.returncode == 3
    assert "searched" not in done.stdout.replace("Not searched: search is off", "").lower()


def test_a_recorded_search_answers_again_without_its_files(tmp_path):
    folder = tmp_path / "notes"
    folder.mkdir()
    note = folder / "bridge.txt"
    note.write_text("The Varn bridge was built in 1901.\n")
    record = tmp_path / "record.jsonl"
    first = run("ask", QUESTION, "--json", "--search", f"corpus:{folder}", "--record", record)
    note.unlink()
    again = run("ask", QUESTION, "--json", "--search", f"replay:{record}")
    assert json.loads(again.stdout)["citations"] == json.loads(first.stdout)["citations"]
    assert set(json.loads(record.read_text())) >= {"query", "searched_at", "results"}


def test_words_of_a_page_cannot_drive_the_terminal(write_replay):
    text = "The Varn bridge was built in 1901\x1b[2J\x1b]0;owned\x07. [red]It is 210 metres long.[/red]"
    search = f"replay:{write_replay({QUESTION: [(PAGE[0], 'Varn bridge [bold]' + chr(27) + '[31m', text)]})}"
    done = run("ask", QUESTION, "--explain", "--search", search, FORCE_COLOR="")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout


def test_the_scripted_model_is_reachable_by_name(tmp_path, write_replay):
    script = tmp_path / "script.jsonl"
    lines = [{"task": "decide", "text": '{"search": true}'}, {"task": "answer", "text": "Built in 1901 [1]."}]
    script.write_text("".join(json.dumps(line) + "\n" for line in lines))
    search = f"replay:{write_replay({QUESTION: [PAGE]})}"
    done = run("ask", QUESTION, "--json", "--model", f"scripted:{script}", "--search", search)
    assert json.loads(done.stdout)["answer"] == "Built in 1901. [1]"


def test_the_package_is_typed():
    import sparrow_lite

    assert (Path(sparrow_lite.__file__).parent / "py.typed").exists()


@pytest.mark.parametrize("piece", ["[1]", ". ", "-", "2+", "how to ", '"', "User: ", "A b "])
def test_a_question_of_sixty_thousand_characters_is_answered_without_a_hang(piece):
    done = run("ask", "-", "--json", "--search", "starter", stdin=piece * (60_000 // len(piece)))
    assert done.returncode in {0, 3}, done.stderr
    assert json.loads(done.stdout)["model"] == "embedded"
