# Golden values of opinionpanel's design-based estimates, computed by R's survey package.
#
#   Rscript tests/golden/make_survey_golden.R        (from the repository root)
#
# Makes synthetic panels (panel_<name>.csv) and, from those files, survey_golden.csv.
# README.md beside this script says what the columns mean and which conventions hold.

suppressPackageStartupMessages(library(survey))
options(warn = 2, survey.ultimate.cluster = FALSE, survey.adjust.domain.lonely = FALSE)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")

STATES <- c("a", "b", "c")
SEXES <- c("f", "m")
AGES <- c("18-34", "35-54", "55+")

# ---- synthetic panels ------------------------------------------------------------------------

# A frame of PSUs: one row per sampled PSU, with its number of people.
# `sex` restricts a PSU to one sex, `entry` delays a whole PSU to a later wave (refreshment).
psus <- function(stratum, psu, people, fpc = NA, sex = "", entry = 1) {
  data.frame(stratum = stratum, psu = psu, people = people, fpc = fpc, sex = sex, entry = entry)
}

strata_of_psus <- function(counts, people, fpc = NULL) {
  do.call(rbind, lapply(seq_along(counts), function(h) {
    id <- sprintf("s%02d", h)
    size <- sample(people, counts[h], replace = TRUE)
    psus(id, sprintf("%s-%02d", id, seq_len(counts[h])), size,
         fpc = if (is.null(fpc)) NA else fpc[h])
  }))
}

# One frame of rows that are lists: a frame for each row took a quarter of the time of this script.
together <- function(rows) {
  columns <- sapply(names(rows[[1]]), function(name) sapply(rows, `[[`, name), simplify = FALSE)
  as.data.frame(columns)
}

draw <- function(probabilities) sample(STATES, 1, prob = probabilities)

# People of a frame, interviewed wave by wave; long form, one row per person and interview.
make_panel <- function(frame, waves, equal_weights = FALSE) {
  frame$tilt <- rnorm(nrow(frame), 0, 0.5)     # people of one PSU resemble each other
  stay <- rbind(a = c(.70, .12, .18), b = c(.10, .72, .18), c = c(.28, .17, .55))
  colnames(stay) <- STATES
  number <- 0
  rows <- list()
  for (k in seq_len(nrow(frame))) {
    for (member in seq_len(frame$people[k])) {
      number <- number + 1
      sex <- if (frame$sex[k] == "") sample(SEXES, 1) else frame$sex[k]
      age <- sample(AGES, 1, prob = c(.3, .4, .3))
      first <- max(frame$entry[k], sample(seq_len(waves), 1, prob = c(.82, .10, .08)[1:waves]))
      interviewed <- first
      for (wave in seq_len(waves)[seq_len(waves) > first]) {
        if (runif(1) < .80) interviewed <- c(interviewed, wave)    # drop-out, some come back
      }
      own <- exp(rnorm(1, 0, .45))
      start <- exp(c(.3 + .4 * (sex == "m") + frame$tilt[k], .1 * (age == "55+"), -.2))
      state <- draw(start)
      for (wave in interviewed) {
        if (wave > first) state <- draw(stay[state, ] * c(1, 1 + .15 * wave, 1))
        weight <- if (equal_weights) 1 else own * exp(rnorm(1, .05 * wave, .25))
        answer <- if (runif(1) < .06) "" else state
        # Not sampled at this wave: half of these rows carry an answer all the same.
        if (!equal_weights && length(interviewed) > 1 && runif(1) < .05) {
          weight <- 0
          if (runif(1) < .5) answer <- ""
        }
        rows[[length(rows) + 1]] <- list(
          person = sprintf("p%04d", number), wave = paste0("w", wave), weight = weight,
          stratum = frame$stratum[k], psu = frame$psu[k], fpc = frame$fpc[k],
          sex = sex, age = age, answer = answer)
      }
    }
  }
  panel <- together(rows)
  # Nobody may have weight zero throughout: such people would not be part of the design.
  nowhere <- tapply(panel$weight, panel$person, max) == 0
  panel[!panel$person %in% names(nowhere)[nowhere], ]
}

