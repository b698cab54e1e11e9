"""What the ledger's rows hold of a case, and the compressed form of its conversation."""

import hashlib
import json
import zlib
from datetime import UTC, datetime
from typing import Any

from sparrow_lite.harness.case import Finished
from sparrow_lite.harness.conversation import Conversation
from sparrow_lite.harness.graded import Graded


def freeze(conversation: Conversation) -> tuple[str, bytes]:
    """Return the name of a conversation, the hex SHA-256 of its JSON, and its compressed form."""
    plain = json.dumps(conversation.to_dict(), ensure_ascii=False, sort_keys=True).encode()
    return hashlib.sha256(plain).hexdigest(), zlib.compress(plain, level=1)


def thaw(body: bytes) -> Conversation:
    """Return the conversation of its compressed form.

    Raises:
        zlib.error, ValueError, KeyError, TypeError: When it is damaged.
    """
    return Conversation.of(json.loads(zlib.decompress(body)))


def case_values(one: Finished, text: tuple[str, bytes] | None) -> dict[str, Any]:
    """Return the columns of a finished case; `text` is its frozen conversation."""
    case, said = one.case, one.conversation
    usage = said.usage if said else None
    return {
        "key": case.key,
        "ordinal": case.ordinal,
        "suite": case.probe.suite,
        "probe": case.probe.id,
        "arm": case.arm,
        "sample": case.sample,
        "status": one.status.value,
        "reason": one.reason,
        "tries": one.tries,
        "text": text[0] if text else None,
        "replies": len(said.replies) if said else 0,
        "evidence_shown": bool(said and said.last.citations),
        "abstained": said.last.abstained if said else None,
        "seconds": said.seconds if said else 0.0,
        "requests": usage.requests if usage else 0,
        "input_tokens": usage.input_tokens if usage else 0,
        "output_tokens": usage.output_tokens if usage else 0,
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def grade_values(key: str, grade: Graded) -> dict[str, str]:
    """Return the columns of what one set of judges says of the case with this key."""
    return {
        "case": key,
        "judge": grade.judge,
        "body": json.dumps(grade.to_dict(), ensure_ascii=False),
    }
