# Golden values for the regression of change, by R's survey.
#
#   Rscript tests/golden/make_change_model_golden.R        (from the repository root)
#
# Makes up a panel of two waves (change_model_people.csv) and computes, from that file,
# change_model_golden.csv: for every design, outcome and formula the coefficients, average marginal
# effects, the log-likelihood and Wald tests of terms.
#
# Two outcomes: svyglm(family = quasibinomial). Three: maximum likelihood by Newton's method on the
# rows of people, written here; its standard errors are those of totals of its influence
# (svytotal), or the model is fitted again under every replicate (withReplicates). Effects are
# averages over people, with slopes from numeric differences.
#
# Everyone in the file is in the design; who is not in the base has the weight 0: no answer at one of
# the waves, no age where the formula has it, or no weight at the second wave. With a finite population
# the design is the own file of those who count, with a weight at the second wave (everyone was
# interviewed at both): they are the part of the population that was drawn.

suppressPackageStartupMessages(library(survey))
options(warn = 2, survey.lonely.psu = "fail")
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")
digits <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))

# ---- a panel ---------------------------------------------------------------------------------

make_people <- function() {
  set.seed(5)
  n <- 600
  states <- c("a", "b", "c")
  psu <- sample(24, n, replace = TRUE)
  stratum <- (psu - 1) %% 6 + 1
  sex <- sample(c("f", "m"), n, replace = TRUE)
  age <- sample(c("18-34", "35-54", "55+"), n, replace = TRUE, prob = c(.3, .4, .3))
  tilt <- rnorm(24, 0, .4)[psu]
  stay <- rbind(c(.62, .2, .18), c(.2, .55, .25), c(.25, .2, .55))
  first <- sample(3, n, replace = TRUE, prob = c(.4, .3, .3))
  second <- sapply(seq_len(n), function(i) {
    sample(3, 1, prob = stay[first[i], ] * exp(c(0, .5 * (sex[i] == "f") + tilt[i],
                                                 .4 * (age[i] == "55+"))))
  })
  weight <- exp(rnorm(n, 0, .5))
  weight[sample(n, 25)] <- 0
  hide <- function(x, many) replace(x, sample(n, many), "")
  data.frame(
    person = sprintf("p%03d", seq_len(n)), stratum = sprintf("s%d", stratum),
    psu = sprintf("c%02d", psu), fpc = c(9, 12, 20, 30, 8, 4)[stratum],
    fpc_people = c(200, 300, 400, 1000, 5000, 150)[stratum], weight1 = 1,
    weight2 = digits(weight),
    sex = sex, age = hide(age, 20), region = c("north", "south")[1 + (psu %% 2)],
    answer1 = hide(states[first], 25), answer2 = hide(states[second], 25))
}

write.csv(make_people(), file.path(folder, "change_model_people.csv"), row.names = FALSE,
          quote = FALSE, eol = "\n")
people <- read.csv(file.path(folder, "change_model_people.csv"), colClasses = c(age = "character"),
                   na.strings = character())

# ---- designs ---------------------------------------------------------------------------------

# Sex and region, in columns of model.matrix(~ sex + region).
targets <- c("(Intercept)" = 1000, sexm = 470, regionsouth = 380)
designs <- function(data) {
  clustered <- function(data) svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = data)
  strata <- clustered(data)
  counting <- subset(data, w > 0)
  list(
    "people" = svydesign(ids = ~1, weights = ~w, data = data),
    "strata, people, fpc" = svydesign(ids = ~1, strata = ~stratum, weights = ~w,
                                      fpc = ~fpc_people, data = counting),
    "strata, PSUs" = strata,
    "strata, PSUs, fpc" = svydesign(ids = ~psu, strata = ~stratum, weights = ~w, fpc = ~fpc,
                                    data = counting),
    "JKn" = as.svrepdesign(strata, type = "JKn", mse = FALSE),
    "JKn, mse" = as.svrepdesign(strata, type = "JKn", mse = TRUE),
    # Without the people who have no weight: their PSUs have others.
    "strata, PSUs; raked" = calibrate(clustered(counting), ~sex + region, targets,
                                      calfun = "raking", epsilon = 1e-13, maxit = 200))
}

