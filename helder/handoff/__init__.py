"""From the assistant to a person: messages left, hours, and who is helped first."""
