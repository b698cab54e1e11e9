"""Conversations kept in one SQLite file: what each person asked, and the whole reply.

`values.py` holds what is read, `tables.py` the file's form, `store.py` reading, writing and who may.
"""

from sparrow_lite.conversations.store import Conversations
from sparrow_lite.conversations.values import Conversation, ConversationLine, Exchange

__all__ = ["Conversation", "ConversationLine", "Conversations", "Exchange"]
