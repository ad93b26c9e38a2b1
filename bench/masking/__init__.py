"""How much of what may not be kept is masked, how much else is, and how long it takes."""
