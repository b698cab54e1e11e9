import asyncio
import json
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate

from sparrow_lite import ChatSparrow
from sparrow_lite.chat_sparrow import to_transcript
from sparrow_lite.errors import ModelError
from sparrow_lite.reply import AbstainReason, Reply, SearchRecord
from sparrow_lite.transcript import Role, Transcript
from sparrow_lite.verdict import Citation, Outcome, SupportOutcome, Verdict

TEXT = "Paris is the capital of France. [1]\n\nIt lies on the Seine. [1]"
CITATION = Citation(
    id=1,
    sentence="Paris is the capital of France.",
    url="https://example.org/",
    title="France",
    quote="Paris is the capital",
    start=0,
    end=20,
    verdict=SupportOutcome.SUPPORTED,
    support=0.9,
    judge="lexical",
)


class FakeSparrow:
    """Replies with one text, and remembers the transcripts."""

    def __init__(self, *, abstained: AbstainReason | None = None) -> None:
        self.transcripts: list[Transcript] = []
        self.abstained = abstained

    def reply(self, transcript: Transcript) -> Reply:
        self.transcripts.append(transcript)
        return Reply(
            text=TEXT,
            citations=(CITATION,),
            evidence=(),
            abstained=self.abstained,
            verdicts=(Verdict(rule="no_threats", outcome=Outcome.KEPT, probability=0.1, judge="lexical"),),
            search=SearchRecord(queries=("capital of France",), backend="corpus"),
            model="scripted",
            candidates=(),
            chosen=None,
            prompt_versions=(("answer", "0123456789ab"),),
            seconds=0.5,
        )


@pytest.fixture
def fake() -> FakeSparrow:
    return FakeSparrow()


@pytest.fixture
def chat(fake: FakeSparrow) -> ChatSparrow:
    return ChatSparrow(sparrow=fake)


def test_it_drops_into_a_chain(chat: ChatSparrow, fake: FakeSparrow) -> None:
    prompt = ChatPromptTemplate.from_messages([("system", "Be brief."), ("human", "{question}")])
    chain = prompt | chat | StrOutputParser()
    assert chain.invoke({"question": "What is the capital of France?"}) == TEXT
    turns = [(turn.role, turn.text) for turn in fake.transcripts[0].turns]
    assert turns == [(Role.USER, "Be brief."), (Role.USER, "What is the capital of France?")]
    assert fake.transcripts[0].last_user_text == "What is the capital of France?"


def test_the_record_of_the_turn_is_in_the_metadata_as_plain_json(chat: ChatSparrow) -> None:
    message = chat.invoke("What is the capital of France?")
    metadata = message.response_metadata
    assert json.loads(json.dumps(metadata)) == metadata
    assert metadata["model_name"] == "scripted"
    assert metadata["search"]["queries"] == ["capital of France"]
    assert metadata["rules"][0] == {
        "rule": "no_threats",
        "outcome": "kept",
        "probability": 0.1,
        "judge": "lexical",
        "prompt_version": None,
        "reason": None,
    }
    assert message.additional_kwargs["citations"][0]["quote"] == "Paris is the capital"
    assert message.additional_kwargs["abstained"] is None


def test_a_reason_for_abstaining_is_plain_text() -> None:
    chat = ChatSparrow(sparrow=FakeSparrow(abstained=AbstainReason.NO_RESULTS))
    assert chat.invoke("x").additional_kwargs["abstained"] == "no_results"


def test_a_stream_adds_up_to_the_whole_message(chat: ChatSparrow) -> None:
    whole = chat.invoke("What is the capital of France?")
    chunks = list(chat.stream("What is the capital of France?"))
    assert len(chunks) > 5
    total = chunks[0]
    for chunk in chunks[1:]:
        total = total + chunk
    assert total.content == whole.content == TEXT
    assert total.response_metadata == whole.response_metadata
    assert total.additional_kwargs == whole.additional_kwargs


def test_it_may_be_awaited(chat: ChatSparrow) -> None:
    async def stream() -> str:
        return "".join([str(chunk.content) async for chunk in chat.astream("Hi")])

    assert asyncio.run(chat.ainvoke("Hi")).content == TEXT
    assert asyncio.run(stream()) == TEXT


def test_a_stop_word_cuts_the_text(chat: ChatSparrow) -> None:
    assert chat.invoke("Hi", stop=["\n\n", "Seine"]).content == "Paris is the capital of France. [1]"


def test_a_dialogue_keeps_its_order() -> None:
    messages = [HumanMessage("Hi."), AIMessage("Hello!"), HumanMessage([{"type": "text", "text": "Why?"}])]
    assert [(turn.role, turn.text) for turn in to_transcript(messages).turns] == [
        (Role.USER, "Hi."),
        (Role.SPARROW, "Hello!"),
        (Role.USER, "Why?"),
    ]


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ([], "end the messages"),
        ([HumanMessage("Hi."), AIMessage("Hello!")], "end the messages"),
        ([SystemMessage("Be brief.")], "end the messages"),
        ([ToolMessage("42", tool_call_id="1"), HumanMessage("Hi.")], "not 'tool'"),
        ([HumanMessage([{"type": "image_url", "image_url": "x"}])], "text only"),
    ],
    ids=["none", "AI last", "system alone", "tool", "image"],
)
def test_what_is_no_dialogue_is_refused(messages: list[Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        to_transcript(messages)


def test_an_error_of_the_model_passes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeSparrow()

    def fail(_: Transcript) -> Reply:
        raise ModelError("busy", retryable=True)

    monkeypatch.setattr(fake, "reply", fail)
    with pytest.raises(ModelError, match="busy"):
        ChatSparrow(sparrow=fake).invoke("Hi")


def test_without_an_agent_it_opens_one_by_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    from sparrow_lite import agent

    opened: list[dict[str, Any]] = []

    def record(**names: Any) -> FakeSparrow:
        opened.append(names)
        return FakeSparrow()

    monkeypatch.setattr(agent.Sparrow, "open", record)
    assert ChatSparrow(model="scripted:x", search="none").invoke("Hi").content == TEXT
    assert opened == [{"model": "scripted:x", "search": "none", "options": None}]
