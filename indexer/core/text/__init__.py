"""Text as it comes and as it is compared: decoding, folding, sanitizing; times as they are written."""
