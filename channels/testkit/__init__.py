"""What every channel must pass, ours or anybody's, and what its author gives to be tried by it."""
