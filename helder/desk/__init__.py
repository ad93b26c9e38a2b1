"""The employees' side: the messages that customers left, behind a sign-in."""
