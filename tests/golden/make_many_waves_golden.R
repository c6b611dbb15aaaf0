# Golden values for regressions over many waves and for survival, by R's survey.
#
#   Rscript tests/golden/make_many_waves_golden.R        (from the repository root)
#
# Makes up a panel of four waves (many_waves_people.csv) and computes, from that file,
# many_waves_golden.csv.
#
# hazard: the first change of answer, over people and intervals: svyglm with the links logit and
# cloglog. unchanged: svytotal of those at risk and of those who changed by interval, multiplied up with
# svycontrast.
# answers: the answers at all waves: svyglm for one state against the others; svyolr for the states
# in their order; maximum likelihood by Newton's method, written here, for all states. The
# assumption of proportional odds: the slopes of the binary logits of being above each threshold, of
# which svytotal has the joint covariance of influences.
#
# The design is the long file: a row for each person and wave, with the weight of the wave, 0 where
# there was no interview, and the person or the PSU as cluster. An interval is the row of the wave at
# which it ends. Everyone is in the design; the base is a subset of it. Effects are averages over the
# rows of the base, with slopes from numeric differences. Weights are calibrated to the same totals
# at every wave. With replicates everything is fitted again under each (withReplicates).

suppressPackageStartupMessages(library(survey))
options(warn = 2, survey.lonely.psu = "fail")
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")
digits <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))
states <- c("a", "b", "c")
waves <- 4

# ---- a panel ---------------------------------------------------------------------------------

make_people <- function() {
  set.seed(11)
  n <- 480
  psu <- sample(24, n, replace = TRUE)
  stratum <- (psu - 1) %% 6 + 1
  sex <- sample(c("f", "m"), n, replace = TRUE)
  age <- sample(c("18-34", "35-54", "55+"), n, replace = TRUE, prob = c(.3, .4, .3))
  tilt <- rnorm(24, 0, .4)[psu]
  state <- sample(3, n, replace = TRUE, prob = c(.4, .3, .3))
  answers <- matrix("", n, waves)
  for (t in 1:waves) {
    if (t > 1) {
      moves <- runif(n) < plogis(-1 + tilt + .5 * (sex == "f") - .4 * (age == "55+"))
      state <- ifelse(moves, sample(3, n, replace = TRUE), state)
    }
    answers[, t] <- states[state]
  }
  weight <- matrix(exp(rnorm(n * waves, 0, .5)), n)
  # Late ones, who drop out, and gaps.
  from <- sample(1:2, n, replace = TRUE, prob = c(.9, .1))
  to <- sample(waves + 0:-2, n, replace = TRUE, prob = c(.75, .15, .1))
  there <- col(weight) >= from & col(weight) <= to & matrix(runif(n * waves) < .93, n)
  there[!rowSums(there), 1] <- TRUE
  answers[!there | runif(n * waves) < .03] <- ""
  weight[there & runif(n * waves) < .02] <- 0
  weight <- ifelse(there, digits(weight), "")
  colnames(answers) <- paste0("answer", 1:waves)
  colnames(weight) <- paste0("weight", 1:waves)
  data.frame(person = sprintf("p%03d", seq_len(n)), stratum = sprintf("s%d", stratum),
             psu = sprintf("c%02d", psu), sex, age = replace(age, sample(n, 15), ""),
             region = c("north", "south")[1 + (psu %% 2)], weight, answers)
}

people <- make_people()
people <- people[apply(sapply(people[paste0("weight", 1:waves)], function(w)
  w != "" & w != "0"), 1, any), ]
write.csv(people, file.path(folder, "many_waves_people.csv"), row.names = FALSE, quote = FALSE,
          eol = "\n")
people <- read.csv(file.path(folder, "many_waves_people.csv"), colClasses = "character",
                   na.strings = character())

long <- do.call(rbind, lapply(1:waves, function(t) {
  weight <- people[[paste0("weight", t)]]
  cbind(people[c("person", "stratum", "psu", "sex", "age", "region")], t = t,
        wave = paste0("w", t), w = ifelse(weight == "", 0, as.numeric(weight)),
        answer = people[[paste0("answer", t)]])
}))

# The first change: each person's waves in turn, until something is missing.
long$at_risk <- FALSE
long$changed <- long$from_start <- NA
long$origin <- ""
for (who in people$person) {
  mine <- which(long$person == who)
  said <- long$answer[mine]
  first <- which(said != "")[1]
  if (is.na(first)) next
  for (t in seq_len(waves)[-seq_len(first)]) {
    if (said[t] == "") break
    long$at_risk[mine[t]] <- TRUE
    long$changed[mine[t]] <- as.numeric(said[t] != said[t - 1])
    long$origin[mine[t]] <- said[t - 1]
    long$from_start[mine[t]] <- first == 1
    if (said[t] != said[t - 1]) break
  }
}
long$from_start <- long$at_risk & long$from_start %in% TRUE
long$age_known <- long$age != ""
# Outside the base only the weight counts, which is 0 there; any category will do.
fill <- function(x) factor(replace(x, x == "", min(x[x != ""])))
long$answered <- long$answer != ""
for (name in c("sex", "age", "region", "wave", "origin", "answer")) long[[name]] <- fill(long[[name]])
long$changed <- ifelse(long$at_risk, long$changed, 0)
long$interval <- factor(ifelse(long$t == 1, 2, long$t),
                        labels = c("w1 → w2", "w2 → w3", "w3 → w4"))

