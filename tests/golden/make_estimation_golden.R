# Golden values for designs, intervals, contrasts, tests, replicates and calibration, by R's survey.
#
#   Rscript tests/golden/make_estimation_golden.R        (from the repository root)
#
# Writes the data sets (data_<name>.csv: columns of the survey package's own data, and two made-up
# panels) and, from those files, estimation_golden.csv. README.md beside this script says what the
# columns mean and which conventions hold.

suppressPackageStartupMessages(library(survey))
options(warn = 2, survey.ultimate.cluster = FALSE, survey.adjust.domain.lonely = FALSE,
        survey.lonely.psu = "fail", check.formulas = FALSE)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")

digits <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))

write_data <- function(name, frame) {
  for (column in names(frame)) {
    if (is.numeric(frame[[column]])) frame[[column]] <- digits(frame[[column]])
  }
  write.csv(frame, file.path(folder, paste0("data_", name, ".csv")), row.names = FALSE,
            quote = FALSE, eol = "\n", na = "")
}

read_data <- function(name) {
  read.csv(file.path(folder, paste0("data_", name, ".csv")), na.strings = "",
           stringsAsFactors = FALSE)
}

# ---- data sets -------------------------------------------------------------------------------

# Multipliers of replicate weights, by row.
multipliers <- function(prefix, matrix) {
  setNames(as.data.frame(matrix), sprintf("%s_%d", prefix, seq_len(ncol(matrix))))
}

# Successive differences: 1 + 2^-1.5 (h(i) - h(i + 1)), rows of a Hadamard matrix in turn.
successive <- function(unit) {
  signs <- 2 * hadamard(15) - 1
  k <- ncol(signs)
  index <- match(unit, unique(unit))
  first <- 1 + (index - 1) %% (k - 1)
  t(sapply(first, function(i) 1 + 2^-1.5 * (signs[i, ] - signs[i + 1, ])))
}

make_survey_data <- function() {
  data(nhanes, scd, yrbs, fpc, api, package = "survey", envir = environment())
  write_data("nhanes", data.frame(
    stratum = nhanes$SDMVSTRA, psu = nhanes$SDMVPSU, weight = nhanes$WTMEC2YR,
    high = c("no", "yes")[nhanes$HI_CHOL + 1], race = nhanes$race,
    gender = c("man", "woman")[nhanes$RIAGENDR]))
  write_data("yrbs", data.frame(stratum = yrbs$stratum, psu = yrbs$psu, weight = yrbs$weight,
                                qn8 = yrbs$qn8))
  write_data("fpc", data.frame(stratum = fpc$stratid, psu = fpc$psuid, weight = fpc$weight,
                               population = fpc$Nh, fraction = fpc$nh / fpc$Nh, x = fpc$x))

  # The half samples are those of the package's example of svrepdesign.
  half <- 2 * cbind(c(1, 0, 1, 0, 1, 0), c(1, 0, 0, 1, 0, 1), c(0, 1, 1, 0, 0, 1),
                    c(0, 1, 0, 1, 1, 0))
  taylor <- svydesign(id = ~ambulance, strata = ~ESA, weights = ~1, data = scd, nest = TRUE)
  fay <- as.svrepdesign(taylor, type = "Fay", fay.rho = .3)
  jkn <- as.svrepdesign(taylor, type = "JKn")
  write_data("scd", cbind(
    data.frame(stratum = scd$ESA, psu = scd$ambulance, weight = 1, arrests = scd$arrests,
               alive = scd$alive),
    multipliers("brr", half), multipliers("fay", weights(fay, "replication")),
    multipliers("jkn", weights(jkn, "replication"))))

  set.seed(19)
  boot <- as.svrepdesign(svydesign(id = ~dnum, weights = ~pw, data = apiclus1),
                         type = "bootstrap", replicates = 20)
  yes <- function(x) tolower(as.character(x))
  write_data("apiclus1", cbind(
    data.frame(dnum = apiclus1$dnum, weight = apiclus1$pw, population = apiclus1$fpc,
               api00 = apiclus1$api00, awards = yes(apiclus1$awards),
               stype = as.character(apiclus1$stype), wide = yes(apiclus1$sch.wide),
               improved = yes(apiclus1$comp.imp)),
    multipliers("boot", as.matrix(weights(boot, "replication"))),
    multipliers("sdr", successive(apiclus1$dnum))))
  write_data("apistrat", data.frame(
    weight = apistrat$pw, population = apistrat$fpc, awards = yes(apistrat$awards),
    stype = as.character(apistrat$stype), wide = yes(apistrat$sch.wide),
    improved = yes(apistrat$comp.imp)))
  # What the whole population of schools is, for calibration.
  for (margin in c("stype", "sch.wide", "comp.imp")) print(table(apipop[[margin]]))
}

STATES <- c("a", "b", "c")
WAVES <- c("w1", "w2")

