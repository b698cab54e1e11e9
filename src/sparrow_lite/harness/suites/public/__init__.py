"""Readers of public suites, one file each: from the file as its authors publish it to a `Suite`.

A suite of requests for harm is adversarial, with the nearest of our rules where there is one; a category
without one has none, and counts only under "any rule". Nothing of these sets ships with this package.
"""
