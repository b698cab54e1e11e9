"""The stages of one turn, a file each, in the order in which `agent.py` calls them.

`decide` (search? for what?), `gather` (search, open, choose passages), `draft` (candidates), `assess` (check
evidence, judge rules), `rank` (choose), `revise` (one more try, or a refusal), `conclude` (the Reply).
"""
