# Pooled estimates from mitools over data sets that this script imputes.
#
#     Rscript tests/golden/make_imputations_golden.R
#
# from the repository root, two seconds; needs survey and mitools. Answers at two waves, some of them
# missing, are filled five times by those of people with the same answer at the other wave, drawn at
# random. Shares, a change and shares of one group are estimated in each data set with the design,
# and pooled by MIcombine on the degrees of freedom of the design.

suppressMessages({library(survey); library(mitools)})
set.seed(20261201)

n <- 360
people <- data.frame(
  person = 1:n,
  stratum = rep(1:4, each = 90),
  psu = rep(1:36, each = 10),
  weight = round(exp(rnorm(n, 0, 0.4)), 6),
  group = ifelse(runif(n) < 0.6, "a", "b")
)
effect <- rnorm(36, 0, 0.5)[people$psu]
first <- 1 + (runif(n) < plogis(effect)) + (runif(n) < 0.3)
stays <- runif(n) < 0.7
second <- ifelse(stays, first, sample(1:3, n, replace = TRUE))
given <- cbind(first, second)
given[runif(n) < 0.10, 1] <- NA
given[runif(n) < 0.25, 2] <- NA

m <- 5
fill <- function(values, other) {
  missing <- which(is.na(values))
  for (place in missing) {
    like <- which(!is.na(values) & (is.na(other) | is.na(other[place]) | other == other[place]))
    values[place] <- values[like[sample.int(length(like), 1)]]
  }
  values
}
sets <- lapply(1:m, function(number) {
  data.frame(people, imputation = number,
             w1 = fill(given[, 1], given[, 2]), w2 = fill(given[, 2], given[, 1]))
})
write.csv(do.call(rbind, sets), "tests/golden/imputations_people.csv", row.names = FALSE)

designs <- lapply(sets, function(one) {
  for (wave in 1:2) for (state in 1:3)
    one[[paste0("y", wave, state)]] <- as.numeric(one[[paste0("w", wave)]] == state)
  svydesign(~psu, strata = ~stratum, weights = ~weight, data = one)
})
shares <- ~ y11 + y12 + y13 + y21 + y22 + y23
combined <- function(what, found, complete) {
  pooled <- MIcombine(lapply(found, coef), lapply(found, vcov), df.complete = complete)
  data.frame(what = what, row = seq_along(coef(pooled)), estimate = unname(coef(pooled)),
             std_error = unname(SE(pooled)), df = unname(pooled$df),
             missing = unname(pooled$missinfo), with_first = unname(vcov(pooled)[1, ]))
}
whole <- lapply(designs, function(design) svymean(shares, design))
change <- lapply(whole, function(one) svycontrast(one, list(
  a = c(-1, 0, 0, 1, 0, 0), b = c(0, -1, 0, 0, 1, 0), c = c(0, 0, -1, 0, 0, 1))))
parts <- lapply(designs, function(design) subset(design, group == "a"))
group <- lapply(parts, function(design) svymean(shares, design))
golden <- rbind(
  combined("shares", whole, degf(designs[[1]])),
  combined("change", change, degf(designs[[1]])),
  combined("group a", group, degf(parts[[1]]))
)
options(digits = 17)
write.csv(format(golden, digits = 17), "tests/golden/imputations_golden.csv",
          row.names = FALSE, quote = FALSE)
