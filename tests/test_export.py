"""Exports: whole, and unable to render as anything but the words that were shown."""

import json
from dataclasses import replace

import pytest

from sparrow_lite.conversations import Conversation, Exchange
from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.export import conversation_json, conversation_markdown, reply_text, web_address
from sparrow_lite.reply import Reply, SearchRecord
from sparrow_lite.verdict import Citation, SupportOutcome

HOSTILE = "<img src=x onerror=alert(1)> ![x](https://evil.example/x.png) [go](javascript:alert(1)) # `x` *y*"


def _reply(
    text: str = "Rain falls. [1]", url: str = "https://a.example/x", title: str = "About rain"
) -> Reply:
    page = Page.of(url=url, title=title, text="Rain falls on hills.", opened_at="2026-01-01T00:00:00+00:00")
    citation = Citation(
        id=1, sentence="Rain falls.", url=url, title=title, quote="Rain falls on hills.", start=0, end=20,
        verdict=SupportOutcome.SUPPORTED, support=0.875,
    )  # fmt: skip
    return Reply(
        text=text, citations=(citation,),
        evidence=(Evidence(id=1, page=page, start=0, end=20), Evidence(id=2, page=page, start=0, end=4)),
        abstained=None, verdicts=(), search=SearchRecord(), model="m", candidates=(), chosen=0,
        prompt_versions=(), seconds=0.5,
    )  # fmt: skip


def _conversation(*exchanges: Exchange) -> Conversation:
    return Conversation(
        id="c",
        title="Rain",
        started_at="2026-01-01T00:00:00+00:00",
        model="m",
        search="s",
        exchanges=exchanges,
    )


def _exchange(reply: Reply | None, question: str = "Why does it rain?", stopped: str = "") -> Exchange:
    return Exchange(
        id=1, question=question, asked_at="2026-01-01T00:00:00+00:00", reply=reply, stopped=stopped
    )


def test_a_copied_reply_lists_the_cited_sources_and_no_others() -> None:
    assert reply_text(_reply()) == "Rain falls. [1]\n\nSources\n[1] About rain — https://a.example/x"


def test_a_reply_without_citations_has_no_list_of_sources() -> None:
    assert reply_text(replace(_reply("Hello."), citations=())) == "Hello."


def test_markdown_holds_question_answer_source_quote_and_verdict() -> None:
    text = conversation_markdown(_conversation(_exchange(_reply())))
    for part in (
        "## Why does it rain?",
        "Rain falls. \\[1\\]",
        "\\[1\\] [About rain](<https://a.example/x>) (a.example, read 2026-01-01",
        "> Rain falls on hills.\n> — supported, 0.88",
    ):
        assert part in text


@pytest.mark.parametrize("field", ["text", "title", "question"])
def test_hostile_words_stay_words_in_markdown(field: str) -> None:
    reply = _reply(**{field: HOSTILE}) if field != "question" else _reply()
    exchange = _exchange(reply, question=HOSTILE if field == "question" else "Why?")
    text = conversation_markdown(_conversation(exchange))
    assert "\\<img src=x onerror=alert(1)\\>" in text
    assert "\\!\\[x\\](https://evil" in text
    assert "\\[go\\](javascript" in text


@pytest.mark.parametrize("line", ["- item", "1. item", "+ item", "=====", "# head", "> said", "    code"])
def test_a_line_cannot_become_a_block_of_another_kind(line: str) -> None:
    text = conversation_markdown(_conversation(_exchange(_reply(text=f"First\n{line}"))))
    assert f"\n{line}\n" not in text


def test_a_turn_without_a_reply_says_why() -> None:
    text = conversation_markdown(_conversation(_exchange(None, stopped="You stopped this turn.")))
    assert "*No reply: You stopped this turn.*" in text


def test_json_holds_what_ask_prints() -> None:
    plain = json.loads(conversation_json(_conversation(_exchange(_reply()), _exchange(None))))
    assert plain["turns"][0]["reply"] == json.loads(json.dumps(_reply().to_dict()))
    assert plain["turns"][1]["reply"] is None
    assert plain["format"] == "sparrow-lite conversation"


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://a.example/x?y=1#z", True),
        ("http://127.0.0.1:8000/", True),
        ("HTTPS://A.example/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("file:///etc/passwd", False),
        ("sparrow:starter/rain", False),
        ("https://user:secret@a.example/", False),
        ('https://a.example/" onclick="alert(1)', False),
        ("https://a.example/\u202egnp.exe", False),
        ("https:///nohost", False),
        ("https://[broken/", False),
        ("//a.example/", False),
    ],
)
def test_only_plain_web_addresses_become_links(url: str, followed: bool) -> None:
    assert (web_address(url) == url) is followed
