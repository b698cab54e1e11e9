"""A reply or a conversation as plain text, Markdown or JSON, for people to keep and to pass on.

Markdown that leaves here renders as the words that were shown: what a model or a page wrote cannot become a
picture, a link, a heading or a tag. Links are only those of the evidence, and only http(s).
"""

import json
import re
from urllib.parse import quote, urlsplit

from sparrow_lite.conversations import Conversation, Exchange
from sparrow_lite.evidence import Evidence
from sparrow_lite.reply import Reply
from sparrow_lite.verdict import Outcome, SupportOutcome

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>&#|~$!])")
_LINE_START = re.compile(r"^[ \t]*([-+=]|\d+[.)])(?=\s|$|[-=+])", re.MULTILINE)
# Override and isolate characters let a text show another order than it has (Unicode TR 36, section 2.3).
_CONTROLS = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_SUPPORT_WORDS = {
    SupportOutcome.SUPPORTED: "supported",
    SupportOutcome.NOT_SUPPORTED: "not supported",
    SupportOutcome.UNSCORED: "unscored",
}


def web_address(url: str) -> str | None:
    """Return the address when a reader may follow it: http or https, a host, no password; else None."""
    try:
        parts = urlsplit(url)
        follow = parts.scheme in {"http", "https"} and parts.hostname and parts.username is None
    except ValueError:
        return None
    if not follow or _CONTROLS.search(url) or any(letter in url for letter in " \t\n\"'<>\\`"):
        return None
    return url


def plain_text(text: str) -> str:
    """Return the text without control, zero-width and direction characters; lines stay."""
    return _CONTROLS.sub("", text)


def cited_evidence(reply: Reply) -> tuple[Evidence, ...]:
    """Return the evidence that the reply cites, by id."""
    cited = {citation.id for citation in reply.citations}
    return tuple(piece for piece in sorted(reply.evidence, key=_id) if piece.id in cited)


def reply_text(reply: Reply) -> str:
    """Return the reply as plain text with its numbered sources below."""
    lines = [plain_text(reply.text)]
    sources = cited_evidence(reply)
    if sources:
        lines += ["", "Sources"]
        lines += [f"[{piece.id}] {_title(piece)} — {plain_text(piece.page.url)}" for piece in sources]
    return "\n".join(lines)


def conversation_markdown(conversation: Conversation) -> str:
    """Return the whole conversation as Markdown, with sources, quotes and verdicts."""
    lines = [f"# {_escape(conversation.title)}", "", f"Started {conversation.started_at}.", ""]
    for exchange in conversation.exchanges:
        lines += _exchange_markdown(exchange)
    return "\n".join(lines).rstrip() + "\n"


def conversation_json(conversation: Conversation) -> str:
    """Return the whole conversation as JSON: each turn's `reply` is what `ask --json` prints."""
    plain = {
        "format": "sparrow-lite conversation",
        "version": 1,
        "id": conversation.id,
        "title": conversation.title,
        "started_at": conversation.started_at,
        "turns": [
            {
                "question": exchange.question,
                "asked_at": exchange.asked_at,
                "stopped": exchange.stopped or None,
                "reply": exchange.reply.to_dict() if exchange.reply is not None else None,
            }
            for exchange in conversation.exchanges
        ],
    }
    return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


def _exchange_markdown(exchange: Exchange) -> list[str]:
    lines = [f"## {_escape(' '.join(exchange.question.split()))}", ""]
    reply = exchange.reply
    if reply is None:
        why = exchange.stopped.rstrip(".") or "the turn did not finish"
        return [*lines, f"*No reply: {_escape(why)}.*", ""]
    lines += [_escape(reply.text), ""]
    for piece in cited_evidence(reply):
        lines += _source_markdown(reply, piece)
    return [*lines, f"*{_escape(_facts(reply))}*", ""]


def _source_markdown(reply: Reply, piece: Evidence) -> list[str]:
    address = web_address(piece.page.url)
    title = _escape(_title(piece))
    where = f"[{title}](<{quote(address, safe=_URL_SAFE)}>)" if address else title
    shown = _escape(piece.page.host)
    lines = [f"\\[{piece.id}\\] {where} ({shown}, read {piece.page.opened_at})", ""]
    for citation in reply.citations:
        if citation.id == piece.id and citation.quote:
            score = "" if citation.support is None else f", {citation.support:.2f}"
            words = _escape(" ".join(citation.quote.split()))
            lines += [f"> {words}", f"> — {_SUPPORT_WORDS[citation.verdict]}{score}", ""]
    return lines


_URL_SAFE = "/:?#[]@!$&'()*+,;=%-._~"


def _facts(reply: Reply) -> str:
    kept = sum(verdict.outcome is Outcome.KEPT for verdict in reply.verdicts)
    parts = [f"Model {reply.model}", f"rules kept {kept} of {len(reply.verdicts)}"]
    broken = [verdict.rule for verdict in reply.verdicts if verdict.outcome is Outcome.BROKEN]
    if broken:
        parts.append("broken: " + ", ".join(broken))
    if reply.abstained is not None:
        parts.append(f"abstained: {reply.abstained}")
    parts.append(f"{reply.seconds:.1f} s")
    return " · ".join(parts)


def _escape(text: str) -> str:
    # Four spaces would begin a block of code.
    flush = re.sub(r"^[ \t]+", "", plain_text(text), flags=re.MULTILINE)
    escaped = _MARKDOWN.sub(r"\\\1", flush)
    return _LINE_START.sub(lambda match: _escape_marker(match[1]), escaped)


def _escape_marker(marker: str) -> str:
    return f"\\{marker}" if len(marker) == 1 else f"{marker[:-1]}\\{marker[-1]}"


def _title(piece: Evidence) -> str:
    return " ".join(plain_text(piece.page.title).split()) or piece.page.host


def _id(piece: Evidence) -> int:
    return piece.id
