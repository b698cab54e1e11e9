"""Writes several texts at once, token by token, from what they share.

Owns the order of the work; `packed.py` reads, `sampling.py` chooses, and whoever asks says when a text ends.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sparrow_lite.models.base import Sampling
from sparrow_lite.models.local.attention import Reach
from sparrow_lite.models.local.packed import Branch, PackedReader
from sparrow_lite.models.local.prefix import Beginning
from sparrow_lite.models.local.sampling import Chooser, end_tokens
from sparrow_lite.models.local.store import KeyValues


@dataclass(slots=True, kw_only=True)
class Text:
    """One text to be written.

    Attributes:
        prompt: The tokens before it.
        sampling: How it is sampled.
        most: Most new tokens.
        take: Is given each token; returns whether the text goes on.
        written: Its tokens so far.
    """

    prompt: tuple[int, ...]
    sampling: Sampling
    most: int
    take: Callable[[int], bool]
    written: list[int] = field(default_factory=list)


def write_texts(reader: PackedReader, texts: Sequence[Text]) -> None:
    """Write all texts to their ends."""
    with reader.reading():
        prompts = list(dict.fromkeys(text.prompt for text in texts))
        ordered = sorted(texts, key=lambda text: prompts.index(text.prompt))
        beginning, branches = reader.branch(prompts)
        _Writing(reader, beginning, dict(zip(prompts, branches, strict=True))).write(ordered)
        reader.give_back(beginning)


class _Writing:
    """One batch of texts, those of one prompt side by side."""

    def __init__(
        self, reader: PackedReader, beginning: Beginning, branches: dict[tuple[int, ...], Branch]
    ) -> None:
        self._reader = reader
        self._beginning = beginning
        self._branches = branches
        self._choosers: dict[int, Chooser] = {}
        self._ends = end_tokens(reader.generation)

    def write(self, texts: Sequence[Text]) -> None:
        """Write the texts to their ends; one that ends makes the steps of the others cheaper."""
        rows = KeyValues(len(texts))
        logits = [self._branches[text.prompt].logits for text in texts]
        while True:
            going = [row for row, text in enumerate(texts) if self._take(text, logits[row])]
            if not going:
                return
            rows.select(going)
            texts = [texts[row] for row in going]
            logits = self._reader.step(
                [text.written[-1] for text in texts],
                [len(text.prompt) + len(text.written) - 1 for text in texts],
                rows,
                self._seen(texts),
            )

    def _take(self, text: Text, logits: object) -> bool:
        """Choose the text's next token; return whether the text goes on."""
        if len(text.written) >= text.most:
            return False
        chooser = self._choosers.get(id(text))
        if chooser is None:
            chooser = Chooser(self._reader.generation, text.sampling, self._reader.device)
            self._choosers[id(text)] = chooser
        token = chooser.choose([*text.prompt, *text.written], logits)
        text.written.append(token)
        goes_on = text.take(token)
        return goes_on and token not in self._ends and len(text.written) < text.most

    def _seen(self, texts: Sequence[Text]) -> list[Reach]:
        """Return what the rows see: all the beginning, and those of one prompt its branch."""
        known = len(self._beginning.ids)
        seen = []
        if known:
            seen.append(Reach(start=0, stop=len(texts), past=self._beginning.past, length=known, first=0))
        start = 0
        for prompt in dict.fromkeys(text.prompt for text in texts):
            past = self._branches[prompt].past
            stop = start + sum(text.prompt == prompt for text in texts)
            seen.append(Reach(start=start, stop=stop, past=past, length=past.length, first=known))
            start = stop
        return seen
