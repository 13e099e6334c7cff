"""What holds for every graph and every plan; the helpers of these tests check all that they make."""

import re

from tfjs_pyo.compiler.emitter import MAX_TEXTURE_INPUTS
from tfjs_pyo.compiler.numbering import Graph
from tfjs_pyo.compiler.plan import Plan
from tfjs_pyo.compiler.tuning import Tuning
from tfjs_pyo.core.graph import SCALARS, Kind
from tfjs_pyo.dtypes import STORED

MOST_TEXTURES = 16
"""Textures that WebGL2 lets a fragment shader read, at least."""


def verify_graph(graph: Graph) -> None:
    """Checks a numbered graph: inputs before users, shapes and dtypes, leaves and scalars apart."""
    leaves, scalars = set(graph.leaves), set(graph.scalars)
    assert not leaves & scalars
    assert len(graph.scalar_values) == len(graph.scalars)
    for index, (node, sources) in enumerate(zip(graph.nodes, graph.input_ids, strict=True)):
        assert node.dtype in STORED, node
        if index in leaves or index in scalars:
            assert not sources
            assert (node.op in SCALARS and node.buffer is None) == (index in scalars), node
            continue
        assert node.op.kind not in (Kind.LEAF, Kind.COMPOSITE), node
        assert all(source < index for source in sources), f"{node}: inputs come before users"
        assert len(sources) == len(node.inputs)
        for source, given in zip(sources, node.inputs, strict=True):
            found = graph.nodes[source]
            assert (found.shape, found.dtype) == (given.shape, given.dtype), node
        if node.op.view:
            assert node.size == node.inputs[0].size, node
            assert node.dtype == node.inputs[0].dtype, node
        if node.op.extra.get("takes") in ("same", "any"):
            assert len({source.dtype for source in node.inputs}) == 1, f"{node}: inputs of one dtype"
    assert all(0 <= root < len(graph.nodes) for root in graph.roots)


def verify_plan(plan: Plan, tuning: Tuning) -> None:
    """Checks a plan: what is read was written and not freed, and no launch is beyond what the device has."""
    ready, written = set(range(plan.inputs)), set()
    storage = {}
    for launch in plan.launches:
        reads = set(launch.inputs)
        assert reads <= ready, f"{launch.name} reads {reads - ready}, which is not there"
        assert len(launch.inputs) <= MOST_TEXTURES
        # A contraction fetches its two operands beside what its epilogue reads.
        assert len(reads) <= MAX_TEXTURE_INPUTS + 2, f"{launch.name} reads {len(reads)} textures"
        assert launch.uniforms <= tuning.uniforms, f"{launch.name}: {launch.uniforms} uniforms"
        assert sum(place.layers for _, _, place in launch.outputs) <= tuning.targets
        for slot, dtype, place in launch.outputs:
            assert slot not in ready | written, f"{launch.name} writes slot {slot} again"
            assert 0 <= dtype < len(STORED)
            assert place.slot == slot
            assert place.texels_per_layer == launch.texels, f"{launch.name}: texels of an output"
            storage[slot] = place
            written.add(slot)
            ready.add(slot)
        _verify_program(plan, launch)
        frees = set(launch.frees)
        assert len(frees) == len(launch.frees)
        assert frees <= ready - set(range(plan.inputs)), f"{launch.name} frees {frees - ready}"
        assert not frees & set(plan.outputs)
        ready -= frees
    kept = ready - set(range(plan.inputs))
    assert kept == set(plan.outputs), f"slots {kept - set(plan.outputs)} are never freed"
    assert plan.slots == plan.inputs + len(written)
    for slot, size in zip(plan.outputs, plan.output_sizes, strict=True):
        assert storage[slot].layers * storage[slot].texels_per_layer * 4 >= size
    for output, layout in zip(plan.root_outputs, plan.root_layouts, strict=True):
        assert -plan.inputs <= output < len(plan.outputs)
        if output >= 0:
            place = storage[plan.outputs[output]]
            assert layout == ((place.layers, place.texels_per_layer) if place.layers > 1 else (1, 0))
    assert len(plan.kernels) == len(plan.launches)
    assert len(plan.constants) <= plan.scalars


def _verify_program(plan: Plan, launch) -> None:
    """Checks that a program declares the uniforms and samplers that its launch binds."""

    def declared(kind: str, name: str) -> int:
        found = re.search(rf"^uniform {kind} {name}\[(\d+)\];", launch.source, re.MULTILINE)
        return int(found[1]) if found else 0

    assert declared("int", "u") == max(1, len(launch.ints))
    assert declared("float", "f") == len(launch.floats)
    assert declared("vec4", "d") == len(launch.inputs) + 1
    samplers = re.findall(r"^uniform \w*sampler\w+ s(\d+);", launch.source, re.MULTILINE)
    assert [int(number) for number in samplers] == list(range(len(launch.inputs)))
    for _, scalar in launch.int_scalars:
        assert 0 <= scalar < plan.scalars
    assert all(0 <= scalar < plan.scalars for scalar in launch.floats)