# ---- designs ---------------------------------------------------------------------------------

designs <- function(data) {
  clustered <- function(data) svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = data)
  strata <- clustered(data)
  totals <- unlist(lapply(1:waves, function(t) c(1000)))
  names(totals) <- paste0("wavew", 1:waves)
  more <- unlist(lapply(c(sexm = 470, regionsouth = 380), function(x) rep(x, waves)))
  names(more) <- c(paste0("wavew", 1:waves, ":sexm"), paste0("wavew", 1:waves, ":regionsouth"))
  list(
    "people" = svydesign(ids = ~person, weights = ~w, data = data),
    "strata, people" = svydesign(ids = ~person, strata = ~stratum, weights = ~w, data = data),
    "strata, PSUs" = strata,
    "JKn" = as.svrepdesign(strata, type = "JKn", mse = FALSE),
    "strata, PSUs; raked" = calibrate(clustered(subset(data, w > 0)), ~0 + wave + wave:sex +
                                      wave:region, c(totals, more), calfun = "raking",
                                      epsilon = 1e-13, maxit = 200))
}
all_designs <- designs(long)

rows <- list()
record <- function(design, model, formula, quantity, term, outcome, estimate, V = NULL) {
  rows[[length(rows) + 1]] <<- data.frame(
    design, model, formula, quantity, term, outcome, estimate,
    std_error = if (is.null(V)) NA else sqrt(diag(as.matrix(V))))
}

# ---- fits: coefficients, their influence by row, and probabilities -----------------------------

categories_in <- function(formula) intersect(c("sex", "age", "origin", "wave"), all.vars(formula))

binary <- function(link) list(
  fit = function(X, y, w, start = NULL) {
    keep <- w != 0
    family <- quasibinomial(link)
    fit <- suppressWarnings(glm.fit(X[keep, ], y[keep], w[keep], start = start, family = family,
                                    control = glm.control(epsilon = 1e-15, maxit = 100)))
    beta <- fit$coefficients
    for (again in 1:3) beta <- suppressWarnings(glm.fit(
      X[keep, ], y[keep], w[keep], start = beta, family = family,
      control = glm.control(epsilon = 1e-15, maxit = 100)))$coefficients
    eta <- drop(X %*% beta)
    mu <- family$linkinv(eta)
    slope <- family$mu.eta(eta)
    score <- X * (slope * (y - mu) / (mu * (1 - mu)))
    information <- crossprod(X, X * (w * slope^2 / (mu * (1 - mu))))
    list(beta = beta, influence = score %*% solve(information))
  },
  shares = function(X, beta) cbind(quasibinomial(link)$linkinv(drop(X %*% beta))))

odds_shares <- function(X, beta) {
  odds <- cbind(1, exp(X %*% matrix(beta, ncol(X))))
  odds / rowSums(odds)
}
multinomial <- list(
  fit = function(X, y, w, start = NULL) {
    Y <- outer(as.integer(y), seq_along(states), "==") + 0
    beta <- if (is.null(start)) rep(0, ncol(X) * (ncol(Y) - 1)) else start
    for (step in 1:100) {
      P <- odds_shares(X, beta)
      score <- do.call(cbind, lapply(2:ncol(Y), function(j) X * (Y[, j] - P[, j])))
      blocks <- lapply(2:ncol(Y), function(j) do.call(cbind, lapply(2:ncol(Y), function(l)
        crossprod(X, X * (w * P[, j] * ((j == l) - P[, l]))))))
      information <- do.call(rbind, blocks)
      change <- solve(information, colSums(score * w))
      beta <- beta + change
      if (max(abs(change)) < 1e-12) break
    }
    list(beta = beta, influence = score %*% solve(information))
  },
  shares = odds_shares)