write_panel <- function(name, panel) {
  panel$weight <- sprintf("%.17g", panel$weight)
  panel$fpc <- ifelse(is.na(panel$fpc), "", sprintf("%d", as.integer(panel$fpc)))
  write.csv(panel, file.path(folder, paste0("panel_", name, ".csv")),
            row.names = FALSE, quote = FALSE, eol = "\n")
}

read_panel <- function(name) {
  text <- c("person", "wave", "stratum", "psu", "sex", "age", "answer")
  read.csv(file.path(folder, paste0("panel_", name, ".csv")), na.strings = character(),
           colClasses = c(setNames(rep("character", length(text)), text),
                          weight = "numeric", fpc = "character"))
}

make_all_panels <- function() {
  set.seed(20241107)
  # Strata of unequal size, people as their own PSU.
  write_panel("stratified", make_panel(
    psus(sprintf("s%02d", 1:5), "", c(110, 80, 60, 35, 15)), waves = 3))
  write_panel("clustered", make_panel(
    psus("", sprintf("c%02d", 1:30), sample(4:16, 30, replace = TRUE)), waves = 2))

  # fpc is the number of PSUs in the population of the stratum; s05 and s06 are taken whole.
  both <- strata_of_psus(c(6, 5, 7, 4, 3, 2), 5:13, fpc = c(40, 18, 60, 9, 3, 2))
  both$sex[both$psu %in% c("s01-02", "s03-04")] <- "f"
  both$sex[both$psu %in% c("s02-03", "s05-01")] <- "m"
  both$entry[both$psu == "s03-07"] <- 2          # a PSU that joins as a refreshment
  write_panel("both", make_panel(both, waves = 3))

  # Single PSUs in s05 and s06; in s06 there are only women, so men have no member of the stratum.
  lonely <- strata_of_psus(c(6, 5, 4, 5, 1, 1), 6:13)
  lonely$people[lonely$stratum %in% c("s05", "s06")] <- 14
  lonely$sex[lonely$stratum == "s06"] <- "f"
  write_panel("lonely", make_panel(lonely, waves = 2))

  # The same with fpc: s05 is one PSU of five, s06 one of one (certainty, not lonely to R).
  lonely_fpc <- strata_of_psus(c(6, 5, 4, 5, 1, 1), 6:13, fpc = c(30, 20, 4, 25, 5, 1))
  lonely_fpc$people[lonely_fpc$stratum %in% c("s05", "s06")] <- 14
  write_panel("lonely_fpc", make_panel(lonely_fpc, waves = 2))

  write_panel("srs", make_panel(psus("", "", 240), waves = 2, equal_weights = TRUE))
}

# ---- long files of the whole panel -----------------------------------------------------------

# One row per person and wave, or person and pair of consecutive waves; whoever is not in the
# base keeps the row with weight zero, so strata and PSUs are counted over the whole panel.
long_files <- function(panel) {
  waves <- sort(unique(panel$wave), method = "radix")
  people <- panel[!duplicated(panel$person), c("person", "stratum", "psu", "fpc", "sex", "age")]
  at <- lapply(waves, function(wave) {
    found <- panel[panel$wave == wave, ]
    k <- match(people$person, found$person)
    list(weight = ifelse(is.na(k), 0, found$weight[k]), there = !is.na(k),
         answer = ifelse(is.na(k), "", found$answer[k]))
  })
  by_wave <- do.call(rbind, lapply(seq_along(waves), function(t) {
    base <- at[[t]]$weight > 0 & at[[t]]$answer != ""
    cbind(people, time = waves[t], base = base, w = ifelse(base, at[[t]]$weight, 0),
          counts = at[[t]]$weight > 0, state = at[[t]]$answer)
  }))
  by_pair <- do.call(rbind, lapply(seq_along(waves)[-1], function(t) {
    base <- at[[t]]$weight > 0 & at[[t - 1]]$answer != "" & at[[t]]$answer != ""
    cbind(people, time = paste(waves[t - 1], waves[t]), base = base,
          w = ifelse(base, at[[t]]$weight, 0),    # the weight at the later wave
          counts = at[[t]]$weight > 0 & at[[t - 1]]$there,
          origin = at[[t - 1]]$answer, destination = at[[t]]$answer)
  }))
  list(waves = waves, people = nrow(people), wave = designs_of(by_wave), pair = designs_of(by_pair))
}

