"""The Results pages of the app: runs of the harness, their reports, and two of them compared.

Documents with links and forms, written whole by the server; Gradio only says who is logged in. `routes.py`
serves them, `pages.py` says what stands on them, `reports.py` keeps the reports. What the harness needs is
imported when the first of them is asked for, so that whoever only chats does not wait for it.
"""
