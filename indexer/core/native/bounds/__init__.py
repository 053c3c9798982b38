"""What an episode or a group of hits can score at most, so that most of them need no closer look."""
