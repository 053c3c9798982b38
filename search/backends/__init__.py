"""The protocols of an engine (vocabulary, candidates, stored episodes), and the engines that implement them."""
