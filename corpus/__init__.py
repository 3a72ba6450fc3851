"""Source files in; documents, passages and sentences with exact spans out.

The leftmost package: it imports none of `index`, `qa` and `web`, and knows no vectors and no questions.
"""
