"""Readers of public data sets, one file each: from the files as their authors publish them to examples."""
