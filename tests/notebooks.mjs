/** Answers each line of standard input, `[function, text]` as JSON, with what web/editor/notebooks.js gives for it. */

import {stdin, stdout} from 'node:process';
import {createInterface} from 'node:readline';
import {notebookOf, programOf} from '../web/editor/notebooks.js';

const functions = {notebookOf, programOf};

for await (const line of createInterface({input: stdin})) {
  const [name, text] = JSON.parse(line);
  let answer;
  try {
    answer = {gives: functions[name](text)};
  } catch (error) {
    answer = {fails: error.message};
  }
  stdout.write(`${JSON.stringify(answer)}\n`);
}
