"""Customers and colleagues who write to each other: how quickly it arrives, what faults lose."""
