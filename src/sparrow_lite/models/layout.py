"""Lays a structured request out: as chat messages, or as a plain dialogue for base models.

Owns the form of a prompt and the promise that nobody's text can forge it: whatever a page, a title or a
speaker wrote, no line of it begins a turn or a search result, and no chat token survives in it. Leaves the
words to `prompts/` and the end of what a model writes to `turn_end.py`.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sparrow_lite.evidence import Evidence
from sparrow_lite.models.base import ModelRequest, Task
from sparrow_lite.transcript import Role, Transcript, Turn

SPEAKERS = {Role.USER: "User", Role.SPARROW: "Sparrow"}
ALONE = frozenset({Task.DECIDE, Task.JUDGE, Task.ATTACK})
"""Tasks whose instruction quotes the dialogue itself."""

_TITLE_CHARS = 200
_CHAT_ROLES = {Role.USER: "user", Role.SPARROW: "assistant"}
_KEPT_FORMATS = frozenset("\n\t\u200c\u200d")  # the joiners that some scripts need to be spelt
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_MARK = re.compile(r"[ \t]?[\[【]\s*\^?\d+(?:\s*[,;–-]\s*\d+)*\s*[\]】]")
_TURN_START = re.compile(
    r"^((?:[^\w\n]|_)*"
    r"(?:user|sparrow|search[ \t]+quer(?:y|ies)|search[ \t]+results?"
    r"|system|assistant|human|developer|tool)"
    r"(?:[ \t]*\[[^\]\n]*\])?)(?:[^\w\n]|_)*[:\uff1a](?:[^\w\n]|_)*",
    re.IGNORECASE | re.MULTILINE,
)
_CHAT_TOKEN = re.compile(
    r"<(?=[|\uff5c]|<?/?(?:s|bos|eos|pad|unk|mask|sep|cls|sys|think|tool_call|tool_response|system"
    r"|user|assistant|start_of_turn|end_of_turn|extra_id_\d+|(?:un)?used\d+|reserved_\w+)>)"
    r"|\[(?=/?(?:INST|SYS|BOS|EOS|PAD|UNK|CLS|SEP|MASK|gMASK|sMASK|TOOL_CALLS|TOOL_RESULTS"
    r"|AVAILABLE_TOOLS|SYSTEM_PROMPT)\])",
    re.IGNORECASE,
)


def chat_messages(request: ModelRequest, *, tokens: Sequence[str] = ()) -> list[dict[str, str]]:
    """Return the request as `{"role", "content"}` messages, the last one the user's.

    The preamble comes first and unchanged, and the volatile parts (evidence, instruction) last, so that
    servers can reuse what they computed for the earlier turns. Neighbouring turns of one speaker are
    joined and leading turns of Sparrow's left out, because many chat templates demand alternation.

    Args:
        request: What is asked.
        tokens: Special tokens of the model's own, to be broken up beside the well-known ones.
    """
    messages = [{"role": "system", "content": request.preamble}] if request.preamble else []
    tail = _tail(request, tokens)
    if request.task in ALONE:
        return [*messages, {"role": "user", "content": tail}]
    turns = _alternating(request.transcript)
    if not turns or turns[-1].role is Role.SPARROW:
        turns.append(Turn(role=Role.USER, text=""))
    for turn in turns:
        content = quieten(turn.text, tokens=tokens)
        messages.append({"role": _CHAT_ROLES[turn.role], "content": content})
    last = messages[-1]
    last["content"] = "\n\n".join(part for part in (last["content"], tail) if part)
    return messages


def plain_prompt(request: ModelRequest, *, tokens: Sequence[str] = ()) -> str:
    """Return the request as a dialogue for a base model to go on with.

    In order: preamble, example conversation, the dialogue, search results, instruction, and the name of who
    writes next: `Sparrow:`, or `User:` for ATTACK.
    """
    parts = [request.preamble]
    if request.task not in ALONE:
        parts += [quote_dialogue(request.example, tokens=tokens)]
        parts += [quote_dialogue(request.transcript, tokens=tokens)]
    writer = Role.USER if request.task is Task.ATTACK else Role.SPARROW
    parts += [_tail(request, tokens), f"{SPEAKERS[writer]}:"]
    return "\n\n".join(part for part in parts if part)


def quote_dialogue(transcript: Transcript, *, tokens: Sequence[str] = ()) -> str:
    """Return the dialogue as `User:` and `Sparrow:` turns, oldest first, that no turn's text can forge."""
    return "\n\n".join(
        f"{SPEAKERS[turn.role]}: {quieten(turn.text, tokens=tokens)}" for turn in transcript.turns
    )


