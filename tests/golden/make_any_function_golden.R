# Golden values of functions of a frame under replicate weights, computed by R's survey package.
#
#   Rscript tests/golden/make_any_function_golden.R   (from the repository root, two seconds)
#
# Makes synthetic people (any_function_people.csv) and, from that file, any_function_golden.csv:
# design, parameter, estimate, std_error, df. The designs are JK1 of PSUs and JKn of PSUs in strata,
# both made by as.svrepdesign; SDR and bootstrap weights that are given (columns r1 to r24); and JK1
# after raking, every replicate anew. `few` is JKn of the women alone, the design kept whole.
#
# The functions: the Gini coefficient of x, its correlation with y, both weighted, and the
# coefficients of a weighted regression of y on x and sex.

suppressPackageStartupMessages(library(survey))
options(warn = 2)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")
REPLICATES <- 24

digits <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))

make_people <- function() {
  set.seed(20261130)
  n <- 150
  people <- data.frame(
    stratum = rep(c("n", "s", "w"), each = 50), psu = rep(1:30, each = 5),
    sex = sample(c("f", "m"), n, replace = TRUE), x = sample(1:7, n, replace = TRUE))
  people$y <- pmin(7, pmax(1, people$x + sample(-2:2, n, replace = TRUE)))
  people$weight <- runif(n, .5, 2)
  for (r in seq_len(REPLICATES)) {
    people[[paste0("r", r)]] <- people$weight * (1 + sample(c(0, .7, -.7), n, replace = TRUE))
  }
  for (column in c("weight", paste0("r", seq_len(REPLICATES)))) people[[column]] <- digits(people[[column]])
  write.csv(people, file.path(folder, "any_function_people.csv"), row.names = FALSE, quote = FALSE,
            eol = "\n")
}

functions <- function(w, d) {
  both <- of_two(w, d)
  X <- cbind(1, d$x, d$sex == "m")
  b <- solve(crossprod(X, w * X), crossprod(X, w * d$y))
  c(both, intercept = b[1], slope = b[2], men = b[3])
}

of_two <- function(w, d) {
  order <- order(d$x)
  x <- d$x[order]
  v <- w[order]
  rank <- cumsum(v) - v / 2
  gini <- 2 * sum(v * x * rank) / (sum(v) * sum(v * x)) - 1
  r <- cov.wt(cbind(d$x, d$y), wt = w / sum(w), cor = TRUE)$cor[1, 2]
  c(gini = gini, correlation = r)
}

make_golden <- function() {
  people <- read.csv(file.path(folder, "any_function_people.csv"), stringsAsFactors = FALSE)
  given <- people[paste0("r", seq_len(REPLICATES))]
  stratified <- svydesign(~psu, strata = ~stratum, weights = ~weight, data = people)
  psus <- svydesign(~psu, weights = ~weight, data = people)
  sdr <- svrepdesign(data = people, weights = ~weight, repweights = given,
                     type = "successive-difference", combined.weights = TRUE, mse = TRUE)
  bootstrap <- svrepdesign(data = people, weights = ~weight, repweights = given, type = "other",
                           scale = 1 / (REPLICATES - 1), rscales = rep(1, REPLICATES),
                           combined.weights = TRUE, mse = FALSE)
  jkn <- as.svrepdesign(stratified, type = "JKn", mse = FALSE, compress = FALSE)
  jk1 <- as.svrepdesign(psus, type = "JK1", mse = FALSE, compress = FALSE)
  raked <- rake(jk1, list(~sex, ~stratum),
                list(data.frame(sex = c("f", "m"), Freq = c(80, 70)),
                     data.frame(stratum = c("n", "s", "w"), Freq = c(60, 50, 40))),
                control = list(epsilon = 1e-11, maxit = 500))
  designs <- list(JK1 = jk1, JKn = jkn, SDR = sdr, bootstrap = bootstrap, raked = raked,
                  few = jkn[people$sex == "f", ])
  rows <- list()
  for (name in names(designs)) {
    found <- withReplicates(designs[[name]], if (name == "few") of_two else functions)
    rows[[name]] <- data.frame(
      design = name, parameter = names(coef(found)), estimate = digits(coef(found)),
      std_error = digits(SE(found)), df = degf(designs[[name]]))
  }
  write.csv(do.call(rbind, rows), file.path(folder, "any_function_golden.csv"), row.names = FALSE,
            quote = FALSE, eol = "\n")
}

make_people()
make_golden()
