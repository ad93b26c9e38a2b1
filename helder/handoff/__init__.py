"""From the assistant to a person: messages that are left, and when somebody is there."""