# ---- models ----------------------------------------------------------------------------------

people$answered <- with(people, weight2 > 0 & answer1 != "" & answer2 != "")
people$age_known <- people$age != ""
people$w <- people$weight2
# Outside the base only the weight counts, which is 0 there; any category will do.
fill <- function(x) factor(replace(x, x == "", min(x[x != ""])))
people$origin <- fill(people$answer1)
people$destination <- fill(people$answer2)
people$age <- fill(people$age)
people$sex <- factor(people$sex)
people$region <- factor(people$region)
people$changed <- as.numeric(people$answer1 != people$answer2)

shares_of <- function(X, beta) {
  odds <- cbind(1, exp(X %*% matrix(beta, ncol(X))))
  odds / rowSums(odds)
}

# Coefficients by outcome, and their influence, one row per person.
multinomial <- function(X, Y, w, start = NULL) {
  beta <- if (is.null(start)) rep(0, ncol(X) * (ncol(Y) - 1)) else start
  for (step in 1:100) {
    P <- shares_of(X, beta)
    score <- do.call(cbind, lapply(2:ncol(Y), function(j) X * (Y[, j] - P[, j])))
    blocks <- lapply(2:ncol(Y), function(j) do.call(cbind, lapply(2:ncol(Y), function(l)
      crossprod(X, X * (w * P[, j] * ((j == l) - P[, l]))))))
    information <- do.call(rbind, blocks)
    change <- solve(information, colSums(score * w))
    beta <- beta + change
    if (max(abs(change)) < 1e-12) break
  }
  list(beta = beta, influence = score %*% solve(information))
}

groups_in <- function(formula) intersect(c("sex", "age"), all.vars(formula))

# Every category of every group against its first: mean differences of the probabilities.
differences <- function(formula, data, beta) {
  found <- list()
  for (group in groups_in(formula)) for (level in levels(data[[group]])[-1]) {
    ends <- lapply(c(level, levels(data[[group]])[1]), function(value) {
      data[[group]][] <- value
      shares_of(model.matrix(formula, data), beta)
    })
    found[[paste(group, level, sep = ";")]] <- ends[[1]] - ends[[2]]
  }
  do.call(cbind, found)      # people in rows; category by outcome in columns
}

effects_of <- function(formula, data, beta, w) {
  colSums(differences(formula, data, beta) * w) / sum(w)
}

slopes_of <- function(formula, data, beta, w) {
  # Central differences of two widths, extrapolated: exact to the fourth power of the step.
  at <- function(k, h) {
    e <- replace(0 * beta, k, h)
    (effects_of(formula, data, beta + e, w) - effects_of(formula, data, beta - e, w)) / (2 * h)
  }
  sapply(seq_along(beta), function(k) (4 * at(k, 1e-3) - at(k, 2e-3)) / 3)
}

names_of <- function(formula, outcomes, people) {
  X <- model.matrix(formula, people)
  effects <- lapply(groups_in(formula), function(g) paste(g, levels(people[[g]])[-1], sep = ";"))
  rbind(
    data.frame(quantity = "coefficient", term = rep(colnames(X), length(outcomes) - 1),
               outcome = rep(outcomes[-1], each = ncol(X))),
    data.frame(quantity = "effect", term = rep(unlist(effects), each = length(outcomes)),
               outcome = rep(outcomes, length(unlist(effects)))))
}

rows <- list()
record <- function(design, model, text, table) {
  rows[[length(rows) + 1]] <<- cbind(design = design, model = model, formula = text, table)
}

