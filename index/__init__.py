"""Documents in; a complete, checksummed snapshot on disk out, and the means to look things up in it.

Imports `corpus`; knows no questions, no ranking and no HTTP.
"""
