"""What it takes to wrap every data key anew while people talk, and to be killed over it."""
