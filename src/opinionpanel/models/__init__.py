"""Models of change over waves: mover–stayer, latent Markov, missing at random, regression of change."""