# Two waves of a frame of people; weights differ by wave, drop-out and late joiners.
add_waves <- function(people, spread) {
  n <- nrow(people)
  stay <- rbind(a = c(.70, .12, .18), b = c(.10, .72, .18), c = c(.28, .17, .55))
  tilt <- setNames(rnorm(length(unique(people$psu)), 0, .5), unique(people$psu))
  state <- vapply(seq_len(n), function(k) {
    sample(STATES, 1, prob = exp(c(.4 * (people$sex[k] == "m") + tilt[[people$psu[k]]], 0, -.2)))
  }, "")
  later <- vapply(state, function(s) sample(STATES, 1, prob = stay[s, ]), "")
  own <- exp(rnorm(n, 0, spread))
  first <- runif(n) < .88
  second <- ifelse(first, runif(n) < .8, TRUE)
  people$weight1 <- ifelse(first, own * exp(rnorm(n, 0, .3)), NA)
  people$weight2 <- ifelse(second, own * exp(rnorm(n, .1, .3)), NA)
  people$answer1 <- ifelse(first & runif(n) < .95, state, NA)
  people$answer2 <- ifelse(second & runif(n) < .95, later, NA)
  people
}

make_panels <- function() {
  set.seed(20250204)
  # s04 is taken whole; in s05 and in one PSU of s01 there are only women.
  psus <- c(4, 3, 5, 2, 2, 3, 2)
  population <- c(30, 12, 40, 2, 6, 9, 25)
  region <- c("north", "north", "centre", "centre", "centre", "south", "south")
  clustered <- do.call(rbind, lapply(seq_along(psus), function(h) {
    do.call(rbind, lapply(seq_len(psus[h]), function(i) {
      n <- sample(9:22, 1)
      women <- h == 5 || (h == 1 && i == 2)
      data.frame(stratum = sprintf("s%02d", h), psu = sprintf("s%02d-%d", h, i),
                 population = population[h],
                 sex = if (women) "f" else sample(c("f", "m"), n, replace = TRUE),
                 age = sample(c("18-34", "35-54", "55+"), n, replace = TRUE, prob = c(.25, .4, .35)),
                 region = sample(c(region[h], "centre"), n, replace = TRUE, prob = c(.8, .2)))
    }))
  }))
  write_data("clustered", add_waves(clustered, 1.1))

  # People as PSUs; fpc as fractions; s04 is taken whole.
  sizes <- c(90, 60, 40, 12)
  stratum <- rep(sprintf("s%02d", 1:4), sizes)
  n <- length(stratum)
  people <- data.frame(stratum = stratum, psu = stratum, fraction = rep(c(.05, .2, .5, 1), sizes),
                       sex = sample(c("f", "m"), n, replace = TRUE),
                       age = sample(c("18-34", "35-54", "55+"), n, replace = TRUE),
                       region = sample(c("north", "centre", "south"), n, replace = TRUE))
  people <- add_waves(people, 1)
  boot <- as.svrepdesign(svydesign(id = ~1, strata = ~stratum, weights = ~1, data = people),
                         type = "bootstrap", replicates = 24)
  people$psu <- NULL
  people <- cbind(people, multipliers("boot", as.matrix(weights(boot, "replication"))),
                  multipliers("sdr", successive(seq_len(n))))
  write_data("people", people)
}

# ---- writing golden rows ---------------------------------------------------------------------

QUANTITIES <- c("estimate", "std_error", "df", "n", "wald_low", "wald_high", "logit_low",
                "logit_high", "beta_low", "beta_high", "wilson_low", "wilson_high",
                "design_effect", "kish", "statistic", "df1", "df2", "pvalue", "wald",
                "wald_pvalue")
rows <- list()

put <- function(dataset, design, measure, label, found) {
  stopifnot(names(found) %in% QUANTITIES)
  values <- setNames(rep("", length(QUANTITIES)), QUANTITIES)
  values[names(found)] <- ifelse(is.na(found), "", sprintf("%.14g", found))
  rows[[length(rows) + 1]] <<- data.frame(dataset = dataset, design = design, measure = measure,
                                          label = label, as.list(values))
}

# ---- estimates -------------------------------------------------------------------------------

replicated <- function(design) inherits(design, "svyrep.design")

# Totals whose parts need the same people: a design with `by_hand` says how, see there.
totals <- function(formula, design) {
  found <- svytotal(formula, design)
  if (!is.null(design$by_hand)) {
    columns <- as.matrix(design$variables[all.vars(formula)])
    attr(found, "var")[] <- covariance_by_hand(columns * weights(design, "sampling"), design)
  }
  found
}

# Functions of domain means: `parts` is a list of list(domain, score), `wanted` a list of expressions
# in M1, M2, … Totals over the whole design, and the delta method or the replicates.
functions_of <- function(design, parts, wanted) {
  for (k in seq_along(parts)) {
    design$variables[[paste0("T", k)]] <- parts[[k]][[2]] * parts[[k]][[1]]
    design$variables[[paste0("D", k)]] <- 1 * parts[[k]][[1]]
  }
  formula <- as.formula(paste("~", paste(outer(c("T", "D"), seq_along(parts), paste0),
                                         collapse = "+")))
  means <- lapply(seq_along(parts), function(k) {
    bquote(.(as.name(paste0("T", k))) / .(as.name(paste0("D", k))))
  })
  names(means) <- paste0("M", seq_along(parts))
  wanted <- lapply(wanted, function(one) do.call(substitute, list(one, means)))
  names(wanted) <- paste0("f", seq_along(wanted))
  list(df = min(sapply(parts, function(part) degf(subset(design, part[[1]])))),
       n = min(sapply(parts, function(part) sum(part[[1]])))) |>
    c(if (replicated(design)) {
      found <- svycontrast(svytotal(formula, design, return.replicates = TRUE), wanted)$nlcon
      list(value = as.numeric(found), covariance = as.matrix(attr(found, "var")))
    } else {
      found <- svycontrast(totals(formula, design), wanted)
      list(value = as.numeric(coef(found)), covariance = as.matrix(vcov(found)))
    })
}

