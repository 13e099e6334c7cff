/** Which plans run on the processor, and running them there; the model of their costs is in compiler/costs.py. */

import {Unsupported} from './processor/tokens.js';

/** @typedef {import('./plan.js').Plan} Plan */
/** @typedef {import('./values.js').Tensor} Tensor */

/** Elements that are read back in a microsecond, once reading has begun. */
const READ_ELEMENTS = 500;

export class Placement {
  /** @param {import('./device.js').Device} device */
  constructor(device) {
    this.device = device;
    /** 'processor' and 'gpu' force what 'cheaper' leaves to the costs; for tests. */
    this.where = 'cheaper';
  }

  /**
   * Whether a plan is one for the processor, as far as its inputs lie there.
   * @param {Plan} plan
   */
  suits({costs, launches}) {
    if (costs.processor < 0 || !launches.length || this.where === 'gpu') return false;
    // Beside a training loop, whose values lie on the GPU: what never waits for the GPU would not let the loop go on, either.
    if (this.device.loops.some(({aborted}) => !aborted) && this.where === 'cheaper') return false;
    return costs.processor < costs.gpu || this.where === 'processor';
  }

  /**
   * Whether a plan is one for the processor, as the step of a loop: its values stay where they are.
   * @param {Plan} plan
   */
  suitsAsStep({costs, launches}) {
    if (costs.step < 0 || !launches.length || this.where === 'gpu') return false;
    return costs.step < costs.gpu - costs.readback || this.where === 'processor';
  }

  /**
   * Whether it pays to read back those of its inputs that lie on the GPU only. What runs on the processor would have saved
   * is put aside until it pays for that: a model that is trained between two predictions is not read back for each of them.
   * @param {Plan} plan
   * @param {Tensor[]} tensors
   */
  affords(plan, tensors) {
    const missing = tensors.filter(({address}) => !address);
    const elements = missing.reduce((sum, {size}) => sum + size, 0);
    const price = missing.length * plan.costs.readback + elements / READ_ELEMENTS;
    if (plan.credit < price && this.where !== 'processor') {
      plan.credit += plan.costs.gpu - plan.costs.processor;
      return false;
    }
    plan.credit -= price;
    return true;
  }

  /**
   * A plan ready for the processor; one with a kernel that says what only GPUs understand stays on the GPU.
   * @param {Plan} plan
   */
  prepared(plan) {
    try {
      plan.prepared ??= this.device.processor.prepare(plan);
    } catch (error) {
      if (!(error instanceof Unsupported) || this.where === 'processor') throw error;
      plan.costs.processor = plan.costs.step = -1;
    }
    return plan.prepared;
  }

  /**
   * @param {Plan} plan
   * @param {Tensor[]} tensors
   * @param {ArrayLike<number>} scalars
   * @param {boolean} [repeats] whether a loop runs it again and again
   * @returns {number[] | null} addresses of the outputs; null if there is no room, or a kernel is nothing for the processor
   */
  run(plan, tensors, scalars, repeats = false) {
    const {values, processor, executor} = this.device;
    const prepared = this.prepared(plan);
    if (!prepared) return null;
    const attempt = () => {
      const inputs = tensors.map((tensor) => values.addressOf(tensor));
      return inputs.includes(0)
        ? null
        : processor.run(prepared, inputs, scalars, executor.stopwatch?.open(plan, repeats, true));
    };
    let outputs = attempt();
    if (!outputs) {
      values.clearProcessor();
      outputs = attempt();
    }
    if (outputs) executor.launches += plan.launches.length;
    return outputs;
  }
}