one <- function(name, design, model, text) {
  formula <- as.formula(paste("~ origin +", text))
  known <- if ("age" %in% all.vars(formula)) design$variables$age_known else TRUE
  design <- update(design, inside = as.numeric(answered & known))
  people <- design$variables
  outcomes <- if (model == "changed") c("stayed", "changed") else levels(people$destination)
  chosen <- if (model == "changed") outcomes[people$changed + 1] else people$destination
  Y <- sapply(outcomes, function(outcome) as.numeric(chosen == outcome))
  X <- model.matrix(formula, people)
  # The weights of the base; those outside keep their places in the design, and calibration.
  w <- weights(design, "sampling") * people$inside
  fit <- multinomial(X, Y, w)
  values <- c(fit$beta, effects_of(formula, people, fit$beta, w))
  if (inherits(design, "svyrep.design")) {
    again <- withReplicates(design, function(w, data) {
      w <- w * data$inside
      beta <- multinomial(X, Y, w, fit$beta)$beta
      c(beta, effects_of(formula, data, beta, w))
    })
    V <- vcov(again)
  } else {
    gap <- differences(formula, people, fit$beta)
    average <- sweep(gap, 2, colSums(gap * w) / sum(w)) / sum(w)
    slopes <- slopes_of(formula, people, fit$beta, w)
    influence <- cbind(fit$influence, average + fit$influence %*% t(slopes)) * people$inside
    V <- vcov(svytotal(influence, design))
  }
  labels <- names_of(formula, outcomes, people)
  if (model == "changed") {
    kept <- labels$outcome != "stayed"
    labels <- labels[kept, ]; values <- values[kept]; V <- V[kept, kept]
    own <- by_svyglm(design, formula)
    k <- seq_along(own$value)
    if (max(abs(own$value - values[k]), abs(own$V / V[k, k] - 1)) > 1e-7) stop("svyglm differs")
    values[k] <- own$value
    V[k, k] <- own$V
  }
  record(name, model, text, cbind(labels, estimate = values, std_error = sqrt(diag(V))))
  P <- shares_of(X, fit$beta)
  loglik <- sum(w * log(rowSums(P * Y))) * sum(people$inside) / sum(w)
  record(name, model, text, data.frame(quantity = "loglik", term = "", outcome = "",
                                       estimate = loglik, std_error = NA))
  # Wald χ² of the terms of the formula, from the columns of X that belong to them.
  terms <- attr(terms(formula), "term.labels")
  assigned <- rep(attr(X, "assign"), length(outcomes) - 1)
  for (k in seq_along(terms)) {
    at <- which(assigned == k)
    wald <- drop(values[at] %*% solve(V[at, at], values[at]))
    record(name, model, text, data.frame(quantity = "wald", term = terms[k], outcome = "",
                                         estimate = wald, std_error = NA))
  }
}

# R's own regression; fitted twice, as its covariance is that of the step before the last.
by_svyglm <- function(design, formula) {
  # By value: svyglm looks names up where they are not.
  given <- list(update(formula, changed ~ .), subset(design, inside == 1), family = quasibinomial(),
                control = glm.control(epsilon = 1e-14, maxit = 100))
  # It warns that people outside the base do not count in the dispersion.
  first <- suppressWarnings(do.call(svyglm, given))
  again <- suppressWarnings(do.call(svyglm, c(given, list(start = coef(first)))))
  list(value = coef(again), V = vcov(again))
}

for (model in c("changed", "destination")) {
  for (text in c("sex + age", if (model == "changed") "sex * age" else "origin * sex")) {
    all <- designs(people)
    for (name in names(all)) one(name, all[[name]], model, text)
  }
}
golden <- do.call(rbind, rows)
golden$estimate <- digits(golden$estimate)
golden$std_error <- digits(golden$std_error)
write.csv(golden, file.path(folder, "change_model_golden.csv"), row.names = FALSE, quote = TRUE,
          eol = "\n")
