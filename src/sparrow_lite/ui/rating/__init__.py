"""The pages of rating sessions: the rater's, the organiser's, and the JSON that they ask for.

`routes.py` lists every address. A request is read and bounded by `asking.py`, who may ask is said by
`callers.py`, and what comes back by `answers.py` (raters) and `leading.py`, `making.py`, `handing_out.py`
(organisers). The pages are static files of `ui/assets/rating/`; all that they show comes as JSON and is set
as text. Rating itself is `sparrow_lite.rating`'s, which is imported when the first request comes.
"""
