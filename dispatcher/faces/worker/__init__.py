"""The Celery application: the muscle and the bell. The ledger is the record."""
