"""The shop that Helder speaks for: a port, an example behind it, and proof of who is asking."""
