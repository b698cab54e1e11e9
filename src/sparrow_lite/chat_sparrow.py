"""Sparrow as a LangChain chat model, so that it drops into any chain: `prompt | ChatSparrow() | parser`.

Owns the translation between LangChain's messages and a transcript, and back from a `Reply`. Three things
differ from a bare chat model, and each on purpose:

- A system message becomes a turn of the user's, at its place. Sparrow's own preamble and its rules stay
  above it, and it is not part of the question that is searched for.
- Text streams only once it has been checked: the pieces come quickly, after a wait.
- The whole record of the turn (citations, verdicts, search, candidates) is in `response_metadata`, in the
  form of `Reply.to_dict`; `citations` and `abstained` are in `additional_kwargs` too.

This module is imported when `ChatSparrow` is first asked for, and so may import LangChain at its top.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field, SkipValidation

from sparrow_lite.options import Options
from sparrow_lite.reply import Reply
from sparrow_lite.transcript import Role, Transcript, Turn

_WORD = re.compile(r"\S+\s*|\s+")
_REPEATED = ("citations", "abstained")


class Replies(Protocol):
    """What of `Sparrow` is needed here."""

    def reply(self, transcript: Transcript) -> Reply:
        """Return the reply to the user's last turn."""
        ...


class ChatSparrow(BaseChatModel):
    """A LangChain chat model whose replies are searched for, quoted, checked and judged by rules.

    Attributes:
        model: Name of the dialogue model, as `Sparrow.open` takes it.
        search: Name of the search backend.
        options: Everything else that `Sparrow.open` takes; None for its defaults.
        sparrow: An agent that is already open, to be used instead of opening one.
    """

    model: str = "embedded"
    search: str = "auto"
    options: SkipValidation[Options | None] = Field(default=None, exclude=True)
    sparrow: SkipValidation[Replies | None] = Field(default=None, exclude=True, repr=False)

    def model_post_init(self, context: Any, /) -> None:
        """Open the agent, unless one was given.

        Raises:
            ConfigError: For a name or an option that cannot be used.
            PromptError: When a prompt or the rules are malformed.
            ModelError: When the model cannot be loaded.
        """
        super().model_post_init(context)
        if self.sparrow is None:
            from sparrow_lite.agent import Sparrow

            self.sparrow = Sparrow.open(model=self.model, search=self.search, options=self.options)

    @property
    def _llm_type(self) -> str:
        return "sparrow-lite"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": self.model, "search": self.search}

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002 (LangChain's signature)
        **kwargs: Any,  # noqa: ARG002
    ) -> ChatResult:
        text, record = self._reply(messages, stop)
        message = AIMessage(content=text, response_metadata=record, additional_kwargs=_repeated(record))
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002 (LangChain's signature)
        **kwargs: Any,  # noqa: ARG002
    ) -> Iterator[ChatGenerationChunk]:
        text, record = self._reply(messages, stop)
        for word in _WORD.findall(text):
            yield ChatGenerationChunk(message=AIMessageChunk(content=word))
        last = AIMessageChunk(
            content="",
            response_metadata=record,
            additional_kwargs=_repeated(record),
            chunk_position="last",
        )
        yield ChatGenerationChunk(message=last)

    def _reply(
        self, messages: Sequence[BaseMessage], stop: Sequence[str] | None
    ) -> tuple[str, dict[str, Any]]:
        """Return the reply's text, cut at the first stop word, and its whole record as plain JSON."""
        if self.sparrow is None:  # only after it was set to None by hand
            raise ValueError("ChatSparrow has lost its agent: build a new one.")
        reply = self.sparrow.reply(to_transcript(messages))
        record: dict[str, Any] = json.loads(json.dumps(reply.to_dict()))
        return _cut(reply.text, stop or ()), {"model_name": reply.model, **record}


def to_transcript(messages: Sequence[BaseMessage]) -> Transcript:
    """Return the dialogue of LangChain's messages; system messages become turns of the user's.

    Raises:
        ValueError: For messages of tools, content that is not text, or a last message that is not the
            user's.
    """
    turns = tuple(Turn(role=_role(message), text=_text(message)) for message in messages)
    if not messages or not isinstance(messages[-1], HumanMessage):
        raise ValueError("Sparrow replies to the user: end the messages with a HumanMessage.")
    return Transcript(turns=turns)


def _role(message: BaseMessage) -> Role:
    if isinstance(message, HumanMessage | SystemMessage):
        return Role.USER
    if isinstance(message, AIMessage):
        return Role.SPARROW
    raise ValueError(
        f"Sparrow takes system, human and AI messages, not {message.type!r}: it calls no tools but its "
        "own search."
    )


def _text(message: BaseMessage) -> str:
    if isinstance(message.content, list):
        for block in message.content:
            kind = "text" if isinstance(block, str) else block.get("type")
            if kind != "text":
                raise ValueError(f"Sparrow reads text only, not a content block of type {kind!r}.")
    return str(message.text)


def _cut(text: str, stops: Sequence[str]) -> str:
    at = [text.find(stop) for stop in stops if stop in text]
    return text[: min(at)] if at else text


def _repeated(record: dict[str, Any]) -> dict[str, Any]:
    return {key: record[key] for key in _REPEATED}
