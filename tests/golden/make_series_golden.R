# Golden values of waves that asked other people each time, computed by R's survey package.
#
#   Rscript tests/golden/make_series_golden.R   (from the repository root, five seconds)
#
# Makes three synthetic samples, one below the other (series_people.csv), and from that file
# series_golden.csv: design, measure, label, estimate, std_error, df. Shares are those of each wave's
# own file; differences those of the stacked file, whose strata are crossed with the wave, and of
# replicate weights those of errors that add up. Of the "same PSUs" the stacked file is one sample of
# PSUs, as of a series that keeps its settlements. Raking is at each wave to sex and region. df are those
# of shares, empty for others.

suppressPackageStartupMessages(library(survey))
options(warn = 2)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")
REPLICATES <- 12
STATES <- c("a", "b", "c")
WAVES <- c("w1", "w2", "w3")

digits <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))

make_people <- function() {
  set.seed(20261130)
  place <- rnorm(12, sd = .8)
  parts <- lapply(seq_along(WAVES), function(w) {
    # Some places are left out at a wave, and each holds a few people.
    used <- setdiff(1:12, c(2, 7, 11)[w])
    psu <- sort(sample(rep(used, c(6, 5, 4)[w])))
    d <- data.frame(wave = WAVES[w], psu = psu, region = ifelse(psu <= 5, "north", "south"),
                    sex = sample(c("f", "m"), length(psu), replace = TRUE),
                    weight = round(runif(length(psu), .5, 2), 3))
    d$x <- STATES[1 + rbinom(nrow(d), 2, plogis(place[psu] + .2 * w - .3))]
    d$N <- ifelse(d$region == "north", 60, 90)
    for (r in seq_len(REPLICATES)) {
      d[[paste0("r", r)]] <- round(d$weight * (1 + sample(c(-.6, 0, .6), nrow(d), replace = TRUE)), 4)
    }
    d
  })
  write.csv(do.call(rbind, parts), file.path(folder, "series_people.csv"), row.names = FALSE,
            quote = FALSE, eol = "\n")
}

rows <- list()

add <- function(design, measure, label, estimate, std_error, df = NA) {
  rows[[length(rows) + 1]] <<- data.frame(
    design = design, measure = measure, label = label, estimate = digits(as.numeric(estimate)),
    std_error = digits(as.numeric(std_error)), df = ifelse(is.na(df), "", df))
}

# Shares from the file of each wave, or from the domains of the stacked one.
shares <- function(name, waves) {
  for (wave in WAVES) for (state in STATES) {
    found <- svymean(~hit, update(waves[[wave]], hit = as.numeric(x == state)))
    add(name, "shares", paste0(wave, ";", state), coef(found), SE(found), degf(waves[[wave]]))
  }
}

by_sex <- function(name, waves) {
  for (wave in WAVES) for (state in STATES) {
    found <- svyby(~hit, ~sex, update(waves[[wave]], hit = as.numeric(x == state)), svymean)
    for (row in 1:2) {
      add(name, "by sex", paste(wave, found$sex[row], state, sep = ";"), found$hit[row], found$se[row])
    }
  }
}

differences <- function(name, stacked) {
  for (state in STATES) {
    found <- svyby(~hit, ~wave, update(stacked, hit = as.numeric(x == state)), svymean, covmat = TRUE)
    for (wave in WAVES[-1]) {
      less <- svycontrast(found, setNames(c(1, -1), c(wave, "w1")))
      add(name, "difference", paste0(wave, ";", state), coef(less), SE(less))
    }
  }
}

# Of samples that have nothing in common errors add up.
added <- function(name, waves) {
  for (state in STATES) {
    found <- lapply(waves, function(one) svymean(~hit, update(one, hit = as.numeric(x == state))))
    for (wave in WAVES[-1]) {
      add(name, "difference", paste0(wave, ";", state), coef(found[[wave]]) - coef(found$w1),
          sqrt(SE(found[[wave]])^2 + SE(found$w1)^2))
    }
  }
}

apart <- function(people, make) lapply(split(people, people$wave), make)
domains <- function(stacked) {
  waves <- stacked$variables$wave
  setNames(lapply(WAVES, function(wave) stacked[waves == wave, ]), WAVES)
}