# The design of each time: that of the whole panel; with a finite population the file of the wave,
# or of those in both waves of the pair, alone.
designs_of <- function(long) {
  times <- unique(long$time)
  if (all(long$fpc == "")) return(setNames(rep(list(design_of(long)), length(times)), times))
  sapply(times, function(time) design_of(long[long$time == time & long$counts, ]), simplify = FALSE)
}

design_of <- function(long) {
  arguments <- list(ids = if (all(long$psu == "")) ~person else ~psu, weights = ~w, data = long,
                    nest = FALSE)
  if (any(long$stratum != "")) arguments$strata <- ~stratum
  if (any(long$fpc != "")) {
    long$fpc <- as.numeric(long$fpc)
    arguments$data <- long
    arguments$fpc <- ~fpc
  }
  do.call(svydesign, arguments)
}

# ---- one estimate, by two routes -------------------------------------------------------------

# Strata over strata that R can use: the factor of survey.lonely.psu = "average".
average_factor <- function(design) {
  single <- design$fpc$sampsize[, 1] == 1
  if (!is.null(design$fpc$popsize)) single <- single & design$fpc$popsize[, 1] > 1
  strata <- unique(design$strata[, 1])
  length(strata) / (length(strata) - length(unique(design$strata[single, 1])))
}

close_to <- function(x, y) all(abs(x - y) <= 1e-10 * pmax(1, abs(y)))

# Times that the second route saw fewer strata than the first under "average" (see README).
fewer_strata <- 0

# Mean of score `y` over the rows in `domain`, or that minus the mean of `y2` over `domain2`.
# Route 1, which is written down: totals over the whole design, and the delta method.
# Route 2, which must agree: the subset of the design, svymean, svyby with its covariance.
estimate <- function(design, domain, y, domain2 = NULL, y2 = y) {
  columns <- cbind(T1 = y * domain, D1 = 1 * domain)
  wanted <- quote(T1 / D1)
  if (!is.null(domain2)) {
    columns <- cbind(columns, T2 = y2 * domain2, D2 = 1 * domain2)
    wanted <- quote(T1 / D1 - T2 / D2)
  }
  one <- svycontrast(svytotal(columns, design), list(value = wanted))
  value <- as.numeric(coef(one))
  variance <- max(0, as.numeric(vcov(one)))

  design$variables$y_ <- ifelse(domain, y, y2)
  if (is.null(domain2)) {
    part <- subset(design, domain)
    two <- svymean(~y_, part)
    df <- degf(part)
    n <- sum(domain)
  } else {
    stopifnot(!any(domain & domain2))
    design$variables$part_ <- ifelse(domain, "1", "2")
    part <- subset(design, domain | domain2)
    two <- svycontrast(svyby(~y_, ~part_, part, svymean, covmat = TRUE), c(1, -1))
    df <- min(degf(subset(design, domain)), degf(subset(design, domain2)))
    n <- min(sum(domain), sum(domain2))
  }
  ratio <- 1
  if (getOption("survey.lonely.psu") == "average") {
    ratio <- average_factor(design) / average_factor(part)
    if (ratio != 1) fewer_strata <<- fewer_strata + 1
  }
  stopifnot(close_to(value, as.numeric(coef(two))))
  stopifnot(close_to(sqrt(variance), as.numeric(SE(two)) * sqrt(ratio)))
  list(value = value, se = sqrt(variance), df = df, n = n)
}

