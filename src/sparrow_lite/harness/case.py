"""A case: one probe, answered by one arm, once; and what came of it."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from sparrow_lite.harness.conversation import Conversation
from sparrow_lite.harness.graded import Graded
from sparrow_lite.harness.probe import Probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One unit of work.

    Attributes:
        ordinal: Its place in the run's plan, from 0.
        probe: What is asked.
        arm: Name of the arm that answers.
        sample: Which of several answers, from 0.
        key: Hex hash of (probe, arm with its name, prompts and models, sample, code version).
    """

    ordinal: int
    probe: Probe
    arm: str
    sample: int
    key: str


def case_key(probe: Probe, arm: str, sample: int, code_version: str) -> str:
    """Return the key under which a case is done once: 32 hex digits.

    `arm` is its name with its fingerprint: two arms that answer alike are reported apart all the same.
    """
    content = json.dumps([probe.digest, arm, sample, code_version])
    return hashlib.sha256(content.encode()).hexdigest()[:32]


class Status(StrEnum):
    """Whether a case gave a conversation."""

    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What came of a case.

    Attributes:
        case: The case.
        status: Done or failed.
        conversation: What was said; None when it failed.
        grades: One for each set of judges; empty when it failed.
        reason: Why it failed; None when it did not.
        tries: How often it was tried.
    """

    case: Case
    status: Status
    conversation: Conversation | None = None
    grades: tuple[Graded, ...] = ()
    reason: str | None = None
    tries: int = 1
