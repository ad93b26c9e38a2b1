"""What an operator does with keys and with the log: `helder keys …`, `helder log …`."""
