/**
 * How many launches `LaunchThrottle` comes to have under way, how long a run of a thousand takes, and how often the next, short
 * run waits, on a GPU where a launch costs so much and each slice waits so long for others: for each pair `[cost, others]` of a
 * list in JSON, in milliseconds.
 */

import {argv, stdout} from 'node:process';
import {LaunchThrottle} from '../web/webgl/throttle.js';

const LAUNCHES = 1000;
const FEW = 100;

function run([cost, others], launches, surroundings) {
  const throttle = new LaunchThrottle(null, surroundings);
  let [now, left, waits] = [1, launches, 0];
  while (left > 0) {
    const at = now;
    now += others + cost * throttle.maxInFlight;
    left -= throttle.maxInFlight;
    waits++;
    throttle.adapt(at, now);
  }
  return {inFlight: throttle.maxInFlight, took: now, waits};
}

function simulated(pair) {
  const surroundings = {others: 0};
  const {inFlight, took} = run(pair, LAUNCHES, surroundings);
  return {inFlight, took, waits: run(pair, FEW, surroundings).waits};
}

stdout.write(JSON.stringify(JSON.parse(argv[2]).map(simulated)));
