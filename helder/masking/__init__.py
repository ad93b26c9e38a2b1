"""What may not be kept, or not in plain sight, taken out of texts: see docs/masking.md.

`Masker` (masker.py) is the way in. Finders each know one kind of thing and read a `Plain`
(plain.py): the text with every spelling of a digit, a dash or a blank made one, each in its place.
"""
