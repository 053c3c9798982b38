"""How requests are answered at a bounded cost: worker threads with time limits, estimates of costs, and caches of
answers."""
