// Loads models that were saved here with TensorFlow.js, and prints what they predict; test_tfjs_models.py compares.
// node tests/io/load_with_tfjs.mjs jobs.json
import {readFileSync} from 'node:fs';
import process from 'node:process';
import {join} from 'node:path';
import tf from '@tensorflow/tfjs';

/** A handler that reads a model.json and the files that it names. */
const inFolder = (folder) => ({
  load: async () => {
    const told = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf-8'));
    return tf.io.getModelArtifactsForJSON(told, async (manifest) => {
      const files = manifest.flatMap(({paths}) => paths.map((path) => readFileSync(join(folder, path))));
      const buffers = files.map((file) =>
        file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength),
      );
      return [tf.io.getWeightSpecs(manifest), buffers];
    });
  },
});

const answers = {};
for (const [name, {folder, inputs}] of Object.entries(JSON.parse(readFileSync(process.argv[2], 'utf-8')))) {
  try {
    const model = await tf.loadLayersModel(inFolder(folder));
    const given = inputs.map(({shape, values}) => tf.tensor(values, shape));
    const found = model.predict(given);
    const outputs = (Array.isArray(found) ? found : [found]).map((tensor) => ({
      shape: tensor.shape,
      values: Array.from(tensor.dataSync()),
    }));
    answers[name] = {outputs, compiled: Boolean(model.optimizer)};
  } catch (error) {
    answers[name] = {error: String(error.stack).slice(0, 1500)};
  }
}
process.stdout.write(`\n${JSON.stringify(answers)}\n`);