derived <- function(design, parts, wanted) {
  found <- functions_of(design, parts, list(wanted))
  half <- qt(.975, found$df) * sqrt(max(0, found$covariance))
  c(estimate = found$value, std_error = sqrt(max(0, found$covariance)), df = found$df, n = found$n,
    wald_low = found$value - half, wald_high = found$value + half)
}

difference <- function(design, domain, y, domain2, y2 = y) {
  derived(design, list(list(domain, y), list(domain2, y2)), quote(M1 - M2))
}

# The share of a domain: svymean on the subset, its intervals, and its design effect.
share <- function(design, domain, y) {
  design$variables$y_ <- y
  part <- subset(design, domain)
  mean <- svymean(~y_, part, deff = "replace")
  if (!is.null(design$by_hand)) {
    variance <- functions_of(design, list(list(domain, y)), list(quote(M1)))$covariance
    attr(mean, "deff")[] <- deff(mean) * variance / vcov(mean)
    attr(mean, "var")[] <- variance
  }
  value <- as.numeric(coef(mean))
  se <- as.numeric(SE(mean))
  df <- degf(part)
  n <- sum(domain)
  w <- weights(part, "sampling")[if (nrow(part) == n) TRUE else domain]
  found <- c(estimate = value, std_error = se, df = df, n = n, kish = n * sum(w^2) / sum(w)^2)
  if (value < 1e-12 || value > 1 - 1e-12 || se < 1e-12) return(found)
  t <- qt(.975, df)
  two <- function(name, limits) setNames(limits, paste0(name, c("_low", "_high")))
  n_srs <- value * (1 - value) / se^2
  centre <- (value + t^2 / (2 * n_srs)) / (1 + t^2 / n_srs)
  half <- t / (1 + t^2 / n_srs) * sqrt(value * (1 - value) / n_srs + t^2 / (4 * n_srs^2))
  found <- c(found, design_effect = as.numeric(deff(mean)),
             two("wald", as.numeric(confint(mean, df = df))),
             two("logit", logit_limits(part, mean, df)),
             two("wilson", c(centre - half, centre + half)))
  # The design of a calibrated subset keeps all its rows, and R's beta would count them.
  n_beta <- n_srs * (qt(.975, n - 1) / t)^2
  beta <- c(qbeta(.025, n_beta * value, n_beta * (1 - value) + 1),
            qbeta(.975, n_beta * value + 1, n_beta * (1 - value)))
  if (getOption("check.formulas")) {
    theirs <- attr(svyciprop(~y_, part, method = "beta"), "ci")
    stopifnot(nrow(part) == n, max(abs(theirs - beta)) < 1e-10)
    # R's other logit interval is that of a fitted model, which stops at 1e-8 of the deviance.
    model <- attr(svyciprop(~y_, part, method = "logit", df = df), "ci")
    stopifnot(max(abs(model - found[c("logit_low", "logit_high")])) < 1e-6)
  }
  if (n_beta <= n) found <- c(found, two("beta", beta))
  found
}

# Those of svyciprop, which takes no variance but its own.
logit_limits <- function(part, mean, df) {
  if (is.null(part$by_hand)) {
    return(as.numeric(attr(svyciprop(~y_, part, method = "xlogit", df = df), "ci")))
  }
  plogis(as.numeric(confint(svycontrast(mean, quote(log(y_ / (1 - y_)))), df = df)))
}

# ---- samples of a finite population ------------------------------------------------------------

# R has a design for the own file of a wave, or of those in both waves. It has no covariance between two
# such samples of one population, which a difference between waves needs, and so does a pair of waves
# whose weight was calibrated with the whole later wave: the cells are those of the pair, the margins
# those of the wave. With m_1 and m_2 people of a stratum in two samples, m in both and N in the
# population, the covariance of two totals is
#   (1 - m_1 m_2 / (m N)) m / (m - 1)
# times the products of deviations of the people in both.

