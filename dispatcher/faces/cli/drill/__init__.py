"""`drill`: a vendor fails, for real as far as the engine can tell, and nobody is told anything."""
