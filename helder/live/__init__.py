"""Who watches a conversation is woken when it changes: customers' streams and the desk's alike."""