# Weights raked at a wave to sex and region, of 100 people.
with_raked <- function(d) {
  margins <- list(data.frame(sex = c("f", "m"), Freq = c(55, 45)),
                  data.frame(region = c("north", "south"), Freq = c(40, 60)))
  found <- rake(svydesign(ids = ~1, weights = ~weight, data = d), list(~sex, ~region), margins,
                control = list(epsilon = 1e-11, maxit = 500))
  transform(d, raked = weights(found))
}

# What calibrate() does, which needs another package: a share varies as the total of what the margins do
# not explain of it, the regression being in the weights before raking.
residuals_of <- function(d, wave, state) {
  here <- d$wave == wave
  hit <- as.numeric(d$x == state)
  share <- sum((d$raked * hit)[here]) / sum(d$raked[here])
  part <- (hit - share) / sum(d$raked[here])
  explained <- fitted(lm(part ~ sex + region, d, weights = weight, subset = here))
  e <- numeric(nrow(d))
  e[here] <- part[here] - explained
  list(share = share, e = e)
}

raked_rows <- function(name, d, design) {
  error <- function(e) SE(svytotal(~e, update(design, e = e)))
  for (state in STATES) {
    found <- lapply(setNames(WAVES, WAVES), function(wave) residuals_of(d, wave, state))
    for (wave in WAVES) {
      add(name, "shares", paste0(wave, ";", state), found[[wave]]$share, error(found[[wave]]$e),
          degf(design[d$wave == wave, ]))
    }
    for (wave in WAVES[-1]) {
      add(name, "difference", paste0(wave, ";", state), found[[wave]]$share - found$w1$share,
          error(found[[wave]]$e - found$w1$e))
    }
  }
}

make_golden <- function() {
  people <- read.csv(file.path(folder, "series_people.csv"), stringsAsFactors = FALSE)
  linear <- function(name, alone, stacked) {
    waves <- apart(people, alone)
    shares(name, waves)
    by_sex(name, waves)
    differences(name, stacked)
  }
  linear("simple", function(d) svydesign(ids = ~1, weights = ~1, data = transform(d, one = 1)),
         svydesign(ids = ~1, strata = ~wave, weights = ~1, data = people))
  linear("stratified", function(d) svydesign(ids = ~1, strata = ~region, weights = ~weight, data = d),
         svydesign(ids = ~1, strata = ~interaction(wave, region), weights = ~weight, data = people))
  linear("own PSUs", function(d) svydesign(ids = ~psu, strata = ~region, weights = ~weight, data = d),
         svydesign(ids = ~interaction(wave, psu), strata = ~interaction(wave, region),
                   weights = ~weight, data = people))
  linear("finite", function(d) svydesign(ids = ~1, strata = ~region, fpc = ~N, weights = ~weight, data = d),
         svydesign(ids = ~1, strata = ~interaction(wave, region), fpc = ~N, weights = ~weight,
                   data = people))
  same <- svydesign(ids = ~psu, strata = ~region, weights = ~weight, data = people)
  shares("same PSUs", domains(same))
  by_sex("same PSUs", domains(same))
  differences("same PSUs", same)
  raked <- do.call(rbind, apart(people, with_raked))
  raked_rows("raked", raked, svydesign(ids = ~interaction(wave, psu), strata = ~interaction(wave, region),
                                       weights = ~raked, data = raked))
  raked_rows("raked in same PSUs", raked, svydesign(ids = ~psu, strata = ~region, weights = ~raked,
                                                  data = raked))
  replicated <- apart(people, function(d) {
    svrepdesign(data = d, weights = ~weight, repweights = d[paste0("r", seq_len(REPLICATES))],
                type = "other", scale = 1 / (REPLICATES - 1), rscales = rep(1, REPLICATES),
                combined.weights = TRUE, mse = FALSE)
  })
  shares("replicates", replicated)
  by_sex("replicates", replicated)
  added("replicates", replicated)
  left_out <- as.svrepdesign(svydesign(ids = ~interaction(wave, psu), strata = ~interaction(wave, region),
                                       weights = ~weight, data = people), type = "JKn", mse = TRUE)
  shares("jackknife", domains(left_out))
  differences("jackknife", left_out)
  write.csv(do.call(rbind, rows), file.path(folder, "series_golden.csv"), row.names = FALSE,
            quote = FALSE, eol = "\n")
}

make_people()
make_golden()