# Difference between domains of two designs. Where each is a sample of its own of a finite population,
# R has no covariance: with m_1 and m_2 PSUs of a stratum, m in both and N in the population,
# (1 - m_1 m_2 / (m N)) m / (m - 1) times the products of deviations of the PSUs in both.
between <- function(one, domain1, y1, two, domain2, y2) {
  if (identical(one$variables, two$variables)) return(estimate(one, domain1, y1, domain2, y2))
  first <- estimate(one, domain1, y1)
  second <- estimate(two, domain2, y2)
  z1 <- psu_scores(one, domain1, y1, first$value)
  z2 <- psu_scores(two, domain2, y2, second$value)
  rule <- getOption("survey.lonely.psu")
  shared <- single <- strata <- 0
  for (h in intersect(z1$stratum, z2$stratum)) {
    a <- z1[z1$stratum == h, ]
    b <- z2[z2$stratum == h, ]
    both <- intersect(a$psu, b$psu)
    m <- length(both)
    N <- a$size[1]
    if (m == 0) next
    strata <- strata + 1
    products <- a$z[match(both, a$psu)]
    others <- b$z[match(both, b$psu)]
    left <- 1 - nrow(a) * nrow(b) / (m * N)
    if (m == 1 && left > 0) single <- single + 1
    if (m == 1 && rule %in% c("certainty", "average")) next
    shared <- shared + left * (if (m == 1) products * others else m * cov(products, others))
  }
  if (rule == "average") shared <- shared * strata / (strata - single)
  list(value = first$value - second$value,
       se = sqrt(max(0, first$se^2 + second$se^2 - 2 * shared)),
       df = min(first$df, second$df), n = min(first$n, second$n))
}

# Linearised values of a mean, summed by PSU.
psu_scores <- function(design, domain, y, mean) {
  V <- design$variables
  V$z <- V$w * domain * (y - mean) / sum(V$w * domain)
  V$size <- as.numeric(V$fpc)
  aggregate(z ~ stratum + psu + size, V, sum)
}

# ---- measures --------------------------------------------------------------------------------

COLUMNS <- c("panel", "lonely", "measure", "by_name", "by_value", "from_wave", "to_wave", "wave",
             "state", "origin", "destination", "component", "minus")

