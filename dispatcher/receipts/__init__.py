"""What providers and people say afterwards, folded into the deliveries."""
