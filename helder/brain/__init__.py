"""The adapter to Rasa Open Source 3.6: tracker store, input channel, policy, server.

Nothing outside this package and `helder.understanding` imports rasa. What Rasa does by itself when
something fails (../shared notes are in docs/adr) is undone in `guard`.
"""
