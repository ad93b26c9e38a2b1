"""Consent (GDPR art. 4(11), 6(1)(a) and 7): what a customer is asked for, what they answered, and
the receipt of a yes. Services ask here whether they may; see docs/consent.md.
"""
