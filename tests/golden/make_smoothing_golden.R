# Golden values of the area-level model, from R's metafor.
#
# Random areas of one quantity and of two, with known sampling errors. metafor fits them by
# restricted maximum likelihood, rma.uni and rma.mv(struct = "UN"), and predicts each area with
# Sigma held at what it found (ranef, plus what the covariates give).
#
#     Rscript tests/golden/make_smoothing_golden.R
suppressPackageStartupMessages(library(metafor))
set.seed(20251)
folder <- "tests/golden"
areas <- 30

x <- round(rnorm(areas), 3)
people <- round(seq(10, 200, length.out = areas))
rows <- NULL
found <- NULL

add <- function(model, what, place, value) {
  data.frame(model = model, what = what, place = place, value = value)
}

# One quantity, with a covariate.
psi <- round(3 / people, 5)
z <- round(0.4 + 0.3 * x + rnorm(areas, 0, 0.3) + rnorm(areas, 0, sqrt(psi)), 4)
one <- rma.uni(z, psi, mods = ~ x, method = "REML", control = list(threshold = 1e-12, maxiter = 1000))
best <- blup(one)
rows <- rbind(rows, data.frame(model = "one", area = seq_len(areas), x = x, z1 = z, z2 = NA,
                               psi11 = psi, psi12 = NA, psi22 = NA))
found <- rbind(found, add("one", "between", 1, one$tau2),
               add("one", "predicted", seq_len(areas), best$pred))

# Two, whose errors go together, as those of logits against the same state do.
root <- chol(matrix(c(0.16, 0.08, 0.08, 0.25), 2))
psi11 <- round(5 / people, 5)
psi22 <- round(6 / people, 5)
psi12 <- round(2 / people, 5)
z <- matrix(0, areas, 2)
for (g in seq_len(areas)) {
  V <- matrix(c(psi11[g], psi12[g], psi12[g], psi22[g]), 2)
  z[g, ] <- c(0.2, -0.5) + rnorm(2) %*% root + rnorm(2) %*% chol(V)
}
z <- round(z, 4)
rows <- rbind(rows, data.frame(model = "two", area = seq_len(areas), x = NA, z1 = z[, 1],
                               z2 = z[, 2], psi11, psi12, psi22))
long <- data.frame(z = as.vector(t(z)), area = rep(seq_len(areas), each = 2),
                   which = factor(rep(1:2, areas)))
V <- bldiag(lapply(seq_len(areas), function(g) {
  matrix(c(psi11[g], psi12[g], psi12[g], psi22[g]), 2)
}))
two <- rma.mv(z, V, mods = ~ which - 1, random = ~ which | area, struct = "UN", data = long,
              method = "REML", control = list(optimizer = "BFGS", reltol = 1e-15, maxit = 1000))
off <- two$rho * sqrt(prod(two$tau2))
effects <- ranef(two)[[1]]$intrcpt
found <- rbind(found, add("two", "between", 1:3, c(two$tau2[1], off, two$tau2[2])),
               add("two", "predicted", seq_len(2 * areas), effects + fitted(two)))

# A published case: expenditure on fresh milk in 43 areas of the United States in 1989, their
# sampling errors, and 4 major areas (Arora & Lahiri 1997, Statistica Sinica 7; You & Chapman 2006,
# Survey Methodology 32), data "milk" of R's sae 1.3; and what its mseFH(yi ~ as.factor(MajorArea),
# SD^2) gives with REML, as the tests of R's emdi have it (tests/testthat/FH/fh_reml_sae.csv).
yi <- c(
  1.099, 1.075, 1.105, 0.628, 0.753, 0.981, 1.257, 1.095, 1.405, 1.356, 0.615, 1.46, 1.338,
  0.854, 1.176, 1.111, 1.257, 1.43, 1.278, 1.292, 1.002, 1.183, 1.044, 1.267, 1.193, 0.791,
  0.795, 0.759, 0.796, 0.565, 0.886, 0.952, 0.807, 0.582, 0.684, 0.787, 0.44, 0.759, 0.77, 0.8,
  0.756, 0.865, 0.64
)
SD <- c(
  0.163, 0.08, 0.083, 0.109, 0.119, 0.141, 0.202, 0.127, 0.168, 0.178, 0.1, 0.201, 0.148, 0.143,
  0.149, 0.145, 0.135, 0.172, 0.137, 0.163, 0.125, 0.247, 0.14, 0.171, 0.106, 0.121, 0.121,
  0.259, 0.106, 0.089, 0.225, 0.205, 0.119, 0.067, 0.106, 0.126, 0.092, 0.132, 0.1, 0.113,
  0.083, 0.121, 0.129
)
major <- rep(1:4, c(7, 7, 11, 18))
eblup <- c(
  1.02197034245261, 1.04760182373013, 1.06795125807433, 0.760817049376443, 0.846157356835113,
  0.974372678170324, 1.05845228445578, 1.09777618169405, 1.22154494011822, 1.19514554156829,
  0.785215526667326, 1.2139456130394, 1.2096592668787, 0.983496720426103, 1.18642472627401,
  1.15569822913395, 1.22634114592734, 1.28564863783121, 1.23632470413656, 1.23495998418134,
  1.09030190787333, 1.19230571897863, 1.12164698421864, 1.2230296048725, 1.19380543906896,
  0.762719469008777, 0.764955026607995, 0.733844310962837, 0.769929434517632, 0.613441812281832,
  0.769555841812555, 0.795824982748811, 0.772318704146799, 0.610230195119637, 0.700178229492884,
  0.759278693912093, 0.529886692953679, 0.743446602165333, 0.754899553928855, 0.770191835755118,
  0.748116373760117, 0.804077284594307, 0.681086989724461
)
mse <- c(
  0.0134602201642976, 0.00537287597614177, 0.00570199034302248, 0.00854173994505111,
  0.00957959370996273, 0.0116706319943805, 0.0159261365282707, 0.0105865179483117,
  0.0141840426953051, 0.0149014719016534, 0.00769426203975977, 0.0163364688885912,
  0.0125627258318192, 0.012117378053142, 0.0120312291381206, 0.0117091465791517,
  0.010859779879741, 0.0136908597379356, 0.0110346739788314, 0.013079686076695,
  0.0099486357004451, 0.0172439767021254, 0.0112923253289498, 0.0136252969150445,
  0.00806578725768305, 0.00920513256233301, 0.00920513256233301, 0.0164769117680553,
  0.00780062615723331, 0.0060986682855418, 0.0154415641328582, 0.0146578663190477,
  0.00902469861333755, 0.00387078618100884, 0.00780062615723331, 0.00964613867917592,
  0.00640433549107135, 0.0101556447225228, 0.00720993748650375, 0.00847027714380653,
  0.00548485961176747, 0.00920513256233301, 0.0099036256034371
)
refvar <- 0.0185502223227232
milk <- rma.uni(yi, SD^2, mods = ~ factor(major), method = "REML",
                control = list(threshold = 1e-12, maxiter = 1000))
found <- rbind(found, add("milk", "between", 1, milk$tau2), add("milk", "between by sae", 1, refvar),
               add("milk", "predicted by sae", 1:43, eblup), add("milk", "error by sae", 1:43, mse))
rows <- rbind(rows, data.frame(model = "milk", area = 1:43, x = major, z1 = yi, z2 = NA,
                               psi11 = SD^2, psi12 = NA, psi22 = NA))

write.csv(rows, file.path(folder, "smoothing_areas.csv"), row.names = FALSE, na = "")
write.csv(transform(found, value = signif(value, 15)),
          file.path(folder, "smoothing_golden.csv"), row.names = FALSE)
