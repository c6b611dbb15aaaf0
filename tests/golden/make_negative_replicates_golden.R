# Golden values under replicate weights of which some are negative, computed by R's survey package.
#
#   Rscript tests/golden/make_negative_replicates_golden.R   (from the repository root, two seconds)
#
# Makes synthetic people (negative_replicates_people.csv) and, from that file,
# negative_replicates_golden.csv: method, measure, label, estimate, std_error, df. `method` is SDR
# (scale 4/R about the estimate) or bootstrap (scale 1/(R - 1) about the mean). Of the three people of
# region "z" the replicate weights add up to less than 0 under one replicate. `raked` and `linear` are
# shares at the second wave after calibration of the weight and every replicate to sex and region, "z"
# being part of "y".

suppressPackageStartupMessages(library(survey))
options(warn = 2)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")
REPLICATES <- 16
STATES <- c("a", "b", "c")

digits <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))

make_people <- function() {
  set.seed(20251103)
  n <- 120
  people <- data.frame(
    sex = sample(c("f", "m"), n, replace = TRUE), region = sample(c("x", "y"), n, replace = TRUE),
    w1 = sample(STATES, n, replace = TRUE), weight = runif(n, 5, 9))
  people$region[1:3] <- "z"
  people$w1[1:3] <- STATES
  people$w2 <- ifelse(runif(n) < .6, people$w1, sample(STATES, n, replace = TRUE))
  people$w2[1:3] <- c("a", "b", "a")
  for (r in seq_len(REPLICATES)) {
    factor <- 1 + sample(c(0, .7, -.7), n, replace = TRUE)
    factor[sample(4:n, 3)] <- -.1 * sample(1:4, 3, replace = TRUE)
    people[[paste0("r", r)]] <- people$weight * factor
  }
  people$r5[1:3] <- c(.4, -2.5, .6)
  for (column in c("weight", paste0("r", seq_len(REPLICATES)))) people[[column]] <- digits(people[[column]])
  write.csv(people, file.path(folder, "negative_replicates_people.csv"), row.names = FALSE,
            quote = FALSE, eol = "\n")
}

rows <- list()

add <- function(method, measure, label, found, df) {
  rows[[length(rows) + 1]] <<- data.frame(
    method = method, measure = measure, label = label, estimate = digits(coef(found)[[1]]),
    std_error = digits(SE(found)[[1]]), df = df)
}

share <- function(method, measure, label, domain, hit) {
  domain$variables$x <- as.numeric(hit(domain$variables))
  add(method, measure, label, svymean(~x, domain), degf(domain))
}

make_golden <- function() {
  people <- read.csv(file.path(folder, "negative_replicates_people.csv"), stringsAsFactors = FALSE)
  replicates <- people[paste0("r", seq_len(REPLICATES))]
  stopifnot(any(replicates < 0))
  sdr <- svrepdesign(data = people, weights = ~weight, repweights = replicates,
                     type = "successive-difference", combined.weights = TRUE, mse = TRUE)
  bootstrap <- svrepdesign(data = people, weights = ~weight, repweights = replicates, type = "other",
                           scale = 1 / (REPLICATES - 1), rscales = rep(1, REPLICATES),
                           combined.weights = TRUE, mse = FALSE)
  for (method in c("SDR", "bootstrap")) {
    design <- list(SDR = sdr, bootstrap = bootstrap)[[method]]
    for (state in STATES) {
      share(method, "shares", state, design, function(d) d$w2 == state)
      for (region in c("x", "y", "z")) {
        share(method, "shares by region", paste0(region, ";", state), design[people$region == region, ],
              function(d) d$w2 == state)
      }
      for (other in STATES) {
        share(method, "flows", paste0(state, " > ", other), design,
              function(d) d$w1 == state & d$w2 == other)
        share(method, "transitions", paste0(state, " > ", other), design[people$w1 == state, ],
              function(d) d$w2 == other)
      }
    }
  }
  # The people of region z have no positive total to rake under one replicate.
  people$region <- ifelse(people$region == "z", "y", people$region)
  margins <- list(data.frame(sex = c("f", "m"), Freq = c(520, 480)),
                  data.frame(region = c("x", "y"), Freq = c(500, 500)))
  raked <- rake(update(sdr, region = people$region), list(~sex, ~region), margins,
                control = list(epsilon = 1e-10, maxit = 500))
  # calibrate() takes roots of replicate weights: the regression estimator is written down.
  X <- model.matrix(~ sex + region, people)
  linear <- function(w) w * drop(1 + X %*% solve(crossprod(X, w * X), c(1000, 480, 500) - crossprod(X, w)))
  calibrated <- svrepdesign(data = people, weights = linear(people$weight),
                            repweights = apply(replicates, 2, linear),
                            type = "successive-difference", combined.weights = TRUE, mse = TRUE)
  for (state in STATES) {
    share("SDR", "raked", state, raked, function(d) d$w2 == state)
    share("SDR", "linear", state, calibrated, function(d) d$w2 == state)
  }
  write.csv(do.call(rbind, rows), file.path(folder, "negative_replicates_golden.csv"),
            row.names = FALSE, quote = FALSE, eol = "\n")
}

make_people()
make_golden()
