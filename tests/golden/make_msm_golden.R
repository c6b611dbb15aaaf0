# The plain chain and the latent Markov model of women's labour force participation, by R's msm.
#
#   Rscript tests/golden/make_msm_golden.R        (from the repository root, ten seconds)
#
# msm fits rates in continuous time; with two states, equal intervals and a chain that rather stays,
# the transition matrix of one interval is the same model. Misclassification is the response
# error. Made with R 4.2.2 and msm 1.7.

suppressPackageStartupMessages(library(msm))

# Five waves, 0 no and 1 yes, the last wave changing fastest.
counts <- c(559, 35, 24, 36, 28, 6, 16, 54, 24, 5, 3, 9, 17, 7, 11, 73,
            43, 5, 3, 8, 9, 0, 7, 21, 28, 12, 2, 11, 47, 16, 38, 426)
paths <- as.matrix(rev(expand.grid(rep(list(0:1), 5))))
people <- paths[rep(seq_along(counts), counts), ]
long <- data.frame(person = rep(seq_len(nrow(people)), each = 5),
                   time = rep(0:4, nrow(people)), state = as.vector(t(people)) + 1)
rates <- rbind(c(0, .1), c(.1, 0))

plain <- msm(state ~ time, subject = person, data = long, qmatrix = rates,
             control = list(reltol = 1e-14))
hidden <- msm(state ~ time, subject = person, data = long, qmatrix = rates, ematrix = rates,
              est.initprobs = TRUE, initprobs = c(.6, .4),
              control = list(fnscale = 7000, maxit = 5000, reltol = 1e-14))

rows <- function(model, what, values) {
  data.frame(model = model, what = what, place = seq_along(values), value = as.vector(values))
}
golden <- rbind(
  # msm leaves the first wave out of the likelihood of the plain chain.
  rows("chain", "loglik after the first wave", plain$minus2loglik / -2),
  rows("chain", "transitions", t(pmatrix.msm(plain, 1))),
  rows("latent", "loglik", hidden$minus2loglik / -2),
  rows("latent", "initial", hidden$hmodel$initprobs[, 1]),
  rows("latent", "response", t(ematrix.msm(hidden, ci = "none"))),
  rows("latent", "transitions", t(pmatrix.msm(hidden, 1)))
)
golden$value <- signif(golden$value, 10)
write.csv(golden, "tests/golden/msm_golden.csv", row.names = FALSE, quote = FALSE)
