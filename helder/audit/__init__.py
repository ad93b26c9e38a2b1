"""Who did what at the desk: a chain of sealed entries that cannot be changed unnoticed.

docs/audit.md says what is recorded, and what it proves.
"""
