"""The tour: the six sections of a tutorial on real data, each step beside its reference.

``python -m mlmath_rs tour`` runs it and writes one page. A section is one file: what it computes
(its steps) and what it draws (its figures). `steps` says what a step is and takes it, `sections`
lists the six, `screen` prints, `page` writes the page, `run` is the whole.
"""
