"""How well messages are understood: measured, and shown to designers as a page.

measures are figures alone; crossing asks the intent model of the examples it was not trained on.
"""
