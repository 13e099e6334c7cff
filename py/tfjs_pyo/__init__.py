"""temp"""
from tfjs_pyo.core import backends as _b
_b.register()
from tfjs_pyo.ops import *
from tfjs_pyo.core.scopes import memory, tidy, keep, dispose
