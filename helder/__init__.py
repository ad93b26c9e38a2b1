"""Helder: a customer-support assistant that people can trust because they can check it."""
