"""The words of customers that actions look for: words/*.yml, in both languages.

lists.py says what a list of words or of phrases finds in a message, model.py which lists there are,
and reading.py reads them, with the line of everything that is wrong.
"""
