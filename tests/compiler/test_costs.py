"""Which plans are for the processor: those that cost less than launches and a readback, and are not too large for it."""

import pytest

import tfjs_pyo as tf
from tests.compiler.helpers import plan
from tfjs_pyo.compiler.costs import Work, costs_of
from tfjs_pyo.compiler.tuning import TABLE, Processor
from tfjs_pyo.core import engine


@pytest.fixture(autouse=True)
def on_numpy():
    engine.use_backend("numpy")


def dense(rows, inputs, units):
    x, w, b = tf.zeros([rows, inputs]).sin(), tf.zeros([inputs, units]).sin(), tf.zeros([units]).sin()
    for each in (x, w, b):
        each.data_sync()
    return tf.matMul(x, w).add(b).relu()


@pytest.mark.parametrize("tuning", TABLE, ids=lambda row: row.device)
def test_a_row_is_for_the_processor_and_a_large_product_is_not(tuning):
    assert plan(dense(1, 64, 64), tuning=tuning).costs.is_for_processor
    assert not plan(dense(1024, 1024, 1024), tuning=tuning).costs.is_for_processor


def test_results_for_the_processor_lie_in_no_layers():
    small = plan(dense(32, 64, 64), tuning=TABLE[0])
    assert small.costs.is_for_processor
    assert small.root_layouts == [(1, 0)]
    assert plan(dense(1024, 512, 512), tuning=TABLE[0]).root_layouts[0][0] > 1


@pytest.mark.parametrize(
    ("works", "texels", "scalars"),
    [
        ([Work(0, 1, 10)], [Processor.MOST_STEP_TEXELS + 1], 0),
        ([Work(0, 1, 10)], [1], Processor.MOST_SCALARS + 1),
        ([Work(Processor.MOST * Processor.PRODUCTS * 2, 1, 0)], [1], 0),
    ],
    ids=["too many values", "too many scalars", "takes too long"],
)
def test_what_is_too_large_for_the_processor_stays_on_the_gpu(works, texels, scalars):
    costs = costs_of(works, texels, scalars, TABLE[0])
    assert costs.processor == costs.step == -1
    assert not costs.is_for_processor
    assert not costs.is_step_for_processor


@pytest.mark.parametrize("tuning", TABLE, ids=lambda row: row.device)
def test_a_step_may_read_more_and_reads_nothing_back(tuning):
    launches = [Work(0, 1, 10**4)] * 4
    large = costs_of(launches, [max(tuning.most_on_processor, Processor.MOST_STEP_TEXELS)], 0, tuning)
    assert large.is_step_for_processor
    readback_only = costs_of([Work(0, 1, 5 * Processor.OTHERS * tuning.launch)], [1], 0, tuning)
    assert readback_only.is_for_processor
    assert not readback_only.is_step_for_processor


def test_costs_grow_with_work_and_launches():
    few, more, launches = (
        costs_of(works, [1], 0, TABLE[0])
        for works in ([Work(10**6, 1, 0)], [Work(2 * 10**6, 1, 10**5)], [Work(10**6, 1, 0), Work(0, 1, 0)])
    )
    assert few.gpu < more.gpu
    assert few.processor < more.processor
    assert launches.gpu == few.gpu + TABLE[0].launch
