# Golden values of tests of change, computed from the covariance of R's survey package.
#
#   Rscript tests/golden/make_chains_golden.R        (from the repository root, some seconds)
#
# Reads panel_<name>.csv (see README.md) and the series `rain` of R's markovchain; writes
# chains_golden.csv and chains_rain.csv. Made with R 4.2.2, survey 4.1.1, markovchain 0.9.1, MASS.
#
# Conventions: one row per person; the totals of weight x indicator of every cell and their
# covariance come from svytotal. A pair has the weight of its later wave, and in its base are those
# with that weight and an answer at both waves; three waves likewise. Hypotheses are numbers that
# are all zero under it, differentiated by a complex step. Panel `both` goes without its population
# sizes, here and in the test: each wave and pair of a finite population is a sample of its own, and R
# has no covariance between samples.
#
# chains_golden.csv: test, panel, then both forms whatever m and f are.
#   m, f           independent numbers; PSUs - strata with members in the base, the least
#   W              d' V^- d; F_wald = W (f - m + 1) / (f m)
#   x2             d' A^- d, A the covariance under the hypothesis if people were drawn one by one;
#                  for one table checked against the textbook formula on weighted shares times n
#   F, df1         second order (Rao and Scott 1984): x2 / tr D, (tr D)^2 / tr D^2, D = A^- V
#   chi            first order, m x2 / tr D
# Where rows are compared, without the rows and columns of a slice that fewer than five people are in.
#
# markovchain: assessOrder is the X2 of `markov_order` for the triples of one sequence. Not the
# same, and so not here: verifyMarkovProperty (expected counts from the matrix of the whole
# sequence, df from the cells seen), assessStationarity (chisq.test of shares instead of counts).
# verifyHomogeneity compares whole tables, margins of the origin included: its G2 is that of the
# rows plus that of the margins.

suppressPackageStartupMessages({library(survey); library(MASS); library(markovchain)})
folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")
STATES <- c("a", "b", "c")
K <- 3

wide_panel <- function(name) {
  long <- read.csv(file.path(folder, paste0("panel_", name, ".csv")), na.strings = "",
                   colClasses = c(weight = "numeric"))
  people <- long[!duplicated(long$person), c("person", "stratum", "psu", "sex")]
  for (wave in unique(long$wave)) {
    here <- long[long$wave == wave, ]
    at <- match(people$person, here$person)
    people[[paste0("s.", wave)]] <- match(here$answer[at], STATES)
    weight <- here$weight[at]
    people[[paste0("w.", wave)]] <- ifelse(is.na(weight), 0, weight)
  }
  people$one <- 1
  people
}

design_of <- function(people) {
  arguments <- list(ids = if (all(is.na(people$psu))) ~1 else ~psu, weights = ~one, data = people)
  if (!all(is.na(people$stratum))) arguments$strata <- ~stratum
  do.call(svydesign, arguments)
}

# Weighted indicators of the cells of some waves (states in the last wave vary slowest).
table_of <- function(people, waves, group = NULL) {
  weight <- people[[paste0("w.", tail(waves, 1))]]
  code <- rep(0, nrow(people))
  for (wave in rev(waves)) code <- code * K + people[[paste0("s.", wave)]] - 1
  groups <- 1
  if (!is.null(group)) {
    levels <- sort(unique(people[[group]]))
    code <- code + (match(people[[group]], levels) - 1) * K^length(waves)
    groups <- length(levels)
  }
  base <- !is.na(code) & weight > 0
  size <- groups * K^length(waves)
  cells <- sapply(seq_len(size) - 1, function(cell) ifelse(base & code == cell, weight, 0))
  units <- if (all(is.na(people$psu))) people$person else people$psu
  strata <- if (all(is.na(people$stratum))) rep("", nrow(people)) else people$stratum
  f <- length(unique(units[base])) - length(unique(strata[base]))
  list(cells = cells, count = colSums(cells > 0), n = sum(base), f = f, size = size)
}

slopes <- function(fun, at) {
  columns <- lapply(seq_along(at), function(i) {
    z <- as.complex(at)
    z[i] <- z[i] + 1e-30i
    Im(fun(z)) / 1e-30
  })
  do.call(cbind, columns)
}

# tables: list of table_of(); fun: from all shares to numbers; null: shares under the hypothesis.
both_forms <- function(people, tables, fun, null, textbook = NULL) {
  cells <- do.call(cbind, lapply(tables, `[[`, "cells"))
  which <- rep(seq_along(tables), sapply(tables, `[[`, "size"))
  total <- svytotal(cells, design_of(people))
  shares_of <- function(t) t / ave_sum(t, which)
  p <- shares_of(coef(total))
  V <- slopes(function(t) fun(shares_of(t)), coef(total))
  V <- V %*% vcov(total) %*% t(V)
  d <- fun(p)
  p0 <- null(p)
  n <- sapply(tables, `[[`, "n")[which]
  M <- (diag(p0) - outer(p0, p0) * outer(which, which, "==")) / n
  J <- slopes(fun, p)
  A <- J %*% M %*% t(J)
  # In units of the standard errors; what nobody can be in has none.
  units <- function(x) { s <- sqrt(pmax(diag(x), 0)); ifelse(s < 1e-9, Inf, s) }
  scaled <- function(x) x / outer(units(x), units(x))
  inverse <- function(x) ginv(scaled(x), tol = 1e-9) / outer(units(x), units(x))
  m <- qr(scaled(A), tol = 1e-9)$rank
  f <- min(sapply(tables, `[[`, "f"))
  x2 <- drop(d %*% inverse(A) %*% d)
  if (!is.null(textbook)) stopifnot(abs(x2 / textbook(p, tables[[1]]$n) - 1) < 1e-9)
  D <- inverse(A) %*% V
  trace <- sum(diag(D))
  # Where there are fewer PSUs than numbers the Wald form does not exist.
  W <- if (f >= m) drop(d %*% inverse(V) %*% d) else NA
  data.frame(m = m, f = f, W = W, F_wald = W * (f - m + 1) / (f * m), x2 = x2, F = x2 / trace,
             df1 = trace^2 / sum(D * t(D)), chi = m * x2 / trace)
}

