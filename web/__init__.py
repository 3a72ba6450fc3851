"""The HTTP API, the pages, and the `citebox` command that gathers the commands of all packages.

The rightmost package: it may import the others, none imports it.
"""
