"""Waiting for a person, simulated: who waits how long, who goes first, and is what we say true."""
