"""The commands, the web page and a real browser, as tests run them and look at them."""
