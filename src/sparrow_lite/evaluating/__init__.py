"""What the commands `eval`, `report` and `compare` do: flags, progress, and what is printed."""
