# Golden values of sources combined by generalised least squares, with covariances by R's survey package.
#
#   Rscript tests/golden/make_combining_golden.R   (from the repository root, two seconds)
#
# Makes a refreshed panel of three waves with clusters and unequal weights, and a sample of other people
# at w2 (combining_people.csv; cohort "beside"), and from that file combining_golden.csv: what, label,
# estimate, std_error. The shares of each cohort at each wave and their covariance are svyby's; levels and
# the effect are those of generalised least squares, the last state left out; `agreement` is the Wald χ² of
# what is left over. The "effect" is one of the cohort "first" at w3.

suppressPackageStartupMessages(library(survey))
options(warn = 2)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")
STATES <- c("a", "b", "c")
WAVES <- c("w1", "w2", "w3")

digits <- function(x) sprintf("%.17g", x)

make_people <- function() {
  set.seed(20251201)
  place <- rnorm(400, sd = .3)
  cohort <- function(name, first, size, waves, units) {
    own <- rnorm(size)
    psu <- sample(units, size, replace = TRUE)
    here <- rep(TRUE, size)
    parts <- lapply(waves, function(w) {
      if (w > waves[1]) here <<- here & runif(size) < .65
      value <- own + place[psu] + rnorm(size, sd = .7) + .1 * w
      data.frame(person = first + seq_len(size), wave = WAVES[w], cohort = name, psu = psu,
                 stratum = ifelse(psu <= 160, "north", "south"),
                 weight = round(runif(size, .5, 2), 3),
                 x = as.character(cut(value, c(-Inf, -.3, .8, Inf), STATES)))[here, ]
    })
    do.call(rbind, parts)
  }
  people <- rbind(cohort("first", 0, 600, 1:3, 1:400), cohort("joined w2", 1000, 340, 2:3, 1:400),
                  cohort("joined w3", 2000, 340, 3, 1:400), cohort("beside", 3000, 340, 2, 1:400))
  write.csv(people, file.path(folder, "combining_people.csv"), row.names = FALSE, quote = FALSE,
            eol = "\n")
}

rows <- list()

add <- function(what, label, estimate, std_error) {
  rows[[length(rows) + 1]] <<- data.frame(what = what, label = label, estimate = digits(estimate),
                                          std_error = digits(std_error))
}

# Shares of all states but the last, in the order of cells, with their covariance.
elementary <- function(people) {
  design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = people, nest = TRUE)
  design <- update(design, x = factor(x, STATES), cell = paste(wave, cohort, sep = ";"))
  found <- svyby(~x, ~cell, design, svymean, covmat = TRUE)
  cells <- found$cell
  keep <- paste0(rep(cells, each = 2), ":", rep(paste0("x", STATES[-3]), length(cells)))
  list(cells = cells, y = coef(found)[keep], V = vcov(found)[keep, keep])
}

gls <- function(name, parts, effect) {
  cells <- unlist(lapply(parts, `[[`, "cells"))
  y <- unlist(lapply(parts, `[[`, "y"))
  sizes <- sapply(parts, function(p) length(p$y))
  V <- matrix(0, length(y), length(y))
  ends <- cumsum(sizes)
  for (i in seq_along(parts)) {
    at <- (ends[i] - sizes[i] + 1):ends[i]
    V[at, at] <- parts[[i]]$V
  }
  D <- outer(sub(";.*", "", cells), WAVES, "==") + 0
  if (effect) D <- cbind(D, cells == "w3;first")
  X <- kronecker(D, diag(2))
  W <- solve(V)
  C <- solve(t(X) %*% W %*% X)
  theta <- drop(C %*% t(X) %*% W %*% y)
  left <- y - X %*% theta
  add(name, "agreement", drop(t(left) %*% W %*% left), 0)
  # All three states of a level, and of a difference of levels.
  all <- rbind(diag(2), -1)
  report <- function(label, A, start) {
    value <- A %*% theta + start
    error <- sqrt(diag(A %*% C %*% t(A)))
    for (s in 1:3) add(name, paste0(label, ";", STATES[s]), value[s], error[s])
  }
  pick <- function(k) all %*% diag(ncol(X))[2 * k + (-1:0), ]
  for (k in 1:3) report(WAVES[k], pick(k), c(0, 0, 1))
  report("w3 - w1", pick(3) - pick(1), 0)
  if (effect) report("effect", pick(4), 0)
}

make_people()
people <- read.csv(file.path(folder, "combining_people.csv"), stringsAsFactors = FALSE)
panel <- elementary(people[people$cohort != "beside", ])
beside <- elementary(people[people$cohort == "beside", ])
gls("panel", list(panel), FALSE)
gls("both", list(panel, beside), FALSE)
gls("with an effect", list(panel, beside), TRUE)
write.csv(do.call(rbind, rows), file.path(folder, "combining_golden.csv"), row.names = FALSE,
          quote = FALSE, eol = "\n")
