"""The parts of the demo: orders in, a customer base in words and pictures out."""
