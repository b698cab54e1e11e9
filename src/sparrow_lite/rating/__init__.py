"""Rating sessions: people judge plausibility, support, rules and preference; what comes out is counted.

Follow one rating: `protocols/` says what is asked of an item, `assign` who sees it, `sessions` hands it out,
`store` keeps the answer, `agreement` and `outcomes` count it. The pages are in `ui/rating/`.
"""
