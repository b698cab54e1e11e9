"""Opening pages safely and turning them into evidence.

`fetch` opens a page, `extract` finds its main text, `clean` makes that text harmless, `open` does the three
for the results of a search, and `passages` chooses what a turn may quote.
"""
