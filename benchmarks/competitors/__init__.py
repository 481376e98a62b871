"""Other implementations and other models, fitted for comparison."""
