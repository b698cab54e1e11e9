"""What the page's events do: each takes a person and what they sent, and gives what the page shows next.

Owns no Gradio: `page.py` ties these to its events. What is sent is checked here, since anybody who may open
the page may send anything: names of models and searches must be offered ones, and conversations one's own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sparrow_lite.conversations import Conversation, Conversations
from sparrow_lite.errors import ConfigError, SparrowError
from sparrow_lite.export import conversation_json, conversation_markdown
from sparrow_lite.rules.base import Rule
from sparrow_lite.ui.markup import Markup
from sparrow_lite.ui.shown import show_exchange
from sparrow_lite.ui.sparrows import Sparrows
from sparrow_lite.ui.steps import show_steps
from sparrow_lite.ui.turns import Asked, RunningTurn, Turns

QUESTION_CHARS = 4000
GONE = "That conversation is not here any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The names that the pickers offer, the first of each chosen at first."""

    models: tuple[str, ...]
    searches: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What the page shows next; None leaves a part as it is.

    Attributes:
        sidebar: HTML of the list.
        dialogue: HTML of the dialogue.
        live: HTML of the running turn's progress.
        state: What the page's script needs, as JSON.
    """

    live: str
    state: Mapping[str, Any]
    sidebar: str | None = None
    dialogue: str | None = None


@dataclass(kw_only=True)
class Actions:
    """The app's parts, and what they do for a person; `named` says whether people log in."""

    store: Conversations
    sparrows: Sparrows
    turns: Turns
    choices: Choices
    named: bool = False
    markup: Markup = field(default_factory=Markup)

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """The rules that the first choice of parts is held to, by id."""
        sparrow = self.sparrows.get(self.choices.models[0], self.choices.searches[0])
        return {rule.id: rule for rule in sparrow.rules}

    def open(self, user: str, sent: Mapping[str, Any]) -> Screen:
        """Show a conversation, or the empty state without one."""
        conversation_id = _word(sent, "conversation")
        conversation = self.store.read(user, conversation_id) if conversation_id else None
        notice = GONE if conversation_id and conversation is None else ""
        return self._screen(user, conversation, notice=notice)

    def ask(self, user: str, sent: Mapping[str, Any]) -> Iterator[Screen]:
        """Store a question, run its turn, and show its progress and its end."""
        question = _text(sent, "text").strip()
        conversation = self._own(user, sent) if _word(sent, "conversation") else None
        if not question or len(question) > QUESTION_CHARS:
            notice = f"Write a question of 1 to {QUESTION_CHARS} characters."
            yield self._screen(user, conversation, notice=notice)
            return
        if conversation is not None and self.turns.find(conversation.id) is not None:
            yield self._screen(user, conversation, notice="Wait for this answer, or stop it.")
            return
        model, search = self._chosen(sent)
        conversation_id = (
            conversation.id
            if conversation is not None
            else self.store.start(user, title=question, model=model, search=search)
        )
        exchange = self.store.ask(conversation_id, question, model=model, search=search)
        yield from self._run(user, conversation_id, exchange)

    def retry(self, user: str, sent: Mapping[str, Any]) -> Iterator[Screen]:
        """Run the last turn again; its reply takes the place of the earlier one when it is finished."""
        conversation = self._own(user, sent)
        model, search = self._chosen(sent)
        self.store.choose(conversation.id, model=model, search=search)
        if conversation.exchanges:
            yield from self._run(user, conversation.id, conversation.exchanges[-1].id)

    def follow(self, user: str, sent: Mapping[str, Any]) -> Iterator[Screen]:
        """Show the progress and the end of a turn that runs already."""
        conversation = self._own(user, sent)
        turn = self.turns.find(conversation.id)
        if turn is not None:
            yield from self._progress(turn)
        yield self._screen(user, self.store.read(user, conversation.id))

    def stop(self, user: str, sent: Mapping[str, Any]) -> Screen:
        """Stop the turn that runs."""
        conversation = self._own(user, sent)
        self.turns.stop(conversation.id)
        return self._screen(user, self.store.read(user, conversation.id))

    def rename(self, user: str, sent: Mapping[str, Any]) -> Screen:
        """Rename a conversation, which need not be the one that is shown."""
        self.store.rename(user, _word(sent, "id"), _text(sent, "title"))
        return self.open(user, sent)

    def delete(self, user: str, sent: Mapping[str, Any]) -> Screen:
        """Delete a conversation, and show the empty state when it was the one that is shown."""
        gone = _word(sent, "id")
        if self.store.read(user, gone) is not None:
            self.turns.stop(gone)
            self.store.delete(user, gone)
        return self.open(user, {} if _word(sent, "conversation") == gone else sent)

    def export(self, user: str, sent: Mapping[str, Any]) -> Screen:
        """Give the conversation as a file."""
        conversation = self._own(user, sent)
        markdown = _text(sent, "form") == "markdown"
        written = conversation_markdown if markdown else conversation_json
        name = re.sub(r"[^a-z0-9]+", "-", conversation.title.lower()).strip("-")[:50]
        download = {
            "name": f"{name or 'conversation'}.{'md' if markdown else 'json'}",
            "type": "text/markdown" if markdown else "application/json",
            "text": written(conversation),
        }
        return self._screen(user, conversation, download=download)

    def refuse(self, user: str, error: SparrowError) -> Screen:
        """Show the empty state and what went wrong, in one line."""
        return self._screen(user, None, notice=str(error))

    def _run(self, user: str, conversation_id: str, exchange: int) -> Iterator[Screen]:
        conversation = self.store.read(user, conversation_id)
        if conversation is None:
            raise ConfigError(GONE)
        turn = self.turns.start(
            Asked(
                conversation=conversation.id,
                exchange=exchange,
                transcript=conversation.transcript_for(exchange),
                model=conversation.model,
                search=conversation.search,
            )
        )
        yield self._screen(user, conversation, turn=turn)
        yield from self._progress(turn)
        yield self._screen(user, self.store.read(user, conversation_id))

    def _progress(self, turn: RunningTurn) -> Iterator[Screen]:
        for _ in turn.follow():
            yield Screen(live=self._live(turn), state=_state(turn.asked, running=True))

    def _live(self, turn: RunningTurn) -> str:
        steps = show_steps(turn.events, model=turn.asked.model, rules=len(self.rules))
        return self.markup.live(steps)

    def _screen(
        self,
        user: str,
        conversation: Conversation | None,
        *,
        notice: str = "",
        download: Mapping[str, str] | None = None,
        turn: RunningTurn | None = None,
    ) -> Screen:
        if conversation is not None and turn is None:
            turn = self.turns.find(conversation.id)
        current = conversation.id if conversation is not None else None
        state = {
            "conversation": current,
            "title": conversation.title if conversation is not None else "",
            "running": turn is not None,
            "notice": notice,
            "download": download,
            **self._offered(conversation),
        }
        return Screen(
            sidebar=self.markup.sidebar(
                self.store.list(user), current=current, user=user if self.named else None
            ),
            dialogue=self.markup.dialogue(conversation, self._shown(conversation, turn)),
            live=self._live(turn) if turn is not None else "",
            state=state,
        )

    def _shown(self, conversation: Conversation | None, turn: RunningTurn | None) -> Sequence[Any]:
        exchanges = conversation.exchanges if conversation is not None else ()
        return [
            show_exchange(
                exchange,
                self.rules,
                running=turn is not None and turn.asked.exchange == exchange.id,
                last=exchange is exchanges[-1],
            )
            for exchange in exchanges
        ]

    def _offered(self, conversation: Conversation | None) -> Mapping[str, str]:
        """The choices to show: the conversation's own while they are still offered."""
        model, search = self.choices.models[0], self.choices.searches[0]
        if conversation is None:
            return {}
        return {
            "model": conversation.model if conversation.model in self.choices.models else model,
            "search": conversation.search if conversation.search in self.choices.searches else search,
        }

    def _own(self, user: str, sent: Mapping[str, Any]) -> Conversation:
        conversation = self.store.read(user, _word(sent, "conversation"))
        if conversation is None:
            raise ConfigError(GONE)
        return conversation

    def _chosen(self, sent: Mapping[str, Any]) -> tuple[str, str]:
        model, search = _text(sent, "model"), _text(sent, "search")
        if model not in self.choices.models or search not in self.choices.searches:
            raise ConfigError("That model or search is not offered here: pick one from the lists.")
        return model, search


def _state(asked: Asked, *, running: bool) -> Mapping[str, Any]:
    return {"conversation": asked.conversation, "running": running}


def _text(sent: Mapping[str, Any], key: str) -> str:
    value = sent.get(key)
    return value if isinstance(value, str) else ""


def _word(sent: Mapping[str, Any], key: str) -> str:
    """An id of ours; anything else is as good as none."""
    text = _text(sent, key)
    return text if re.fullmatch(r"[\w-]{1,40}", text) else ""
