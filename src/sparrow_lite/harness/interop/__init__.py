"""Runs for other programs: rows for data frames, logs and tasks for Inspect. Each needs an optional extra."""
