# The R side of coming_from_r.md, whose blocks are cut out of this file at the lines "# ----".
# Rscript docs/coming_from_r.R FOLDER: reads wave1.csv and wave2.csv there, prints the figures.
library(survey)
wave1 <- read.csv(file.path(commandArgs(TRUE), "wave1.csv"))
wave2 <- read.csv(file.path(commandArgs(TRUE), "wave2.csv"))
# ---- states
code <- function(answer) factor(
  ifelse(answer %in% 1:2, "approve",
  ifelse(answer %in% c(3, 98, 99), "unsure",
  ifelse(answer %in% 4:5, "oppose", NA))),
  levels = c("approve", "unsure", "oppose"))
wave1$support1 <- code(wave1$q12)
wave2$support2 <- code(wave2$q9)
both <- merge(wave1, wave2, by = "resp_id",
              all = TRUE, suffixes = 1:2)
first <- function(one, two)
  ifelse(is.na(one), two, one)
both <- transform(both,
  region = first(region1, region2),
  psu = first(settlement1, settlement2),
  gender = first(gender1, gender2),
  wgt2 = ifelse(is.na(wgt2), 0, wgt2))
# ---- design
design <- svydesign(
  ids = ~psu, strata = ~region,
  weights = ~wgt2, data = both)
answered <- subset(design,
  !is.na(support1) & !is.na(support2))
# ---- transitions
rows <- svyby(~support2, ~support1,
              answered, svymean)
# ---- flows
both$flow <- interaction(
  both$support1, both$support2, sep = ">")
answered <- subset(
  update(design, flow = both$flow),
  !is.na(flow))
flows <- svymean(~flow, answered)
# ---- contrast
gap <- svycontrast(flows, quote(
  `flowapprove>unsure` -
  `flowunsure>approve`))
# ---- groups
later <- subset(design, !is.na(support2))
by_gender <- svyby(~support2, ~gender,
  later, svymean, covmat = TRUE)
men <- svycontrast(by_gender, quote(
  `1:support2approve` - `2:support2approve`))
# ---- independence
related <- svychisq(~support2 + gender, later)
# ---- waves
long <- reshape(
  transform(both, wgt1 = first(wgt1, 0)),
  direction = "long", idvar = "resp_id",
  timevar = "wave", sep = "",
  varying = list(c("support1", "support2"),
                 c("wgt1", "wgt2")),
  v.names = c("support", "wgt"))
stacked <- svydesign(ids = ~psu,
  strata = ~region, weights = ~wgt, data = long)
asked <- subset(stacked, !is.na(support))
by_wave <- svyby(~support, ~wave, asked,
                 svymean, covmat = TRUE)
change <- svycontrast(by_wave, quote(
  `2:supportapprove` - `1:supportapprove`))
# ---- figures
states <- levels(both$support1)
row_names <- paste(rep(states, each = 3), states, sep = " > ")
figures <- rbind(
  data.frame(
    figure = paste("transition", row_names),
    estimate = c(t(as.matrix(rows[2:4]))), std_error = c(t(as.matrix(rows[5:7])))),
  data.frame(
    figure = "flow approve > unsure",
    estimate = coef(flows)[["flowapprove>unsure"]],
    std_error = SE(flows)["flowapprove>unsure"]),
  data.frame(
    figure = "that flow minus the flow back", estimate = coef(gap)[[1]], std_error = SE(gap)[[1]]),
  data.frame(
    figure = "approve: men minus women", estimate = coef(men)[[1]], std_error = SE(men)[[1]]),
  data.frame(
    figure = "approve: November minus July",
    estimate = coef(change)[[1]], std_error = SE(change)[[1]]),
  data.frame(
    figure = "answer by gender, F", estimate = related$statistic[[1]], std_error = NA))
figures$survey <- as.character(packageVersion("survey"))
write.csv(figures, stdout(), row.names = FALSE, na = "")