# `values` are weighted, a column for each total. `by_hand` is list(sample, people): for every row of
# the design the sample that its cells belong to, and for every sample the persons in it.
covariance_by_hand <- function(values, design) {
  V <- design$variables
  explained <- residuals_of(values, design$postStrata) - values
  everyone <- V[!duplicated(V$person), c("person", "stratum", "size")]
  # Totals of the persons of one sample, in the order of everyone.
  piece <- function(name, values) {
    inside <- everyone$person %in% design$by_hand$people[[name]]
    sums <- rowsum(values, V$person)[as.character(everyone$person), , drop = FALSE]
    stopifnot(sums[!inside, ] == 0)
    list(inside = inside, sums = sums)
  }
  cells <- lapply(unique(design$by_hand$sample), function(name) {
    piece(name, values * (design$by_hand$sample == name))
  })
  margins <- lapply(WAVES, function(wave) piece(wave, explained * (V$wave == wave)))
  pieces <- c(cells, margins)
  found <- 0
  for (one in pieces) for (two in pieces) for (h in unique(everyone$stratum)) {
    here <- everyone$stratum == h
    both <- here & one$inside & two$inside
    m <- sum(both)
    stopifnot(m > 1)
    left <- 1 - sum(here & one$inside) * sum(here & two$inside) / (m * everyone$size[here][1])
    found <- found + left * m * cov(one$sums[both, , drop = FALSE], two$sums[both, , drop = FALSE])
  }
  unname(found)
}

# What calibrations leave of weighted values, as svyrecvar takes it.
residuals_of <- function(values, calibrations) {
  for (step in calibrations) {
    if (inherits(step, "greg_calibration")) {
      values <- qr.resid(step$qr, values / step$w) * step$w
    } else {
      after <- attr(step, "weights")
      before <- attr(step, "oldweights")
      cell <- as.character(step)
      means <- rowsum(values * before / after, cell) / as.vector(rowsum(before, cell))
      values <- values - means[cell, ] * after
    }
  }
  values
}

# ---- tests -----------------------------------------------------------------------------------

wald_test <- function(found) {
  wald <- as.numeric(found$value %*% solve(found$covariance, found$value))
  m <- length(found$value)
  rest <- found$df - m + 1
  statistic <- wald * rest / (found$df * m)
  c(statistic = statistic, df1 = m, df2 = rest, pvalue = pf(statistic, m, rest, lower.tail = FALSE),
    wald = wald)
}

# Differences of domain means from the mean of the last domain, for each score.
gaps_of <- function(design, domains, scores) {
  parts <- list()
  wanted <- list()
  for (score in scores) {
    first <- length(parts)
    for (domain in domains) parts <- c(parts, list(list(domain, score)))
    last <- as.name(paste0("M", length(parts)))
    for (k in seq_len(length(domains) - 1)) {
      wanted <- c(wanted, bquote(.(as.name(paste0("M", first + k))) - .(last)))
    }
  }
  functions_of(design, parts, wanted)
}

independence <- function(design, domain, state, group) {
  design$variables$state_ <- state
  design$variables$group_ <- group
  part <- subset(design, domain)
  if (nrow(part) != sum(domain)) {
    # A calibrated subset keeps all its rows; without an answer they would be a row of the table.
    part$variables$state_[!domain] <- state[domain][1]
    part$variables$group_[!domain] <- group[domain][1]
  }
  f <- svychisq(~state_ + group_, part, statistic = "F")
  chisq <- svychisq(~state_ + group_, part, statistic = "Chisq")
  d <- as.numeric(f$parameter[1])
  # The same reason: R would take the df of everyone.
  df2 <- d * degf(part)
  if (nrow(part) == sum(domain)) stopifnot(abs(df2 / f$parameter[2] - 1) < 1e-12)
  c(statistic = as.numeric(f$statistic), df1 = d, df2 = df2,
    pvalue = as.numeric(pf(f$statistic, d, df2, lower.tail = FALSE)),
    wald = as.numeric(f$statistic * chisq$parameter), wald_pvalue = as.numeric(chisq$p.value))
}

# ---- one wave --------------------------------------------------------------------------------

# Shares of a question by group, differences, each group against the rest, tests.
one_wave <- function(dataset, name, design, answer, groups, states) {
  V <- design$variables
  base <- !is.na(V[[answer]]) & weights(design, "sampling") > 0
  state_of <- ifelse(base, as.character(V[[answer]]), "")
  note <- function(measure, label, found) put(dataset, name, measure, label, found)
  for (s in states) {
    is <- 1 * (state_of == s)
    note("shares", paste0("state=", s), share(design, base, is))
    for (g in groups) {
      value <- as.character(V[[g]])
      known <- sort(unique(value[base]), method = "radix")
      label <- function(v) sprintf("%s=%s;state=%s", g, v, s)
      for (v in known) {
        inside <- base & value == v
        note("shares", label(v), share(design, inside, is))
        note("against the rest", label(v), difference(design, inside, is, base & value != v))
      }
      ends <- known[c(1, length(known))]
      note("difference", label(paste(ends[1], "minus", ends[2])),
           difference(design, base & value == ends[1], is, base & value == ends[2]))
    }
  }
  for (g in groups) {
    value <- as.character(V[[g]])
    note("independence", paste0("by=", g), independence(design, base, state_of, value))
    if (length(states) == 2) {
      domains <- lapply(unique(value[base]), function(v) base & value == v)
      note("joint Wald test", paste0("by=", g),
           wald_test(gaps_of(design, domains, list(1 * (state_of == states[1])))))
    }
  }
}

# ---- two waves -------------------------------------------------------------------------------

