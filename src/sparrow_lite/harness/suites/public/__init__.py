"""Public suites, one file each, read from the file as it is downloaded, by its own column names."""
