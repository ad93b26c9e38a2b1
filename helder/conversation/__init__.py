"""The log at Helder's centre: one append-only, encrypted, sequenced log per conversation.

`ConversationLog` is its public face; docs/encryption.md gives the format and what it guarantees.
"""