# The long file of the panel: one row per person and wave with a weight. Everybody has one at some
# wave, so strata and PSUs (or people) are counted over the whole panel, whatever the domain. Rows
# of weight zero would be NaN in a calibrated design (R divides by the weight). A pair of waves
# stands in the rows of w2, whose weight counts for it.
long_file <- function(name) {
  people <- read_data(name)
  people$person <- seq_len(nrow(people))
  text <- function(answer) ifelse(is.na(answer), "", answer)
  do.call(rbind, lapply(1:2, function(k) {
    here <- people[!is.na(people[[paste0("weight", k)]]), ]
    state <- text(here[[paste0("answer", k)]])
    cbind(here, wave = WAVES[k], w = here[[paste0("weight", k)]], base = state != "",
          pair = k == 2 & !is.na(here$answer1) & !is.na(here$answer2),
          in_both = k == 2 & !is.na(here$weight1), state = state,
          origin = text(here$answer1), destination = text(here$answer2))
  }))
}

# The designs of w1, of w2, of the pair, and of differences between waves: one and the same, but for
# finite populations with drop-out.
two_waves <- function(dataset, name, designs) {
  note <- function(measure, label, found) put(dataset, name, measure, label, found)
  later <- designs$w2
  W <- later$variables
  second <- W$base & W$wave == "w2"
  for (s in STATES) {
    for (t in WAVES) {
      V <- designs[[t]]$variables
      here <- V$base & V$wave == t
      is <- 1 * (V$state == s)
      note("shares", sprintf("wave=%s;state=%s", t, s), share(designs[[t]], here, is))
      for (sex in c("f", "m")) {
        note("shares", sprintf("wave=%s;sex=%s;state=%s", t, sex, s),
             share(designs[[t]], here & V$sex == sex, is))
      }
    }
    B <- designs$both$variables
    note("difference", sprintf("wave=w2 minus w1;state=%s", s),
         difference(designs$both, B$base & B$wave == "w2", 1 * (B$state == s),
                    B$base & B$wave == "w1"))
    is <- 1 * (W$state == s)
    note("difference", sprintf("wave=w2;sex=m minus f;state=%s", s),
         difference(later, second & W$sex == "m", is, second & W$sex == "f"))
    for (age in c("18-34", "35-54", "55+")) {
      note("against the rest", sprintf("wave=w2;age=%s;state=%s", age, s),
           difference(later, second & W$age == age, is, second & W$age != age))
    }
  }
  pair <- designs$pair
  P <- pair$variables
  flow <- function(i, j) 1 * (P$origin == i & P$destination == j)
  for (i in STATES) for (j in STATES) {
    label <- sprintf("origin=%s;destination=%s", i, j)
    note("flows", label, share(pair, P$pair, flow(i, j)))
    note("transitions", label, share(pair, P$pair & P$origin == i, 1 * (P$destination == j)))
  }
  for (s in STATES) {
    note("net change", paste0("state=", s),
         derived(pair, list(list(P$pair, (P$destination == s) - (P$origin == s))), quote(M1)))
  }
  for (sex in c("f", "m")) for (s in STATES) {
    note("net change", sprintf("sex=%s;state=%s", sex, s),
         derived(pair, list(list(P$pair & P$sex == sex, (P$destination == s) - (P$origin == s))),
                 quote(M1)))
  }
  note("turnover", "component=total", share(pair, P$pair, 1 * (P$origin != P$destination)))
  ends <- list(list(P$pair, flow("a", "b")), list(P$pair, flow("b", "a")))
  note("difference of flows", "a to b minus b to a", derived(pair, ends, quote(M1 - M2)))
  note("ratio of flows", "a to b over b to a", derived(pair, ends, quote(M1 / M2)))
  note("log ratio of flows", "a to b over b to a", derived(pair, ends, quote(log(M1 / M2))))

  changed <- lapply(STATES[-3], function(s) {
    list(P$pair, (P$destination == s) - (P$origin == s))
  })
  note("marginal homogeneity", "all",
       wald_test(functions_of(pair, changed, list(quote(M1), quote(M2)))))
  sexes <- lapply(c("m", "f"), function(sex) second & W$sex == sex)
  gaps <- gaps_of(later, sexes, lapply(STATES[-3], function(s) 1 * (W$state == s)))
  note("joint Wald test", "by=sex", wald_test(gaps))
  for (g in c("sex", "age")) {
    note("independence", paste0("by=", g), independence(later, second, W$state, W[[g]]))
  }
  family <- sapply(STATES, function(s) {
    difference(later, second & W$sex == "m", 1 * (W$state == s), second & W$sex == "f")
  })
  t <- family["estimate", ] / family["std_error", ]
  p <- 2 * pt(-abs(t), family["df", ])
  holm <- p.adjust(p, "holm")
  limit <- qt(1 - .025 / 3, family["df", ]) * family["std_error", ]
  for (k in 1:3) {
    note("family", sprintf("wave=w2;sex=m minus f;state=%s", STATES[k]),
         c(estimate = family["estimate", k], wald_low = family["estimate", k] - limit[k],
           wald_high = family["estimate", k] + limit[k], statistic = t[k], df1 = family["df", k],
           pvalue = holm[k]) |>
           setNames(c("estimate", "wald_low", "wald_high", "statistic", "df1", "pvalue")))
  }
}

