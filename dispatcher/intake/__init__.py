"""Alerts and requests become signals: verified, normalised, deduplicated."""
