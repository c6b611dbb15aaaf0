# Heise's reliability and stabilities by weighted correlations (stats::cov.wt).
#
#   Rscript tests/golden/make_heise_golden.R
#
# NES ideology, three waves. Weighted figures give the people of pattern r (from 0) the weight
# 1 + (r mod 4) / 2.
count <- c(
  68, 9, 3, 9, 7, 1, 6, 2, 5, 10, 10, 3, 6, 35, 15, 1, 11, 22, 3, 1, 0, 4, 9, 9, 4, 14, 141
)
paths <- as.matrix(expand.grid(rep(list(1:3), 3)))[, 3:1]
rows <- list()
for (scores in list(c(1, 2, 3), c(0, 1, 5))) {
  x <- matrix(scores[paths], ncol = 3)
  for (weights in c("none", "by row")) {
    weight <- count
    if (weights == "by row") weight <- weight * (1 + (seq_along(count) - 1) %% 4 / 2)
    r <- cov.wt(x, wt = weight / sum(weight), cor = TRUE, method = "ML")$cor
    value <- c(r[1, 2] * r[2, 3] / r[1, 3], r[1, 3] / r[2, 3], r[1, 3] / r[1, 2],
               r[1, 3]^2 / (r[1, 2] * r[2, 3]))
    rows[[length(rows) + 1]] <- data.frame(
      scores = paste(scores, collapse = " "), weights,
      parameter = c("reliability", "first to second", "second to third", "first to third"),
      value = format(value, digits = 12)
    )
  }
}
write.csv(do.call(rbind, rows), "tests/golden/heise_golden.csv", row.names = FALSE, quote = FALSE)