# ---- calibration -----------------------------------------------------------------------------

# Targets are totals by margin; with `keep` they are brought to the sum of the weights. The columns
# of each wave are its own, so waves are calibrated apart while one design holds both.
calibrated <- function(design, targets, calfun, bounds = c(-Inf, Inf), keep = FALSE) {
  V <- design$variables
  w <- weights(design, "sampling")
  waves <- if (is.null(V$wave)) "all" else unique(V$wave)
  population <- c()
  for (t in waves) for (margin in names(targets)) {
    total <- targets[[margin]]
    if (keep) total <- total / sum(total) * sum(w[if (t == "all") TRUE else V$wave == t])
    # Margins add up to the same total: one category of each later margin is redundant.
    kept <- if (margin == names(targets)[1]) names(total) else names(total)[-1]
    for (category in kept) {
      column <- paste0("c", length(population) + 1)
      here <- if (t == "all") TRUE else V$wave == t
      design$variables[[column]] <- 1 * (here & as.character(V[[margin]]) == category)
      population[column] <- total[[category]]
    }
  }
  formula <- as.formula(paste("~", paste(names(population), collapse = "+"), "- 1"))
  given <- list(design, formula, population, calfun = calfun, bounds = bounds, epsilon = 1e-12,
                maxit = 1000)
  # Its default fails for replicates that are not compressed.
  if (replicated(design)) given$compress <- FALSE
  do.call(calibrate, given)
}

poststratified <- function(design, margins, total) {
  V <- design$variables
  cell <- do.call(paste, c(lapply(margins, function(m) as.character(V[[m]])), sep = ":"))
  waves <- if (is.null(V$wave)) "all" else unique(V$wave)
  wave <- if (is.null(V$wave)) "all" else V$wave
  design$variables$cell_ <- paste(wave, cell, sep = "/")
  population <- expand.grid(cell = names(total), wave = waves, stringsAsFactors = FALSE)
  postStratify(design, ~cell_, data.frame(
    cell_ = paste(population$wave, population$cell, sep = "/"), Freq = total[population$cell]))
}

METHODS <- list(
  linear = function(design, targets, cells) calibrated(design, targets, "linear", keep = TRUE),
  raked = function(design, targets, cells) calibrated(design, targets, "raking"),
  logit = function(design, targets, cells) {
    calibrated(design, targets, "logit", c(.4, 2.5), keep = TRUE)
  },
  "post-stratified" = function(design, targets, cells) poststratified(design, cells$by, cells$total),
  "raked, then post-stratified" = function(design, targets, cells) {
    latest_first(poststratified(calibrated(design, targets, "raking"), cells$by, cells$total))
  },
  "age, then post-stratified" = function(design, targets, cells) {
    poststratified(calibrated(design, targets["age"], "linear"), cells$by, cells$total)
  })

# R takes the residuals of calibrations oldest first, so that totals which the latest has fixed get
# a standard error (1.86 for a cell of 150 to 190 people that the last step post-stratified). The
# derivative of the estimate takes them back from the latest; README.md has the numbers.
latest_first <- function(design) {
  if (!replicated(design)) design$postStrata <- rev(design$postStrata)
  design
}

TARGETS <- list(sex = c(f = 520, m = 480), age = c("18-34" = 300, "35-54" = 380, "55+" = 320),
                region = c(centre = 420, north = 300, south = 280))
CELLS <- list(by = c("sex", "age"),
              total = c("f:18-34" = 150, "f:35-54" = 190, "f:55+" = 180, "m:18-34" = 150,
                        "m:35-54" = 190, "m:55+" = 140))
SCHOOLS <- list(stype = c(E = 4421, H = 755, M = 1018), wide = c(no = 1072, yes = 5122),
                improved = c(no = 1712, yes = 4482))

# ---- run -------------------------------------------------------------------------------------

make_survey_data()
make_panels()

nhanes <- read_data("nhanes")
design <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, nest = TRUE, data = nhanes)
options(check.formulas = TRUE)
one_wave("nhanes", "strata, PSUs", design, "high", c("race", "gender"), c("yes", "no"))
options(check.formulas = FALSE)
jkn <- as.svrepdesign(design, type = "JKn")
one_wave("nhanes", "JKn", jkn, "high", "race", c("yes", "no"))
one_wave("nhanes", "JKn, mse", as.svrepdesign(design, type = "JKn", mse = TRUE), "high", "race",
         c("yes", "no"))
# The test of a model's term is the Wald test of the differences, before its correction.
answered <- subset(design, !is.na(high))
model <- svyglm(I(high == "yes") ~ factor(race), answered)
term <- regTermTest(model, ~factor(race))
ours <- Filter(function(row) row$dataset == "nhanes" && row$design == "strata, PSUs" &&
                 row$measure == "joint Wald test" && row$label == "by=race", rows)[[1]]
stopifnot(abs(term$Ftest * 3 / as.numeric(ours$wald) - 1) < 1e-8)

