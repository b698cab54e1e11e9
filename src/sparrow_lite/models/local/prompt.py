"""Prompts as a local model's tokens: chat template or plain dialogue, cut to the model's context."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from sparrow_lite.errors import ModelError
from sparrow_lite.models.base import ModelRequest
from sparrow_lite.models.layout import chat_messages, plain_prompt, shortened
from sparrow_lite.models.thoughts import OPENING

_SANE_CONTEXT = 10_000_000  # tokenizers without a limit report a number far beyond
_THOUGHT_TOKENS = 8  # enough for `<think>` and a line end, also where it is no token of its own
_TAIL_CHARS = 40  # what an option's spelling may change in the tokens before it is far less
_REPLY_SHARE = 4  # a prompt leaves at least this part of the context, a quarter, to the reply


class PromptWriter:
    """Writes requests as token ids for one model.

    Args:
        name: The model's name, for errors.
        tokenizer: Its tokenizer; a chat template, if it has one, decides the form.
        config: Its configuration, which knows the context.
    """

    def __init__(self, *, name: str, tokenizer: Any, config: Any) -> None:
        self._name = name
        self._tokenizer = tokenizer
        self._chats = bool(tokenizer.chat_template)
        self._tokens = _control_tokens(tokenizer)
        self.context = _context(tokenizer, config)

    def fitting_ids(self, request: ModelRequest) -> list[int]:
        """Return the prompt's tokens, cut as `layout.shortened` says until the reply has room.

        Raises:
            ModelError: When even the shortest prompt is too long.
        """
        return self._fitted(request)[1]

    def opens_thoughts(self, ids: list[int]) -> bool:
        """Return whether the prompt ends by opening the thoughts of a reasoning model."""
        text: str = self._tokenizer.decode(ids[-_THOUGHT_TOKENS:])
        return text.rstrip().endswith(OPENING)

    def option_ids(self, request: ModelRequest, options: Sequence[str]) -> list[list[list[int]]]:
        """Return for each option the tokens of prompt and option, once for each way of spelling it.

        These are with and without a space between, as given and with a capital letter. The whole is
        tokenised, not the option alone, so that the tokens are those the model would write.

        Raises:
            ModelError: When even the shortest prompt is too long.
        """
        prompt, ids = self._fitted(request)
        tail, known = self._tail(prompt, ids)
        texts = [[tail + spelling for spelling in _spellings(option)] for option in options]
        ends = iter(self._ids_of([text for spellings in texts for text in spellings], special=not known))
        every = [[(*known, *next(ends)) for _ in spellings] for spellings in texts]
        return [[list(one) for one in dict.fromkeys(spellings)] for spellings in every]

    def _tail(self, prompt: str, ids: list[int]) -> tuple[str, list[int]]:
        """Return the prompt's last words and the tokens before them, so that only these need be read again.

        Where the words by themselves do not make the prompt's last tokens, as with tokenizers that mark a
        text's beginning, the whole prompt and no tokens.
        """
        start = prompt.rfind("\n", 0, -_TAIL_CHARS)
        if start < 0:
            return prompt, []
        tail = prompt[start:]
        last = self._ids_of([tail], special=False)[0]
        if ids[-len(last) :] != last:
            return prompt, []
        return tail, ids[: -len(last)]

    def _fitted(self, request: ModelRequest) -> tuple[str, list[int]]:
        """Return the text and the tokens of the prompt, cut until the reply has room."""
        text = self._text(request)
        ids = self._ids(text)
        if len(ids) <= self._budget(request):
            return text, ids
        text = self._text(self._fitting(request))
        return text, self._ids(text)

    def _budget(self, request: ModelRequest) -> int:
        return self.context - min(request.sampling.max_tokens, self.context // _REPLY_SHARE)

    def _fitting(self, request: ModelRequest) -> ModelRequest:
        budget = self._budget(request)

        def fits(shorter: ModelRequest) -> bool:
            return len(self._ids(self._text(shorter))) <= budget

        if fits(request):
            return request
        shorter = list(shortened(request))
        index = bisect_left(shorter, True, key=fits)
        if index == len(shorter):
            raise ModelError(
                f"The prompt does not fit {self._name}, which takes {self.context} tokens: "
                "write a shorter turn, or use a model with a longer context.",
                retryable=False,
            )
        return shorter[index]

    def _text(self, request: ModelRequest) -> str:
        if not self._chats:
            return plain_prompt(request, tokens=self._tokens)
        messages = chat_messages(request, tokens=self._tokens)
        from jinja2 import TemplateError

        try:
            return self._rendered(messages)
        except TemplateError:
            pass  # some templates refuse the system role
        try:
            return self._rendered(_without_system(messages))
        except TemplateError as error:
            raise ModelError(
                f"The chat template of {self._name} cannot be filled: {error}.", retryable=False
            ) from error

    def _rendered(self, messages: list[dict[str, str]]) -> str:
        text: str = self._tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=True, enable_thinking=False
        )
        return text

    def _ids(self, text: str) -> list[int]:
        return self._ids_of([text], special=True)[0]

    def _ids_of(self, texts: list[str], *, special: bool) -> list[list[int]]:
        """Return the tokens of each text, with those around a text where a template writes none."""
        marked = special and not self._chats
        ids: list[list[int]] = self._tokenizer(texts, add_special_tokens=marked)["input_ids"]
        return ids


def _spellings(option: str) -> list[str]:
    word = option.strip()
    return [space + spelt for spelt in (word, word[:1].upper() + word[1:]) for space in ("", " ")]


def _without_system(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the messages with the preamble in front of the first turn of the user's."""
    if messages[0]["role"] != "system":
        return messages
    preamble, first, *rest = messages
    joined = f"{preamble['content']}\n\n{first['content']}"
    return [{"role": "user", "content": joined}, *rest]


def _control_tokens(tokenizer: Any) -> tuple[str, ...]:
    """Return the tokens with a meaning beyond their text, which no quoted text may hold."""
    added = {str(token) for token in tokenizer.added_tokens_decoder.values()}
    marked = {token for token in added if any(char in "<>[]|\uff5c{}" for char in token)}
    return tuple(sorted(marked | set(tokenizer.all_special_tokens)))


def _context(tokenizer: Any, config: Any) -> int:
    """Return how many tokens the model takes; a cautious 2,048 when nothing says."""
    stated = getattr(config.get_text_config(), "max_position_embeddings", None)
    limits = [stated, tokenizer.model_max_length]
    return min([limit for limit in limits if limit and limit < _SANE_CONTEXT], default=2048)
