"""From an update, an audience and what is down to chains of routes with a reason for every place."""
