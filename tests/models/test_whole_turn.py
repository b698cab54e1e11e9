"""A whole turn through the command, on a local model and on a model behind an API."""

import json
import subprocess
import sys

import pytest

QUESTION = "When was the Varn bridge built?"
PAGE = ("https://varn.example/bridge", "Varn bridge", "The Varn bridge was built in 1901. It is long.")


def ask(model, replay, *more):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "sparrow_lite",
            "ask",
            QUESTION,
            "--json",
            "--model",
            model,
            "--search",
            replay,
            *more,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done, json.loads(done.stdout) if done.stdout else None


@pytest.fixture
def replay(write_replay):
    return f"replay:{write_replay({QUESTION: [PAGE]})}"


@pytest.mark.parametrize("folder", ["roomy_chat_model_dir", "roomy_base_model_dir"])
def test_a_local_model_drafts_eight_candidates_that_are_all_checked(request, replay, folder):
    done, reply = ask(f"hf:{request.getfixturevalue(folder)}", replay)
    assert done.returncode in {0, 3}, done.stderr
    candidates = reply["candidates"]
    first = [one for one in candidates if one["revises"] is None]
    assert [one["with_evidence"] for one in first] == [True] * 4 + [False] * 4
    assert all(len(one["verdicts"]) == 23 for one in candidates if one["error"] is None)
    assert len({one["draft"] for one in first}) > 1
    # An untrained model writes noise: none of it may come through as supported.
    assert all(one["verdict"] == "supported" for one in reply["citations"]) or reply["abstained"]


def test_a_model_behind_an_api_answers_with_checked_citations(server, openai_server, replay):
    def answer(request):
        asks = request["messages"][-1]["content"]
        if "one line of JSON" in asks:
            return openai_server.Served(text='{"search": true, "query": "Varn bridge year", "why": "a fact"}')
        if "Search Result [1]" in asks:
            return openai_server.Served(
                text="The Varn bridge was built in 1901 [1]. It was paid for by 12 dukes [1][2][9]."
            )
        return openai_server.Served(text="I do not know when it was built.")

    server.answer = answer
    done, reply = ask(f"{server.url}#tiny", replay)
    assert done.returncode == 0, done.stderr
    assert reply["answer"] == "The Varn bridge was built in 1901. [1]"
    assert reply["search"]["queries"] == ["Varn bridge year", QUESTION]
    assert len(reply["candidates"]) == 8
    chosen = reply["candidates"][reply["chosen"]]
    assert [one["fate"] for one in chosen["sentences"]] == ["kept", "dropped"]
    assert all("https://" not in message["content"] for seen in server.seen for message in seen["messages"])


def test_a_server_that_is_down_is_one_line_and_exit_status_1(replay, monkeypatch):
    monkeypatch.setenv("SPARROW_LITE_MODEL__RETRIES", "0")
    done, _ = ask("http://127.0.0.1:9/v1#tiny", replay)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