yrbs <- read_data("yrbs")
design <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, nest = TRUE, data = yrbs)
one_wave("yrbs", "strata, PSUs", design, "qn8", character(), c("1", "2"))
one_wave("yrbs", "JKn", as.svrepdesign(design, type = "JKn"), "qn8", character(), c("1", "2"))

mean_and_total <- function(dataset, name, design, x) {
  for (measure in c("mean", "total")) {
    found <- (if (measure == "mean") svymean else svytotal)(as.formula(paste0("~", x)), design)
    put(dataset, name, measure, x, c(estimate = as.numeric(coef(found)),
                                     std_error = as.numeric(SE(found)), df = degf(design)))
  }
}

fpc <- read_data("fpc")
arguments <- list(id = ~psu, strata = ~stratum, weights = ~weight, nest = TRUE, data = fpc)
without <- do.call(svydesign, arguments)
mean_and_total("fpc", "strata, PSUs", without, "x")
mean_and_total("fpc", "population sizes", do.call(svydesign, c(arguments, fpc = ~population)), "x")
mean_and_total("fpc", "fractions", do.call(svydesign, c(arguments, fpc = ~fraction)), "x")
mean_and_total("fpc", "JKn", as.svrepdesign(without, type = "JKn"), "x")

scd <- read_data("scd")
part <- function(prefix) as.matrix(scd[startsWith(names(scd), paste0(prefix, "_"))])
taylor <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, nest = TRUE, data = scd)
brr <- svrepdesign(data = scd, type = "BRR", weights = ~weight, repweights = part("brr"),
                   combined.weights = FALSE)
designs <- list("strata, PSUs" = taylor, BRR = brr,
                "BRR, mse" = svrepdesign(data = scd, type = "BRR", weights = ~weight, mse = TRUE,
                                         repweights = part("brr"), combined.weights = FALSE),
                Fay = as.svrepdesign(taylor, type = "Fay", fay.rho = .3),
                "Fay, mse" = as.svrepdesign(taylor, type = "Fay", fay.rho = .3, mse = TRUE),
                JKn = as.svrepdesign(taylor, type = "JKn"),
                "JKn, mse" = as.svrepdesign(taylor, type = "JKn", mse = TRUE))
for (name in names(designs)) {
  found <- svyratio(~alive, ~arrests, designs[[name]])
  put("scd", name, "mean", "alive per arrest",
      c(estimate = as.numeric(coef(found)), std_error = as.numeric(SE(found)),
        df = degf(designs[[name]])))
  total <- svytotal(~alive, designs[[name]])
  put("scd", name, "total", "alive", c(estimate = as.numeric(coef(total)),
                                       std_error = as.numeric(SE(total)), df = degf(designs[[name]])))
}

apiclus1 <- read_data("apiclus1")
lonely <- svydesign(id = ~1, strata = ~dnum, weights = ~weight, data = apiclus1)
for (rule in c("certainty", "adjust", "average")) {
  options(survey.lonely.psu = rule)
  found <- svymean(~api00, lonely)
  put("apiclus1", paste("single-PSU strata:", rule), "mean", "api00",
      c(estimate = as.numeric(coef(found)), std_error = as.numeric(SE(found)), df = degf(lonely)))
}
options(survey.lonely.psu = "fail")

schools <- c("stype", "wide")
clusters <- svydesign(id = ~dnum, weights = ~weight, data = apiclus1)
one_wave("apiclus1", "PSUs", clusters, "awards", schools, c("yes", "no"))
one_wave("apiclus1", "PSUs, population sizes",
         svydesign(id = ~dnum, weights = ~weight, fpc = ~population, data = apiclus1), "awards",
         schools, c("yes", "no"))
part <- function(prefix) as.matrix(apiclus1[startsWith(names(apiclus1), paste0(prefix, "_"))])
given <- function(type, prefix, mse) {
  svrepdesign(data = apiclus1, weights = ~weight, repweights = part(prefix), mse = mse,
              combined.weights = FALSE, type = type,
              scale = if (type == "bootstrap") 1 / (ncol(part(prefix)) - 1) else NULL,
              rscales = if (type == "bootstrap") rep(1, ncol(part(prefix))) else NULL)
}
replicates <- list(JK1 = as.svrepdesign(clusters, type = "JK1"),
                   "JK1, mse" = as.svrepdesign(clusters, type = "JK1", mse = TRUE),
                   bootstrap = given("bootstrap", "boot", FALSE),
                   "bootstrap, mse" = given("bootstrap", "boot", TRUE),
                   "SDR" = given("successive-difference", "sdr", FALSE),
                   "SDR, mse" = given("successive-difference", "sdr", TRUE))
for (name in names(replicates)) {
  one_wave("apiclus1", name, replicates[[name]], "awards", "wide", c("yes", "no"))
}
for (method in c("linear", "raked", "logit")) {
  one_wave("apiclus1", paste("PSUs;", method), METHODS[[method]](clusters, SCHOOLS), "awards",
           "wide", c("yes", "no"))
  one_wave("apiclus1", paste("SDR, mse;", method), METHODS[[method]](replicates$"SDR, mse", SCHOOLS),
           "awards", "wide", c("yes", "no"))
}

