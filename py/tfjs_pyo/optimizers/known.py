"""The optimizers by their names."""

from tfjs_pyo.optimizers.adadelta_optimizer import Adadelta
from tfjs_pyo.optimizers.adafactor_optimizer import Adafactor
from tfjs_pyo.optimizers.adagrad_optimizer import Adagrad
from tfjs_pyo.optimizers.adam_optimizer import Adam
from tfjs_pyo.optimizers.adamax_optimizer import Adamax
from tfjs_pyo.optimizers.adamw_optimizer import AdamW
from tfjs_pyo.optimizers.ftrl_optimizer import Ftrl
from tfjs_pyo.optimizers.lamb_optimizer import Lamb
from tfjs_pyo.optimizers.lion_optimizer import Lion
from tfjs_pyo.optimizers.momentum_optimizer import Momentum
from tfjs_pyo.optimizers.muon_optimizer import Muon
from tfjs_pyo.optimizers.nadam_optimizer import Nadam
from tfjs_pyo.optimizers.rmsprop_optimizer import RMSProp
from tfjs_pyo.optimizers.schedule_free_optimizer import ScheduleFreeAdamW
from tfjs_pyo.optimizers.sgd_optimizer import SGD
from tfjs_pyo.registry import Registry

OPTIMIZERS = Registry(
    "optimizer",
    (
        SGD, Momentum, Adagrad, Adadelta, Adam, Adamax, RMSProp, AdamW, Nadam, Ftrl, Lion, Lamb, Adafactor, Muon,
        ScheduleFreeAdamW,
    ),
)  # fmt: skip

__all__ = [
    "OPTIMIZERS", "SGD", "Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax", "Ftrl", "Lamb", "Lion", "Momentum",
    "Muon", "Nadam", "RMSProp", "ScheduleFreeAdamW",
]  # fmt: skip
