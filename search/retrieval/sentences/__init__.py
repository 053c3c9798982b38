"""What ranks sentences, questions and running text: their windows, and what these share with them."""
