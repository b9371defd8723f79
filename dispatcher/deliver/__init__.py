"""Claim, send, record, decide."""
