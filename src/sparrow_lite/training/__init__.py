"""Training of the embedded judges and the reader: `sparrow-lite train support|reader|rules`.

A tool of its own: the agent never imports it, and what it needs beyond the agent's packages is the optional
extra `train`.
"""
