# Golden values for drop-out, bounds on turnover and refreshment, by R's survey package.
#
#   Rscript tests/golden/make_attrition_golden.R         (from the repository root)
#
# Writes a made-up panel of two waves, one row per person (attrition_panel.csv), and, from that
# file, attrition_golden.csv: people as PSUs, strata and PSUs, and the replicates of the latter
# (JKn). Rows:
#
#   attrition    not interviewed at w2, of those interviewed at w1, by state at w1 (weight of w1)
#   difference   state b minus state a of the same
#   bounds       changed; changed or unknown; changed of those who answered twice; answered twice
#   refreshment  fresh minus staying, the shares of the states at w2 (weight of w2)
#   test         svychisq of state and drop-out, and of side and answer; estimate and std_error
#                hold F and its first degrees of freedom, df those of the design in the base, which
#                svychisq replaces by those of the whole design
#
# A base is a subset of the whole design: everyone stays in it, with their stratum and PSU.

suppressPackageStartupMessages(library(survey))
options(warn = 2, survey.lonely.psu = "fail")
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")
digits <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))

# ---- the panel -------------------------------------------------------------------------------

set.seed(20261)
n <- 600
psu <- sort(sample(24, n, replace = TRUE))
lean <- rnorm(24, sd = 0.6)[psu]
draw <- function(shift) c("a", "b", "c")[1 + (lean + shift + rnorm(n) > 0) +
                                           (lean + shift + rnorm(n) > 1)]
first <- draw(0)
second <- ifelse(runif(n) < 0.3, draw(0.3), first)
fresh <- runif(n) < 0.15
lost <- !fresh & runif(n) < c(a = 0.2, b = 0.3, c = 0.4)[first] + 0.1 * (lean > 0)
weight <- exp(rnorm(n, sd = 0.5))
panel <- data.frame(person = sprintf("p%03d", seq_len(n)), stratum = 1 + (psu - 1) %/% 6, psu = psu,
                    fresh = as.integer(fresh), lost = as.integer(lost),
                    w1 = digits(ifelse(fresh, NA, weight)),
                    w2 = digits(ifelse(lost, NA, weight * exp(rnorm(n, sd = 0.3)))),
                    a1 = ifelse(fresh | runif(n) < 0.04, "", first),
                    a2 = ifelse(lost | runif(n) < 0.04, "", second))
path <- file.path(folder, "attrition_panel.csv")
write.csv(panel, path, row.names = FALSE, quote = FALSE, eol = "\n", na = "")

# ---- the designs -----------------------------------------------------------------------------

x <- read.csv(path, na.strings = "", stringsAsFactors = FALSE)
x$in1 <- x$fresh == 0
x$state <- factor(ifelse(is.na(x$a1), "no answer", x$a1), c("a", "b", "c", "no answer"))
x$answer <- factor(ifelse(is.na(x$a2), "a", x$a2))  # only used where there is an answer
x$side <- factor(ifelse(x$fresh == 1, "fresh", "staying"))
x$both <- !is.na(x$a1) & !is.na(x$a2)
x$changed <- as.integer(x$both & x$a1 != x$a2)
x$upper <- as.integer(!x$both | x$changed == 1)
x$twice <- as.integer(x$both)
x$answered2 <- !is.na(x$a2)
x$w1[is.na(x$w1)] <- 0
x$w2[is.na(x$w2)] <- 0

designs <- function(weight) {
  clustered <- svydesign(id = ~psu, strata = ~stratum, weights = weight, data = x)
  list(people = svydesign(id = ~person, weights = weight, data = x), clustered = clustered,
       jkn = as.svrepdesign(clustered, type = "JKn"))
}

# ---- figures ---------------------------------------------------------------------------------

rows <- list()
keep <- function(design, measure, label, estimate, se, df = NA) {
  rows[[length(rows) + 1]] <<- data.frame(design = design, measure = measure, label = label,
                                          estimate = estimate, std_error = se, df = df)
}

one <- function(design, measure, label, formula, part) {
  mean <- svymean(formula, part)
  keep(design, measure, label, coef(mean)[[1]], SE(mean)[[1]], degf(part))
}

for (name in c("people", "clustered", "jkn")) {
  design <- subset(designs(~w1)[[name]], in1)
  lost <- svyby(~lost, ~state, design, svymean, covmat = TRUE)
  for (given in levels(x$state)) {
    keep(name, "attrition", given, coef(lost)[[given]], SE(lost)[lost$state == given],
         degf(subset(design, state == given)))
  }
  one(name, "attrition", "all", ~lost, design)
  gap <- svycontrast(lost, c(-1, 1, 0, 0))
  keep(name, "difference", "b minus a", coef(gap)[[1]], SE(gap)[[1]])
  test <- svychisq(~state + lost, design, statistic = "F")
  keep(name, "test", "attrition", test$statistic[[1]], test$parameter[[1]], degf(design))

  one(name, "bounds", "lower", ~changed, design)
  one(name, "bounds", "upper", ~upper, design)
  one(name, "bounds", "answered", ~changed, subset(design, both))
  one(name, "bounds", "retained", ~twice, design)

  design <- subset(designs(~w2)[[name]], answered2 & w2 > 0)
  sides <- svyby(~answer, ~side, design, svymean, covmat = TRUE)
  for (state in c("a", "b", "c")) {
    # Two sides, state after state.
    place <- 2 * match(state, c("a", "b", "c")) - 1:0
    weights <- replace(numeric(6), place, c(1, -1))
    gap <- svycontrast(sides, weights)
    keep(name, "refreshment", state, coef(gap)[[1]], SE(gap)[[1]])
  }
  test <- svychisq(~side + answer, design, statistic = "F")
  keep(name, "test", "refreshment", test$statistic[[1]], test$parameter[[1]], degf(design))
}

golden <- do.call(rbind, rows)
for (column in c("estimate", "std_error", "df")) golden[[column]] <- digits(golden[[column]])
write.csv(golden, file.path(folder, "attrition_golden.csv"), row.names = FALSE, quote = FALSE,
          eol = "\n", na = "")
