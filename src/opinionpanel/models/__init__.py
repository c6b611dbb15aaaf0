"""Models of change over waves: mover–stayer, latent Markov, regression of change."""
