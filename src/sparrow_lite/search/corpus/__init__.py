"""The user's own files as a search backend.

`documents` reads files, `passages` cuts them, `index` keeps and ranks them, `follow` brings the index up to
date with the folder, `backend` searches.
"""
