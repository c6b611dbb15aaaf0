# Golden values for weights anchored to known results, by R's survey.
#
#   Rscript tests/golden/make_anchor_golden.R        (from the repository root)
#
# Reads panel_srs.csv, panel_clustered.csv, panel_stratified.csv and panel_both.csv (without its
# finite population), and writes anchor_golden.csv: estimate and std_error of the flows from one wave
# to another, of the rows of transitions, and of net changes.
#
# One row a person, everyone with a weight at some wave. The people of the base are a subset of the
# design, so that all sampled PSUs count; their weights are calibrated to the answers at the waves and
# to sex, by raking, or the bounded logit. With base "panel" the columns of the answers are those of
# contrasts, 1(k) - p_k 1(known), to sum to 0, and a constant. With "jackknife" every replicate of the
# design is calibrated.

suppressPackageStartupMessages({library(survey); library(MASS)})
options(warn = 2, survey.lonely.psu = "fail", digits = 17)

folder <- "tests/golden"
if (!dir.exists(folder)) stop("run from the repository root")
states <- c("a", "b", "c")
KNOWN <- list(w1 = c(.35, .40, .25), w2 = c(.30, .38, .32), w3 = c(.33, .33, .34))
SEX <- c(f = .52, m = .48)

people_of <- function(name) {
  long <- read.csv(file.path(folder, paste0("panel_", name, ".csv")), colClasses = "character")
  long$weight <- as.numeric(long$weight)
  people <- long[!duplicated(long$person), c("person", "stratum", "psu", "sex")]
  for (wave in unique(long$wave)) {
    at <- long[long$wave == wave, ]
    row <- match(people$person, at$person)
    people[[paste0("present_", wave)]] <- !is.na(row)
    people[[paste0("weight_", wave)]] <- ifelse(is.na(row), 0, at$weight[row])
    people[[paste0("answer_", wave)]] <- ifelse(is.na(row), "", at$answer[row])
  }
  people
}

design_of <- function(people, weight) {
  people$w <- people[[weight]]
  weights <- people[, grepl("^weight_", names(people))]
  people <- people[rowSums(weights > 0) > 0, ]
  # Weights of 0 would be left out of what is counted: those outside the base have 1.
  people$d <- ifelse(people$w > 0, people$w, 1)
  psu <- if (all(people$psu == "")) ~1 else ~psu
  strata <- if (all(people$stratum == "")) NULL else ~stratum
  svydesign(psu, strata = strata, weights = ~d, data = people)
}

answered <- function(people, waves) {
  Reduce(`&`, lapply(waves, function(wave) people[[paste0("answer_", wave)]] %in% states))
}

calibrated <- function(design, waves, way, sex) {
  total <- sum(weights(design, "sampling"))
  columns <- list()
  targets <- c()
  for (wave in waves) {
    given <- design$variables[[paste0("answer_", wave)]]
    p <- KNOWN[[wave]]
    for (k in seq_along(states)) {
      name <- paste0("z_", wave, k)
      if (way == "panel") {
        columns[[name]] <- (given == states[k]) - p[k] * (given %in% states)
        targets[name] <- 0
      } else {
        columns[[name]] <- as.numeric(given == states[k])
        targets[name] <- p[k] * total
      }
    }
  }
  # One of each set says nothing that the others do not.
  keep <- !grepl("3$", names(targets))
  columns <- columns[keep]
  targets <- targets[keep]
  if (sex) {
    columns$z_f <- as.numeric(design$variables$sex == "f")
    targets["z_f"] <- SEX["f"] * total
  }
  for (name in names(columns)) design$variables[[name]] <- columns[[name]]
  formula <- reformulate(names(columns))
  population <- c("(Intercept)" = total, targets)
  if (way == "logit") {
    calibrate(design, formula, population, calfun = "logit", bounds = c(.3, 3), epsilon = 1e-13,
              maxit = 200)
  } else {
    calibrate(design, formula, population, calfun = "raking", epsilon = 1e-13, maxit = 200)
  }
}

figures <- function(design, pair) {
  one <- design$variables[[paste0("answer_", pair[1])]]
  other <- design$variables[[paste0("answer_", pair[2])]]
  labels <- function(code) ifelse(code %in% states, code, "other")
  flows <- expand.grid(destination = states, origin = states, stringsAsFactors = FALSE)
  for (row in seq_len(nrow(flows))) {
    design$variables[[paste0("flow", row)]] <-
      as.numeric(one == flows$origin[row] & other == flows$destination[row])
  }
  for (state in states) {
    design$variables[[paste0("from_", state)]] <- as.numeric(one == state)
    design$variables[[paste0("to_", state)]] <- as.numeric(other == state)
    design$variables[[paste0("net_", state)]] <- as.numeric(other == state) - as.numeric(one == state)
  }
  names_of <- paste0("flow", seq_len(nrow(flows)))
  means <- svymean(reformulate(names_of), design)
  found <- data.frame(measure = "flows", flows[c("origin", "destination")],
                      estimate = as.numeric(coef(means)), std_error = as.numeric(SE(means)))
  for (row in seq_len(nrow(flows))) {
    ratio <- svyratio(reformulate(names_of[row]), reformulate(paste0("from_", flows$origin[row])),
                      design)
    found[nrow(found) + 1, ] <- list("transitions", flows$origin[row], flows$destination[row],
                                     as.numeric(coef(ratio)), as.numeric(SE(ratio)))
  }
  net <- svymean(reformulate(paste0("net_", states)), design)
  rbind(found, data.frame(measure = "net_change", origin = "", destination = states,
                          estimate = as.numeric(coef(net)), std_error = as.numeric(SE(net))))
}

CASES <- list(
  list("srs", "answered", c("w1", "w2"), TRUE),
  list("srs", "logit", c("w1", "w2"), TRUE),
  list("clustered", "answered", c("w1", "w2"), TRUE),
  list("clustered", "panel", c("w1", "w2"), TRUE),
  list("clustered", "jackknife", c("w1", "w2"), TRUE),
  list("stratified", "answered", c("w1", "w2"), FALSE),
  list("stratified", "balanced", c("w1", "w2", "w3"), TRUE),
  list("both", "answered", c("w1", "w2"), TRUE),
  list("both", "panel", c("w1", "w2", "w3"), TRUE)
)

rows <- lapply(CASES, function(case) {
  people <- people_of(case[[1]])
  way <- case[[2]]
  waves <- case[[3]]
  weight <- if (way == "panel") waves[1] else waves[length(waves)]
  design <- design_of(people, paste0("weight_", weight))
  if (way == "jackknife") design <- as.svrepdesign(design, type = "JK1", mse = FALSE)
  inside <- if (way == "panel") design$variables[[paste0("present_", waves[1])]]
            else answered(design$variables, waves)
  base <- subset(design, inside & design$variables$w > 0)
  done <- calibrated(base, waves, way, case[[4]])
  data.frame(panel = case[[1]], way = way, waves = paste(waves, collapse = " "), sex = case[[4]],
             figures(done, waves[1:2]))
})
golden <- do.call(rbind, rows)
# A margin that is met has no error but what rounding leaves.
golden$estimate <- sprintf("%.12g", golden$estimate)
golden$std_error <- sprintf("%.12g", ifelse(golden$std_error < 1e-10, 0, golden$std_error))
write.csv(golden, file.path(folder, "anchor_golden.csv"), row.names = FALSE, quote = FALSE)
