"""Outage Dispatcher: tells everybody who is affected by an outage, by routes that do not ride on what is down."""

__version__ = "0.1.0"