def quote_evidence(evidence: Sequence[Evidence], *, tokens: Sequence[str] = ()) -> str:
    """Return the passages as `Search Result [id]: title (host)` blocks; empty when there are none.

    Every line of a passage begins with `> `. Addresses are not shown: a model writes ids, never links.
    """
    return "\n\n".join(_block(piece, tokens) for piece in evidence)


def quieten(text: str, *, tokens: Sequence[str] = ()) -> str:
    """Return the text without anything that could start a turn or pass for a chat token.

    Line ends become newlines; control and invisible characters go; a speaker's name at the start of a line
    loses its colon; chat tokens are broken by a space.
    """
    visible = "".join(
        char
        for char in _LINE_ENDS.sub("\n", text)
        if char in _KEPT_FORMATS or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}
    )
    return _TURN_START.sub(r"\1 - ", _break_tokens(visible, tokens)).strip()


def shortened(request: ModelRequest) -> Iterator[ModelRequest]:
    """Yield the request, then ever shorter ones, for models whose context it exceeds.

    The oldest turns go first (what remains begins with the user's), then evidence from the end, then the
    example; never the preamble, the instruction or the last turn of the user's.
    """
    yield request
    turns = request.transcript.turns
    users = [index for index, turn in enumerate(turns) if turn.role is Role.USER]
    for start in users:
        if start:
            request = replace(request, transcript=Transcript(turns=turns[start:]))
            yield request
    while request.evidence:
        request = replace(request, evidence=request.evidence[:-1])
        yield request
    if request.example.turns:
        yield replace(request, example=Transcript())


def _tail(request: ModelRequest, tokens: Sequence[str]) -> str:
    """Return evidence and instruction; the instruction may hold quoted text, so its tokens are broken."""
    instruction = _break_tokens(request.instruction, tokens)
    evidence = quote_evidence(request.evidence, tokens=tokens)
    return "\n\n".join(part for part in (evidence, instruction) if part)


def _block(piece: Evidence, tokens: Sequence[str]) -> str:
    title = _one_line(piece.page.title, tokens)[:_TITLE_CHARS].strip()
    host = _one_line(piece.page.host, tokens)
    lines = quieten(_without_marks(piece.text), tokens=tokens).split("\n")
    quoted = "\n".join(f"> {line}" for line in lines)
    return f"Search Result [{piece.id}]: {title} ({host})\n{quoted}"


def _one_line(text: str, tokens: Sequence[str]) -> str:
    joined = " ".join(_without_marks(text).split())
    return " ".join(quieten(joined, tokens=tokens).split())


def _without_marks(text: str) -> str:
    """Remove `[n]` marks, again until none is left, so that no removal leaves a new one behind."""
    before = None
    while before != text:
        before, text = text, _MARK.sub("", text)
    return text


def _break_tokens(text: str, tokens: Sequence[str]) -> str:
    text = _CHAT_TOKEN.sub(r"\g<0> ", text)
    for token in tokens:
        if len(token) > 1 and token in text:
            text = text.replace(token, f"{token[0]} {token[1:]}")
    return text


def _alternating(transcript: Transcript) -> list[Turn]:
    turns: list[Turn] = []
    for turn in transcript.turns:
        if turns and turns[-1].role is turn.role:
            turns[-1] = Turn(role=turn.role, text=f"{turns[-1].text}\n\n{turn.text}")
        elif turns or turn.role is Role.USER:
            turns.append(turn)
    return turns