# Columns of everyone in a category, and of everyone in the first one: what effects compare.
ends_of <- function(formula, data) {
  found <- list()
  for (group in categories_in(formula)) for (level in levels(data[[group]])[-1]) {
    found[[paste(group, level, sep = ";")]] <- lapply(c(level, levels(data[[group]])[1]),
      function(value) {
        data[[group]][] <- value
        model.matrix(formula, data)
      })
  }
  found
}
differences <- function(model, ends, beta) {
  do.call(cbind, lapply(ends, function(X) model$shares(X[[1]], beta) - model$shares(X[[2]], beta)))
}
effects_of <- function(model, ends, beta, w) {
  colSums(differences(model, ends, beta) * w) / sum(w)
}
slopes_of <- function(model, ends, beta, w) {
  # Central differences of two widths, extrapolated: exact to the fourth power of the step.
  at <- function(k, h) {
    e <- replace(0 * beta, k, h)
    (effects_of(model, ends, beta + e, w) - effects_of(model, ends, beta - e, w)) / (2 * h)
  }
  sapply(seq_along(beta), function(k) (4 * at(k, 1e-3) - at(k, 2e-3)) / 3)
}

# Coefficients and effects with their covariance. `inside` is the base, `y` the outcome.
fitted_with <- function(model, formula, design, inside, y) {
  data <- design$variables
  X <- model.matrix(formula, data)
  w <- weights(design, "sampling") * inside
  fit <- model$fit(X, y, w)
  # Effects are the same for all rows with the same categories.
  alike <- match(do.call(paste, data[all.vars(formula)]), unique(do.call(paste, data[all.vars(formula)])))
  ends <- ends_of(formula, data[!duplicated(alike), ])
  added <- function(w) drop(rowsum(w, alike))
  values <- c(fit$beta, effects_of(model, ends, fit$beta, added(w)))
  if (inherits(design, "svyrep.design")) {
    again <- withReplicates(design, function(w, data) {
      w <- w * inside
      beta <- model$fit(X, y, w, fit$beta)$beta
      c(beta, effects_of(model, ends, beta, added(w)))
    })
    return(list(value = values, V = vcov(again), size = length(fit$beta)))
  }
  gap <- differences(model, ends, fit$beta)[alike, , drop = FALSE]
  average <- sweep(gap, 2, colSums(gap * w) / sum(w)) / sum(w)
  slopes <- slopes_of(model, ends, fit$beta, added(w))
  influence <- cbind(fit$influence, average + fit$influence %*% t(slopes)) * inside
  list(value = values, V = vcov(svytotal(influence, design)), size = length(fit$beta))
}

# R's own regression, which must agree; fitted twice, as its covariance is that of the step before.
check_svyglm <- function(design, formula, left, inside, family, ours) {
  design <- update(design, inside = as.numeric(inside))
  given <- list(update(formula, paste(left, "~ .")), subset(design, inside == 1), family = family,
                control = glm.control(epsilon = 1e-14, maxit = 100))
  first <- suppressWarnings(do.call(svyglm, given))
  again <- suppressWarnings(do.call(svyglm, c(given, list(start = coef(first)))))
  k <- seq_len(ours$size)
  errors <- sqrt(diag(ours$V[k, k]))
  gap <- max(abs(coef(again) - ours$value[k]), abs(vcov(again) - ours$V[k, k]) / outer(errors, errors))
  if (gap > 1e-7) stop("svyglm differs by ", gap)
}

effect_names <- function(formula, data) {
  unlist(lapply(categories_in(formula), function(g) paste(g, levels(data[[g]])[-1], sep = ";")))
}

record_fit <- function(name, model, text, formula, design, found, outcomes) {
  k <- seq_len(found$size)
  X <- colnames(model.matrix(formula, design$variables))
  effects <- effect_names(formula, design$variables)
  own <- if (length(outcomes) > 1) outcomes[-1] else outcomes
  record(name, model, text, "coefficient", rep(X, length(own)), rep(own, each = length(X)),
         found$value[k], found$V[k, k])
  record(name, model, text, "effect", rep(effects, each = length(outcomes)),
         rep(outcomes, length(effects)), found$value[-k], found$V[-k, -k])
}

# ---- the first change --------------------------------------------------------------------------

for (name in names(all_designs)) {
  design <- all_designs[[name]]
  data <- design$variables
  for (link in c("logit", "cloglog")) for (text in c("sex + age", "origin + sex * interval")) {
    formula <- as.formula(paste("~ interval +", text))
    inside <- data$at_risk & (data$age_known | !("age" %in% all.vars(formula)))
    found <- fitted_with(binary(link), formula, design, inside, data$changed)
    check_svyglm(design, formula, "changed", inside, quasibinomial(link), found)
    record_fit(name, link, text, formula, design, found, "changed")
  }
  # Who has not changed yet.
  for (by in c("", "sex")) {
    keys <- levels(data$interval)
    groups <- if (by == "") "" else levels(data$sex)
    for (group in groups) {
      inside <- data$from_start & (by == "" | data$sex == group)
      if (inherits(design, "svyrep.design")) {
        found <- withReplicates(design, function(w, data) {
          w <- w * inside
          cumprod(sapply(keys, function(k) {
            here <- data$interval == k
            1 - sum(w[here] * data$changed[here]) / sum(w[here])
          }))
        })
        value <- coef(found)
        V <- vcov(found)
      } else {
        counts <- do.call(cbind, lapply(keys, function(k) {
          here <- inside & data$interval == k
          cbind(here, here & data$changed == 1) + 0
        }))
        colnames(counts) <- paste0(c("n", "d"), rep(seq_along(keys), each = 2))
        found <- svycontrast(svytotal(counts, design), lapply(seq_along(keys), function(t) {
          parse(text = paste0("(1 - d", seq_len(t), "/n", seq_len(t), ")", collapse = "*"))[[1]]
        }))
        value <- coef(found)
        V <- vcov(found)
      }
      record(name, "unchanged", by, "share", group, paste0("w", 2:waves), value, V)
    }
  }
}

