/** A few values computed at start-up: a device that rounds to half precision, or flushes, must say so before training. */

const SOURCE = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
uniform sampler2D s0;
layout(location = 0) out vec4 out0;
void main() {
  vec4 x = texelFetch(s0, ivec2(0, 0), 0);
  out0 = vec4(x.x + x.y, x.z * x.z, sqrt(x.w), x.y / x.w);
}`;

const INPUT = [16777215, 1, 1e18, 3];
const EXPECTED = [16777216, 1e36, Math.sqrt(3), 1 / 3];

/**
 * Computes the values and compares.
 * @param {import('./device.js').Device} device
 * @returns {string} 'ok', or what is wrong
 */
export function probe(device) {
  const input = device.upload(new Float32Array(INPUT), 0, 4);
  // One launch over one texel: slot 0 in, slot 1 out.
  const costs = [0, -1, -1, 0, 0]; // of no use on the processor
  const words = [2, 0, ...costs, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0];
  const plan = device.load(Int32Array.from(words), [SOURCE], ['probe']);
  const [output] = device.run(plan, Int32Array.of(input), new Float64Array(0), Int32Array.of(4));
  const got = device.read(output);
  device.free(input);
  device.free(output);
  device.unload(plan);
  for (let i = 0; i < EXPECTED.length; i++) {
    if (!(Math.abs(got[i] - EXPECTED[i]) <= 1e-6 * EXPECTED[i])) {
      return `expected ${EXPECTED[i]}, computed ${got[i]}`;
    }
  }
  return 'ok';
}
