"""Models behind an API, through LangChain: `providers` opens them, `model` writes, `faults` retries."""