measures_of <- function(name, lonely, files) {
  rows <- list()
  # Write one estimate with its labels; returns it for the identities checked below.
  put <- function(found, ...) {
    labels <- setNames(as.list(rep("", length(COLUMNS))), COLUMNS)
    labels[c("panel", "lonely")] <- list(name, lonely)
    given <- list(...)
    stopifnot(names(given) %in% COLUMNS)
    labels[names(given)] <- given
    rows[[length(rows) + 1]] <<- c(
      labels, estimate = sprintf("%.17g", found$value), std_error = sprintf("%.17g", found$se),
      df = found$df, n = found$n)
    found
  }

  first <- files$waves[1]
  last <- files$waves[length(files$waves)]
  groups_of <- function(V) {
    groups <- list(list("", "", TRUE))
    for (sex in SEXES) groups <- c(groups, list(list("sex", sex, V$sex == sex)))
    groups
  }

  for (time in files$waves) {
    wave <- files$wave[[time]]
    W <- wave$variables
    for (g in groups_of(W)) for (state in STATES) {
      put(estimate(wave, W$base & W$time == time & g[[3]], 1 * (W$state == state)),
          measure = "shares", by_name = g[[1]], by_value = g[[2]], wave = time, state = state)
    }
  }
  later <- files$wave[[last]]
  earlier <- files$wave[[first]]
  W <- later$variables
  E <- earlier$variables
  for (state in STATES) {
    is <- 1 * (W$state == state)
    put(between(later, W$base & W$time == last, is,
                earlier, E$base & E$time == first, 1 * (E$state == state)),
        measure = "difference_wave", wave = last, minus = first, state = state)
    here <- W$base & W$time == last
    put(estimate(later, here & W$sex == "m", is, here & W$sex == "f"),
        measure = "difference_sex", component = "shares", by_name = "sex", by_value = "m",
        minus = "f", wave = last, state = state)
  }

  pairs <- names(files$pair)
  for (time in pairs) {
    pair <- files$pair[[time]]
    P <- pair$variables
    ends <- strsplit(time, " ")[[1]]
    base <- P$base & P$time == time
    label <- function(found, ...) put(found, from_wave = ends[1], to_wave = ends[2], ...)
    for (g in groups_of(P)) {
      here <- base & g[[3]]
      for (i in STATES) for (j in STATES) {
        label(estimate(pair, here, 1 * (P$origin == i & P$destination == j)), measure = "flows",
              by_name = g[[1]], by_value = g[[2]], origin = i, destination = j)
      }
      for (i in STATES) {
        label(estimate(pair, here, (P$destination == i) - (P$origin == i)),
              measure = "net_change", by_name = g[[1]], by_value = g[[2]], state = i)
      }
    }
    ages <- lapply(AGES, function(age) list("age", age, P$age == age))
    for (g in c(groups_of(P), ages)) for (i in STATES) for (j in STATES) {
      label(estimate(pair, base & g[[3]] & P$origin == i, 1 * (P$destination == j)),
            measure = "transitions", by_name = g[[1]], by_value = g[[2]], origin = i,
            destination = j)
    }
    for (side in c("origin", "destination")) for (i in STATES) {
      label(estimate(pair, base, 1 * (P[[side]] == i)), measure = "margins", component = side,
            state = i)
    }
    for (i in STATES) for (j in STATES) {
      men <- P$sex == "m"
      label(estimate(pair, base & men, 1 * (P$origin == i & P$destination == j), base & !men),
            measure = "difference_sex", component = "flows", by_name = "sex", by_value = "m",
            minus = "f", origin = i, destination = j)
      row <- base & P$origin == i
      label(estimate(pair, row & men, 1 * (P$destination == j), row & !men),
            measure = "difference_sex", component = "transitions", by_name = "sex",
            by_value = "m", minus = "f", origin = i, destination = j)
    }
    check_turnover(pair, base, function(found, component) {
      label(found, measure = "turnover", component = component)
    })
  }

  from_to <- function(V, origin, destination) 1 * (V$origin == origin & V$destination == destination)
  pair <- files$pair[[1]]
  P <- pair$variables
  put(estimate(pair, P$base & P$time == pairs[1], from_to(P, "a", "b") - from_to(P, "b", "a")),
      measure = "difference_flow", component = "opposite flow", from_wave = files$waves[1],
      to_wave = files$waves[2], origin = "a", destination = "b", minus = "b a")
  if (length(pairs) > 1) {
    second <- files$pair[[2]]
    S <- second$variables
    put(between(second, S$base & S$time == pairs[2], from_to(S, "a", "b"),
                pair, P$base & P$time == pairs[1], from_to(P, "a", "b")),
        measure = "difference_flow", component = "earlier pair", from_wave = files$waves[2],
        to_wave = files$waves[3], origin = "a", destination = "b", minus = pairs[1])
  }
  together(rows)
}

