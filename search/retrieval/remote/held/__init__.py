"""What is held of episodes: fetched for one question or kept from earlier ones, whole or partial."""
