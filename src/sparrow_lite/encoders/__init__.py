"""The trained encoders that ship: their weights, their words and their run time.

Knows nothing of claims, rules or questions: `support`, `rules` and the embedded model give it texts and read
its numbers.
"""
