"""Reports of runs: figures gathered once, shown as HTML, Markdown, JSON or CSV."""