# ---- the answers at all waves ------------------------------------------------------------------

# Those above a threshold, by binary logits; their slopes together.
proportional_odds <- function(design, formula, inside) {
  data <- design$variables
  X <- model.matrix(formula, data)
  logit <- binary("logit")
  above <- lapply(seq_along(states)[-1], function(j) as.numeric(as.integer(data$answer) >= j))
  w <- weights(design, "sampling") * inside
  fits <- lapply(above, function(y) logit$fit(X, y, w))
  beta <- unlist(lapply(fits, function(fit) fit$beta))
  influence <- do.call(cbind, lapply(fits, function(fit) fit$influence)) * inside
  if (inherits(design, "svyrep.design")) {
    V <- vcov(withReplicates(design, function(w, data) {
      unlist(lapply(above, function(y) logit$fit(X, y, w * inside)$beta))
    }))
  } else {
    V <- vcov(svytotal(influence, design))
  }
  p <- ncol(X)
  C <- cbind(diag(p)[-1, ], -diag(p)[-1, ])
  d <- C %*% beta
  V <- C %*% V %*% t(C)
  # If answers had been drawn one by one: for the first-order test of Rao and Scott.
  A <- C %*% crossprod(influence, influence * w) %*% t(C) * sum(w) / sum(w > 0)
  c("Wald" = drop(t(d) %*% solve(V, d)),
    "Rao–Scott, second order" = length(d) * drop(t(d) %*% solve(A, d)) / sum(diag(solve(A, V))))
}

for (name in names(all_designs)) {
  design <- all_designs[[name]]
  data <- design$variables
  for (text in c("sex + age + wave", "wave * sex")) {
    formula <- as.formula(paste("~", text))
    inside <- data$answered & (data$age_known | !("age" %in% all.vars(formula)))
    found <- fitted_with(multinomial, formula, design, inside, data$answer)
    record_fit(name, "multinomial", text, formula, design, found, states)
    is_b <- as.numeric(data$answer == "b")
    found <- fitted_with(binary("logit"), formula, design, inside, is_b)
    check_svyglm(update(design, is_b = is_b), formula, "is_b", inside, quasibinomial(), found)
    record_fit(name, "binary", text, formula, design, found, "b")
    test <- proportional_odds(design, formula, inside)
    record(name, "ordered", text, "proportional odds", names(test), "", test)
    exactly <- list(reltol = 1e-15, maxit = 2000)
    ordered_formula <- update(formula, ordered(answer) ~ .)
    if (inherits(design, "svyrep.design")) {
      # svyolr fits replicates to fewer digits.
      polr <- function(w, start = NULL) {
        data$weight_now <- w
        given <- list(ordered_formula, data = data[w > 0, ], weights = quote(weight_now),
                      control = exactly)
        if (!is.null(start)) given$start <- start
        fit <- suppressWarnings(do.call(MASS::polr, given))
        list(coefficients = fit$coefficients, zeta = fit$zeta)
      }
      fit <- polr(weights(design, "sampling") * inside)
      at <- c(fit$coefficients, fit$zeta)
      V <- vcov(withReplicates(design, function(w, data) unlist(polr(w * inside, at))))
    } else {
      base <- subset(update(design, inside = as.numeric(inside)), inside == 1)
      fit <- svyolr(ordered_formula, base, control = exactly)
      k <- seq_along(c(fit$coefficients, fit$zeta))
      V <- vcov(fit)[k, k]
    }
    record(name, "ordered", text, "coefficient", c(names(fit$coefficients),
           rep("threshold", length(fit$zeta))), c(rep("", length(fit$coefficients)),
           names(fit$zeta)), c(fit$coefficients, fit$zeta), V)
  }
}

golden <- do.call(rbind, rows)
golden$estimate <- digits(golden$estimate)
golden$std_error <- digits(golden$std_error)
write.csv(golden, file.path(folder, "many_waves_golden.csv"), row.names = FALSE, quote = TRUE,
          eol = "\n", fileEncoding = "UTF-8")
