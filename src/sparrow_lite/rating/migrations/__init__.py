"""Steps of the ratings' database, each in `versions/`, run by Alembic when a store is opened.

A step's file is named `rNUMBER_words.py`, and its revision is the number. A step that was released is never
changed: what it lacks is a step of its own.
"""
