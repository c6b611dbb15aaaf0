# Figures of change with R's package survey, put together from its functions: Rscript neighbours.R people.csv
#
# One row a person: psu, stratum, and at each of two waves the answer (empty: none) and the weight (0: not there).
# Written as CSV: the figure, the call, estimate and standard error; or what R says where it refuses.
suppressMessages(library(survey))
people <- read.csv(commandArgs(TRUE)[1], na.strings = "")
states <- c("approve", "unsure", "oppose")
people$earlier <- factor(people$earlier, states)
people$later <- factor(people$later, states)
people$flow <- interaction(people$earlier, people$later, sep = " to ")
people$moved <- as.numeric(people$earlier != people$later)

design <- svydesign(~psu, strata = ~stratum, weights = ~later_weight, data = people)
both <- subset(design, !is.na(earlier) & !is.na(later) & later_weight > 0)

flows <- svymean(~flow, both)
names(flows) <- sub("^flow", "", names(coef(flows)))
coefficients <- function(values) setNames(values, names(coef(flows)))

# A share at each wave, with the covariance: everybody is in the file once for each wave.
wave <- function(name) {
  data.frame(
    psu = people$psu, stratum = people$stratum, wave = name,
    approves = as.numeric(people[[name]] == "approve"), weight = people[[paste0(name, "_weight")]]
  )
}
stacked <- svydesign(~psu, strata = ~stratum, weights = ~weight, data = rbind(wave("earlier"), wave("later")))
stacked <- subset(stacked, !is.na(approves) & weight > 0)
shares <- svyby(~approves, ~wave, stacked, svymean, covmat = TRUE)

# The net part of turnover is half the sum of absolute net changes. Their signs must be put in by hand.
grid <- expand.grid(earlier = states, later = states)
table <- xtabs(coef(flows) ~ grid$earlier + grid$later)
sign <- sign(colSums(table) - rowSums(table))
net <- coefficients((sign[as.character(grid$later)] - sign[as.character(grid$earlier)]) / 2)

transitions <- svyby(~later, ~earlier, both, svymean, covmat = TRUE)
refusal <- tryCatch(
  svycontrast(flows, quote(pmin(`approve to unsure`, `unsure to approve`))),
  error = function(error) conditionMessage(error)
)

row <- function(figure, call, found) {
  data.frame(figure = figure, call = call, estimate = unname(coef(found))[1], std_error = unname(SE(found))[1], says = "")
}
rows <- rbind(
  row("flow approve → unsure", "svymean(~flow, both)", svycontrast(flows, c("approve to unsure" = 1))),
  row("transition approve → unsure", "svyby(~later, ~earlier, both, svymean)",
      svycontrast(transitions, c("approve:laterunsure" = 1))),
  row("flow approve → unsure, less the flow back", "svycontrast(flows, …)",
      svycontrast(flows, c("approve to unsure" = 1, "unsure to approve" = -1))),
  row("turnover, total", "svymean(~moved, both)", svymean(~moved, both)),
  row("turnover, net", "svycontrast(flows, …), signs by hand", svycontrast(flows, net)),
  row("approve, later wave less earlier", "svycontrast(svyby(~approves, ~wave, stacked, …), …)",
      svycontrast(shares, c(later = 1, earlier = -1)))
)
rows$estimate <- sprintf("%.12g", rows$estimate)
rows$std_error <- sprintf("%.12g", rows$std_error)
rows <- rbind(rows, data.frame(
  figure = "turnover, exchange", call = "svycontrast(flows, quote(pmin(…)))", estimate = "", std_error = "",
  says = if (is.character(refusal)) refusal else "computed"
))
rows$version <- packageDescription("survey")$Version
write.csv(rows, row.names = FALSE, fileEncoding = "UTF-8")
