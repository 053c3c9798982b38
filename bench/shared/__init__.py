"""What benches share: texts to measure on, measuring, figures and how they are shown. Nothing here is a command."""
