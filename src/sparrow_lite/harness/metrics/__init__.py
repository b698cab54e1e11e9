"""Rates, intervals and tests over results; each of them says what it is over."""
