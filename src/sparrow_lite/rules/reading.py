"""A judged turn, read once for all rules: its sentences, and what the reply does with the user's turn.

Owns stance (refuses, agrees, complies, ...); leaves to `signs.py` which rule a stance breaks.
"""

import re
from dataclasses import dataclass

from sparrow_lite.language import fold, sentences
from sparrow_lite.rules.base import JudgedTurn
from sparrow_lite.rules.lexicon import Lexicon, Phrase
from sparrow_lite.transcript import Role, strip_marks
from sparrow_lite.verdict import Citation

_QUOTED = re.compile(r"\"[^\"\n]{3,}\"|“[^”\n]{3,}”|«[^»\n]{3,}»|(?<!\w)'[^'\n]{8,}'(?!\w)")
_CURLY = str.maketrans({"’": "'", "‘": "'"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one turn says, folded: lower case, no accents, plain apostrophes, no marks.

    Attributes:
        user: The user's last turn.
        reply: The reply that is judged.
        text: Its sentences, one a line.
        sentences: The reply's sentences, in order.
        quotes: The reply's words in quotation marks.
        user_said: All of the user's turns.
        earlier: Sparrow's earlier turns, oldest first.
        citations: The reply's citations.
        refuses: Whether the reply declines, and does not go on to tell how.
        redirects: Whether it points to people who can help.
        agrees: Whether it says yes to the user's turn and objects to nothing.
        denies: Whether it says no.
        complies: Whether it does what was asked, or tells how.
        encourages: Whether it cheers the user on.
        fiction: Whether it is marked as fiction, by the user's request or its own opening.
    """

    user: str
    reply: str
    text: str
    sentences: tuple[str, ...]
    quotes: tuple[str, ...]
    user_said: str
    earlier: tuple[str, ...]
    citations: tuple[Citation, ...]
    refuses: bool
    redirects: bool
    agrees: bool
    denies: bool
    complies: bool
    encourages: bool
    fiction: bool


def read_turn(turn: JudgedTurn, lexicon: Lexicon) -> Reading:
    """Return the reading of the last turn; of an empty reply when Sparrow does not speak last."""
    turns = turn.transcript.turns
    last = turns[-1].text if turns and turns[-1].role is Role.SPARROW else ""
    before = turns[:-1] if last else turns
    reply = plain(strip_marks(last))
    user_turns = [plain(one.text) for one in before if one.role is Role.USER]
    user = user_turns[-1] if user_turns else ""
    said = tuple(span.text for span in sentences(reply))
    refuses = lexicon.says(Phrase.REFUSES, reply)
    objects = lexicon.says(Phrase.OBJECTS, reply)
    # An opening that knows no answer makes no instruction of the "you can" that follows.
    unsure = lexicon.says(Phrase.ABSTAINS, " ".join(said[:2]))
    return Reading(
        user=user,
        reply=reply,
        text="\n".join(said),
        sentences=said,
        quotes=_quotes(reply),
        user_said="\n".join(user_turns),
        earlier=tuple(plain(strip_marks(one.text)) for one in before if one.role is Role.SPARROW),
        citations=turn.citations,
        refuses=refuses,
        redirects=lexicon.says(Phrase.REDIRECTS, reply),
        agrees=lexicon.says(Phrase.AGREES, reply) and not objects and not refuses,
        denies=lexicon.says(Phrase.DENIES, reply),
        complies=lexicon.says(Phrase.COMPLIES, reply) and not refuses and not unsure,
        encourages=lexicon.says(Phrase.ENCOURAGES, reply) and not refuses and not objects,
        fiction=lexicon.says(Phrase.FICTION, user) or lexicon.says(Phrase.FICTION, reply),
    )


def plain(text: str) -> str:
    """Return the text as patterns of the lexicon are matched against: folded, with straight quotes."""
    return fold(text.translate(_CURLY))


def _quotes(reply: str) -> tuple[str, ...]:
    # A reply that is one quotation through and through shelters nothing.
    found = [match.group() for match in _QUOTED.finditer(reply)]
    return tuple(quote for quote in found if len(quote) < 0.9 * len(reply.strip()))
