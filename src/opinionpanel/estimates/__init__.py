"""Totals and their covariance, tallied once; estimates, and the forms in which they are shown."""

from opinionpanel.estimates.about import LESS as LESS, PAIR as PAIR, About as About, Later as Later
from opinionpanel.estimates.captions import (
    WIDTH as WIDTH,
    base_range as base_range,
    base_text as base_text,
    caption as caption,
    caption_phrases as caption_phrases,
    level_words as level_words,
    made_phrases as made_phrases,
    simultaneous_phrase as simultaneous_phrase,
    source_phrase as source_phrase,
    turned_back as turned_back,
)
from opinionpanel.estimates.cell_totals import Totals as Totals
from opinionpanel.estimates.covariances import Covariance as Covariance, of_matrix as of_matrix
from opinionpanel.estimates.derivatives import jacobian as jacobian
from opinionpanel.estimates.distributions import (
    chi2_above as chi2_above,
    f_above as f_above,
    t_quantile as t_quantile,
)
from opinionpanel.estimates.estimates import Estimates as Estimates
from opinionpanel.estimates.export import fill_sheet as fill_sheet
from opinionpanel.estimates.frames import frame_of as frame_of, limits as limits
from opinionpanel.estimates.freedom import Freedom as Freedom
from opinionpanel.estimates.intervals import (
    Interval as Interval,
    check_level as check_level,
    level_of_each as level_of_each,
)
from opinionpanel.estimates.label_columns import (
    Role as Role,
    beside as beside,
    free_name as free_name,
    free_names as free_names,
    label_of as label_of,
)
from opinionpanel.estimates.labels import (
    Column as Column,
    Labels as Labels,
    crossed as crossed,
    label_rows as label_rows,
    repeated as repeated,
)
from opinionpanel.estimates.own_limits import (
    Distribution as Distribution,
    FisherLimits as FisherLimits,
    WoodruffLimits as WoodruffLimits,
)
from opinionpanel.estimates.pooling import pooled as pooled
from opinionpanel.estimates.protection import (
    NO_CHANGE as NO_CHANGE,
    Figures as Figures,
    Protection as Protection,
)
from opinionpanel.estimates.replicates import (
    Replicates as Replicates,
    refuse_negative as refuse_negative,
)
from opinionpanel.estimates.scores import (
    Coded as Coded,
    Kinds as Kinds,
    kinds_at_waves as kinds_at_waves,
    kinds_of as kinds_of,
)
from opinionpanel.estimates.studies import (
    about_each as about_each,
    side_by_side as side_by_side,
    stacked as stacked,
)
from opinionpanel.estimates.tables import (
    NO_INTERVAL as NO_INTERVAL,
    WITHHELD as WITHHELD,
    arranged as arranged,
    cell_digits as cell_digits,
    cell_texts as cell_texts,
    frame_text as frame_text,
    html_table as html_table,
    text_table as text_table,
)
from opinionpanel.estimates.totals import (
    Cells as Cells,
    tally as tally,
    weighted_cells as weighted_cells,
)
from opinionpanel.estimates.values import Sources as Sources
from opinionpanel.estimates.wald import (
    TestResult as TestResult,
    holm as holm,
    left_out as left_out,
    p_text as p_text,
    varies as varies,
    wald_test as wald_test,
)
from opinionpanel.estimates.withheld_steps import (
    DOWNWARD as DOWNWARD,
    MOMENT as MOMENT,
    UPWARD as UPWARD,
)
from opinionpanel.estimates.withholding import (
    MIN_CELL as MIN_CELL,
    WITHOUT_OPINION as WITHOUT_OPINION,
    Withheld as Withheld,
    withheld_of as withheld_of,
)