ave_sum <- function(values, code) {
  sums <- sapply(seq_len(max(code)), function(k) sum(values[code == k]))
  sums[code]
}

square <- function(p) matrix(p, K, K)                     # rows: origin
symmetric <- function(p) as.vector((square(p) + t(square(p))) / 2)
net <- function(p) colSums(square(p)) - rowSums(square(p))
opposite <- function(p) { q <- square(p) - t(square(p)); q[upper.tri(q)] }
cycle <- function(p) {
  q <- log(square(p))
  q[1, 2] + q[2, 3] + q[3, 1] - q[2, 1] - q[3, 2] - q[1, 3]
}

# rows x columns x slices: what is beyond row total x pooled share
alike <- function(x) {
  column <- apply(x, c(2, 3), sum)
  row <- apply(x, c(1, 3), sum)
  slice <- apply(x, 3, sum)
  expected <- x
  for (s in which(slice != 0)) expected[, , s] <- outer(row[, s], column[, s]) / slice[s]
  expected
}
pearson <- function(x, n) {
  expected <- alike(x)
  sum((n * (x - expected)^2 / expected)[expected > 0])
}
# 1 in the rows and columns with five people or more among themselves, 0 elsewhere.
with_people <- function(counts) {
  kept <- array(1, dim(counts))
  repeat {
    row <- apply(counts * kept, c(1, 3), sum) >= 5
    column <- apply(counts * kept, c(2, 3), sum) >= 5
    before <- kept
    for (s in seq_len(dim(counts)[3])) kept[, , s] <- kept[, , s] * outer(row[, s], column[, s])
    if (all(kept == before)) return(kept)
  }
}
rows_test <- function(people, tables, arrange, back, textbook) {
  kept <- with_people(arrange(unlist(lapply(tables, `[[`, "count"))))
  compared <- function(p) arrange(p) * kept
  both_forms(people, tables, function(p) as.vector(compared(p) - alike(compared(p))),
             function(p) back(ifelse(kept == 1, alike(compared(p)), arrange(p))),
             if (!is.null(textbook)) function(p, n) textbook(compared(p), n))
}

pair_tests <- function(name) {
  people <- wide_panel(name)
  pair <- list(table_of(people, c("w1", "w2")))
  one <- function(test, fun, null, textbook = NULL) {
    cbind(test = test, panel = name, both_forms(people, pair, fun, null, textbook))
  }
  bowker <- function(p, n) { q <- square(p); n * sum(((q - t(q))^2 / (q + t(q)))[upper.tri(q)]) }
  identity <- function(p) p
  sexes <- list(table_of(people, c("w1", "w2"), "sex"))
  # origin, destination, sex -> sex, destination, origin
  arrange <- function(p) aperm(array(p, c(K, K, length(p) / K^2)), c(3, 2, 1))
  rbind(one("marginal_homogeneity", net, symmetric),
        one("symmetry", opposite, symmetric, bowker),
        one("quasi_symmetry", cycle, identity),
        one("equal_flows", function(p) square(p)[1, 2] - square(p)[2, 1], identity),
        cbind(test = "homogeneity", panel = name, rows_test(
          people, sexes, arrange, function(x) as.vector(aperm(x, c(3, 2, 1))),
          pearson)))
}

wave_tests <- function(name) {
  people <- wide_panel(name)
  pairs <- list(table_of(people, c("w1", "w2")), table_of(people, c("w2", "w3")))
  # origin, destination, interval -> interval, destination, origin
  arrange <- function(p) aperm(array(p, c(K, K, 2)), c(3, 2, 1))
  back <- function(x) as.vector(aperm(x, c(3, 2, 1)))
  three <- list(table_of(people, c("w1", "w2", "w3")))
  # before, middle, after -> before, after, middle
  history <- function(p) aperm(array(p, c(K, K, K)), c(1, 3, 2))
  rbind(cbind(test = "stationarity", panel = name, rows_test(people, pairs, arrange, back, NULL)),
        cbind(test = "markov_order", panel = name, rows_test(
          people, three, history, function(x) as.vector(aperm(x, c(1, 3, 2))),
          pearson)))
}

golden <- rbind(do.call(rbind, lapply(c("stratified", "clustered", "both"), pair_tests)),
                do.call(rbind, lapply(c("stratified", "both"), wave_tests)))
written <- golden
written[-(1:4)] <- lapply(golden[-(1:4)], function(x) ifelse(is.na(x), "", sprintf("%.15g", x)))
write.csv(written, file.path(folder, "chains_golden.csv"), row.names = FALSE, quote = FALSE)

data(rain)
days <- rain$rain
last <- length(days)
triples <- as.data.frame(table(before = days[1:(last - 2)], state = days[2:(last - 1)],
                               after = days[3:last]))
suppressWarnings(order <- assessOrder(days, verbose = FALSE))
triples$assess_order <- sprintf("%.12g", order$statistic)
write.csv(triples, file.path(folder, "chains_rain.csv"), row.names = FALSE, quote = FALSE)