apistrat <- read_data("apistrat")
strata <- svydesign(id = ~1, strata = ~stype, weights = ~weight, data = apistrat)
one_wave("apistrat", "strata", strata, "awards", schools, c("yes", "no"))
strata <- svydesign(id = ~1, strata = ~stype, weights = ~weight, fpc = ~population, data = apistrat)
one_wave("apistrat", "strata, population sizes", strata, "awards", schools, c("yes", "no"))
for (method in c("linear", "raked", "logit")) {
  one_wave("apistrat", paste("strata, population sizes;", method),
           METHODS[[method]](strata, SCHOOLS), "awards", "wide", c("yes", "no"))
}

run_panel <- function(dataset, name, make) {
  design <- make(long_file(dataset))
  two_waves(dataset, name, list(w1 = design, w2 = design, pair = design, both = design))
}

psus <- function(data) svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = data)
population <- function(data) {
  svydesign(id = ~psu, strata = ~stratum, weights = ~w, fpc = ~population, data = data)
}
jkn <- function(data) as.svrepdesign(psus(data), type = "JKn")
run_panel("clustered", "strata, PSUs", psus)
run_panel("clustered", "strata, PSUs, population sizes", population)
run_panel("clustered", "JKn", jkn)
for (method in names(METHODS)) {
  run_panel("clustered", paste("strata, PSUs, population sizes;", method), function(data) {
    METHODS[[method]](population(data), TARGETS, CELLS)
  })
}
for (method in c("raked", "post-stratified", "raked, then post-stratified")) {
  run_panel("clustered", paste("JKn;", method), function(data) {
    METHODS[[method]](jkn(data), TARGETS, CELLS)
  })
}

# A fraction is that of the wave with the most people of the stratum. `make` calibrates.
run_fractions <- function(name, make) {
  data <- long_file("people")
  most <- apply(table(data$stratum, data$wave), 1, max)
  data$size <- as.vector(most[data$stratum]) / data$fraction
  own_file <- function(rows) {
    make(svydesign(id = ~person, strata = ~stratum, weights = ~w, fpc = ~size, data = data[rows, ]))
  }
  designs <- lapply(setNames(WAVES, WAVES), function(wave) own_file(data$wave == wave))
  # Weights and calibrations of both waves; their covariance by hand.
  both <- make(svydesign(id = ~person, strata = ~stratum, weights = ~w, data = data))
  both$by_hand <- list(sample = data$wave, people = c(
    split(data$person, data$wave), list(pair = data$person[data$in_both])))
  pair <- both
  pair$by_hand$sample[data$in_both] <- "pair"
  for (wave in WAVES) check_by_hand(both, data$wave == wave, designs[[wave]])
  if (is.null(both$postStrata)) {
    by_hand <- pair
    pair <- own_file(data$in_both)
    check_by_hand(by_hand, data$in_both, pair)
  }
  two_waves("people", name, c(designs, list(pair = pair, both = both)))
}

# For one sample the covariance by hand is R's.
check_by_hand <- function(by_hand, rows, design) {
  is <- function(design) 1 * (design$variables$state == "a")
  by_hand$variables$y_ <- is(by_hand) * rows
  design$variables$y_ <- is(design)
  stopifnot(abs(vcov(totals(~y_, by_hand)) / vcov(svytotal(~y_, design)) - 1) < 1e-9)
}

given <- function(type, prefix, mse) function(data) {
  columns <- as.matrix(data[startsWith(names(data), paste0(prefix, "_"))])
  svrepdesign(data = data, weights = ~w, repweights = columns, combined.weights = FALSE,
              type = type, mse = mse,
              scale = if (type == "bootstrap") 1 / (ncol(columns) - 1) else NULL,
              rscales = if (type == "bootstrap") rep(1, ncol(columns)) else NULL)
}
run_fractions("strata, fractions", identity)
for (method in c("raked", "logit", "raked, then post-stratified")) {
  run_fractions(paste("strata, fractions;", method), function(design) {
    METHODS[[method]](design, TARGETS, CELLS)
  })
}
run_panel("people", "bootstrap", given("bootstrap", "boot", FALSE))
run_panel("people", "bootstrap, mse", given("bootstrap", "boot", TRUE))
run_panel("people", "SDR, mse", given("successive-difference", "sdr", TRUE))
for (method in c("raked", "post-stratified")) {
  run_panel("people", paste("bootstrap;", method), function(data) {
    METHODS[[method]](given("bootstrap", "boot", FALSE)(data), TARGETS, CELLS)
  })
}
for (method in c("linear", "logit")) {
  run_panel("people", paste("SDR, mse;", method), function(data) {
    METHODS[[method]](given("successive-difference", "sdr", TRUE)(data), TARGETS, CELLS)
  })
}

golden <- do.call(rbind, rows)
stopifnot(!anyDuplicated(golden[c("dataset", "design", "measure", "label")]),
          golden$statistic != "" | golden$std_error != "")
write.csv(golden, file.path(folder, "estimation_golden.csv"), row.names = FALSE, eol = "\n",
          quote = 1:4)
print(table(golden$measure, golden$dataset))
cat(nrow(golden), "golden rows;", R.version.string, "survey", format(packageVersion("survey")), "\n")
