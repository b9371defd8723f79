"""Notifications on people's own devices."""
