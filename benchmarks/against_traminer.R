# Transition rates of every pair of waves whenever asked; the sequences are declared before.
suppressPackageStartupMessages(library(TraMineR))
source("peer.R")

waves <- as.integer(arguments[3])
answers <- as.data.frame(lapply(paste0("w", seq_len(waves)), read, kind = "integer"))
names(answers) <- paste0("w", seq_len(waves))
states <- sort(unique(answers$w1))
sequences <- suppressMessages(
  seqdef(answers, alphabet = states, weights = read("weight", "double"))
)
calls <- list(
  rates = function() suppressMessages(seqtrate(sequences, time.varying = TRUE))
)
# Origins change fastest, pairs of waves slowest.
serve(list(rates = as.vector(calls$rates())), calls)
