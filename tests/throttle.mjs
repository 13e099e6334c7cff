/**
 * How many launches `LaunchThrottle` comes to have under way, and how long a run of a thousand takes, on a GPU where a launch
 * costs so much and each slice waits so long for others: for each pair `[cost, others]` of a list in JSON, in milliseconds.
 */

import {argv, stdout} from 'node:process';
import {LaunchThrottle} from '../web/webgl/throttle.js';

const LAUNCHES = 1000;

function simulated([cost, others]) {
  const throttle = new LaunchThrottle(null);
  let [now, left] = [1, LAUNCHES];
  while (left > 0) {
    const at = now;
    now += others + cost * throttle.maxInFlight;
    left -= throttle.maxInFlight;
    throttle.adapt(at, now);
  }
  return {inFlight: throttle.maxInFlight, took: now};
}

stdout.write(JSON.stringify(JSON.parse(argv[2]).map(simulated)));
