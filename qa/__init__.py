"""Questions in; ranked passages with evidence, verdict and citations out.

Imports `corpus` and `index`; knows no HTTP and no templates.
"""
