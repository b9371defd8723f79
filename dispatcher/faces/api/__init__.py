"""HTTP: for integrators, monitors, providers' receipts and apps."""
