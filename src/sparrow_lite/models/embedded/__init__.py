"""The embedded model: no download, no key, no network; extractive.

`model` writes, with `intents` (what it answers without evidence), `resolve` (a query that stands on its own),
`question` (what is asked for) and `quoting` (the sentences that answer).
"""
