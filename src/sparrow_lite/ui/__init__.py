"""The web app: the only part that imports gradio.

`launch.py` starts it, `page.py` lays it out, `actions.py` answers what people do, `turns.py` runs turns,
`shown.py` and `sources.py` say what is shown of a reply, `markup.py` fills the templates of `assets/`.
"""
