"""The root of what Helder refuses to do for the person at the keyboard."""


class Refusal(Exception):
    """It cannot be done. The message is one sentence for a person and says what to do."""
