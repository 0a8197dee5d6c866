"""What is still to be done, by whom, until when."""
