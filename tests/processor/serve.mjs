/**
 * The processor's side of web/webgl in Node, for tests: reads a request a line, answers with a line.
 * A request is {plan, sources, names}, answered with its number, or {run, inputs, scalars}, answered with the outputs.
 */
import {Buffer} from 'node:buffer';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {decode} from '../../web/webgl/plan.js';
import {Processor} from '../../web/webgl/processor/processor.js';

const processor = new Processor();
const {memory} = processor;
const plans = [];

function load({plan: words, sources, names}) {
  const plan = decode(Int32Array.from(words), sources, names);
  return plans.push(processor.prepare(plan)) - 1;
}

/** Values come and go as 32-bit words: texels, four elements each. */
function run({run: number, inputs, scalars}) {
  const prepared = plans[number];
  const addresses = inputs.map((text) => {
    const bytes = Buffer.from(text, 'base64');
    const address = memory.take(Math.max(16, Math.ceil(bytes.length / 16) * 16));
    memory.ints.set(
      new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
      address / 4,
    );
    return address;
  });
  const numbers = Buffer.from(scalars, 'base64');
  const values = new Float64Array(
    numbers.buffer.slice(numbers.byteOffset, numbers.byteOffset + numbers.length),
  );
  const outputs = processor.run(prepared, addresses, values);
  const texts = prepared.outputs.map(({bytes}, i) => {
    const words = memory.ints.slice(outputs[i] / 4, (outputs[i] + bytes) / 4);
    return Buffer.from(words.buffer).toString('base64');
  });
  for (const address of [...addresses, ...outputs]) memory.give(address);
  if (memory.usedBytes > processor.workspaceBytes * 2) throw new Error('blocks were not given back');
  return texts;
}

for await (const line of createInterface({input: process.stdin})) {
  const request = JSON.parse(line);
  let answer;
  try {
    const result = 'plan' in request ? load(request) : run(request);
    answer = {result};
  } catch (error) {
    answer = {error: String(error.stack)};
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
