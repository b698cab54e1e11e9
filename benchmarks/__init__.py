"""Measurements against a named alternative; see `__main__.py` for how to run and how to add one."""