# Turnover and its parts, signs and minima held at the estimate, as scores of the pair (i, j);
# checked against linear contrasts of the joint shares with their full covariance.
check_turnover <- function(pair, domain, label) {
  P <- pair$variables
  cells <- outer(STATES, STATES, paste)
  indicator <- sapply(c(cells), function(cell) 1 * (paste(P$origin, P$destination) == cell))
  joint <- svymean(indicator[domain, ], subset(pair, domain))
  pi <- matrix(coef(joint), 3, 3, dimnames = list(STATES, STATES))
  change <- colSums(pi) - rowSums(pi)
  opposite <- (pi - t(pi))[upper.tri(pi)]
  # At a tie the derivative is not defined and every convention gives another standard error.
  stopifnot(abs(change) > 1e-6, abs(opposite) > 1e-6)

  off <- 1 - diag(3)
  weights <- list(total = off,
                  net = outer(sign(change), sign(change), function(i, j) (j - i) / 2),
                  exchange = 2 * (pi < t(pi)))
  weights$shift <- weights$total - weights$net - weights$exchange
  values <- c(total = 1 - sum(diag(pi)), net = sum(abs(change)) / 2,
              exchange = sum(pmin(pi, t(pi)) * off))
  values["shift"] <- values["total"] - values["net"] - values["exchange"]
  sub <- average_factor(pair) / average_factor(subset(pair, domain))
  ratio <- if (getOption("survey.lonely.psu") == "average") sub else 1
  for (component in names(weights)) {
    score <- as.numeric(indicator %*% c(weights[[component]]))
    found <- label(estimate(pair, domain, score), component)
    linear <- svycontrast(joint, setNames(c(weights[[component]]), names(coef(joint))))
    stopifnot(close_to(found$value, values[component]), close_to(found$value, coef(linear)))
    stopifnot(close_to(found$se, as.numeric(SE(linear)) * sqrt(ratio)))
  }
}

# Under simple random sampling the covariance of the net changes has a closed form; everyone of
# the panel is in the design, hence the factor N/(N-1) with N people and not the base n.
check_srs <- function(golden, people) {
  pick <- function(measure) golden[golden$measure == measure & golden$by_name == "", ]
  pi <- t(matrix(as.numeric(pick("flows")$estimate), 3, 3))
  d <- colSums(pi) - rowSums(pi)
  n <- pick("flows")$n[1]
  closed <- (diag(rowSums(pi) + colSums(pi)) - pi - t(pi) - outer(d, d)) / n
  stopifnot(close_to(as.numeric(pick("net_change")$std_error),
                     sqrt(diag(closed) * people / (people - 1))))
}

# ---- run -------------------------------------------------------------------------------------

make_all_panels()
parts <- list()
for (name in c("stratified", "clustered", "both", "lonely", "lonely_fpc", "srs")) {
  panel <- read_panel(name)
  stopifnot(panel$weight >= 0, tapply(panel$weight, panel$person, max) > 0)
  files <- long_files(panel)
  settings <- ""
  if (startsWith(name, "lonely")) {
    settings <- c("certainty", "adjust", "average")
    options(survey.lonely.psu = "fail")
    refused <- try(svytotal(~w, files$wave[[1]]), silent = TRUE)
    stopifnot(inherits(refused, "try-error"))
  }
  for (lonely in settings) {
    options(survey.lonely.psu = if (lonely == "") "fail" else lonely)
    parts[[paste(name, lonely)]] <- measures_of(name, lonely, files)
  }
  if (name == "srs") check_srs(parts[["srs "]], files$people)
  cat(sprintf("%-11s people %d, rows %d, waves %d, zero weights %d, no answer %d, n at waves %s\n",
              name, files$people, nrow(panel), length(files$waves), sum(panel$weight == 0),
              sum(panel$answer == ""),
              paste(tapply(panel$weight > 0 & panel$answer != "", panel$wave, sum),
                    collapse = " ")))
}
golden <- do.call(rbind, parts)
stopifnot(!anyDuplicated(golden[COLUMNS]), !grepl("N", golden$estimate, fixed = TRUE),
          !grepl("N", golden$std_error, fixed = TRUE), golden$df > 0)
write.csv(golden, file.path(folder, "survey_golden.csv"), row.names = FALSE, quote = FALSE,
          eol = "\n")

print(table(golden$measure, paste(golden$panel, golden$lonely)))
cat(sprintf("%d golden values; %d with a standard error of 0; two routes agree to 1e-10\n",
            nrow(golden), sum(as.numeric(golden$std_error) == 0)))
cat(sprintf("under \"average\", %d estimates whose subset holds fewer strata than the design\n",
            fewer_strata))
cat(R.version.string, "survey", format(packageVersion("survey")), "\n")
