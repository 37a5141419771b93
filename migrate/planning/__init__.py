"""What would be sent: the dealer's state, the difference, the brake, staleness."""
