"""The loop that turns due steps into attempts and attempts into rings."""
