// JavaScript's end of the pipe to Python: objects of Python's are proxies, whose every access is a message and its answer.
import {Buffer} from 'node:buffer';
import {readSync, writeSync} from 'node:fs';
import process from 'node:process';

const [FROM_PYTHON, TO_PYTHON] = process.argv.slice(2, 4).map(Number);
const NUMBER = Symbol('number');
const KEPT = Symbol('kept');
const METHOD = Symbol('method');
/** What Jasmine and JavaScript ask every object for, to learn what it is. */
const ASKED_OF_ALL = new Set('then toJSON asymmetricMatch jasmineToString nodeType and calls'.split(' '));

/** An exception of Python's. `ours`: one that the package raises on purpose. */
export class PythonError extends Error {
  constructor({name, message, ours, trace}) {
    super(message);
    this.name = name;
    this.ours = ours;
    this.trace = trace;
  }
}

let pending = Buffer.alloc(0);
let proxies = new Map();
let functions = [];
let thrown = null;

function send(message) {
  let data = Buffer.from(`${JSON.stringify(message)}\n`);
  while (data.length) data = data.subarray(writeSync(TO_PYTHON, data));
}

function receive() {
  const parts = [];
  let chunk = pending;
  for (let end = chunk.indexOf(10); end < 0; end = chunk.indexOf(10)) {
    parts.push(chunk);
    chunk = Buffer.allocUnsafe(1 << 16);
    const count = readSync(FROM_PYTHON, chunk);
    if (!count) throw new Error('Python has closed the pipe');
    chunk = chunk.subarray(0, count);
  }
  const end = chunk.indexOf(10);
  pending = chunk.subarray(end + 1);
  return JSON.parse(Buffer.concat([...parts, chunk.subarray(0, end)]).toString());
}

function failure(error) {
  if (!error.callback) return new PythonError(error);
  const original = thrown;
  thrown = null;
  return original;
}

/** Asks Python, which may call functions of ours meanwhile, and gives what it answers. */
export function ask(message) {
  send(message);
  for (;;) {
    const answer = receive();
    for (const words of answer.warnings ?? []) globalThis.console.warn(words);
    if ('call' in answer) send(called(answer));
    else if ('error' in answer) throw failure(answer.error);
    else return decoded(answer.value);
  }
}

function called({call, args}) {
  try {
    return {returned: encoded(functions[call](...args.map(decoded)))};
  } catch (error) {
    thrown = error;
    return {thrown: true};
  }
}

/** What a function has made of the lists that it was given. */
class Changed {
  constructor(lists) {
    this.lists = lists;
  }
}

/** Arrays that are bytes in Python. */
const BYTES = new WeakSet();

function typedArray(value) {
  if (BYTES.has(value)) return {$buffer: Buffer.from(value).toString('base64')};
  const data = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  return {$array: value.constructor.name, data};
}

function encodedObject(value) {
  if (value[NUMBER] !== undefined) return {$remote: value[NUMBER]};
  if (Array.isArray(value)) return value.map(encoded);
  if (ArrayBuffer.isView(value)) return typedArray(value);
  if (value instanceof ArrayBuffer) return {$buffer: Buffer.from(value).toString('base64')};
  if (value instanceof Promise) return {$promise: true};
  if (value instanceof Date) return {$date: value.getTime()};
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return {$object: Object.fromEntries(entries.map(([key, item]) => [key, encoded(item)]))};
}

function encoded(value) {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') {
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return {$number: Object.is(value, -0) ? '-0' : String(value).replace('Infinity', 'inf')};
  }
  if (typeof value === 'function' && value[NUMBER] === undefined) {
    return {$function: functions.push(value) - 1};
  }
  return typeof value === 'object' || typeof value === 'function' ? encodedObject(value) : value;
}

function withoutUndefined(args) {
  let count = args.length;
  while (count && args[count - 1] === undefined) count -= 1;
  return args.slice(0, count).map(encoded);
}

function decodedObject(value) {
  if ('$number' in value) return Number(value.$number.replace('inf', 'Infinity'));
  if ('$array' in value) {
    const array = new globalThis[value.$array](new Uint8Array(Buffer.from(value.data, 'base64')).buffer);
    if (value.bytes) BYTES.add(array);
    return array;
  }
  if ('$buffer' in value) return new Uint8Array(Buffer.from(value.$buffer, 'base64')).buffer;
  if ('$promise' in value) {
    const {error, value: found} = value.$promise;
    return error ? Promise.reject(failure(error)) : Promise.resolve(decoded(found));
  }
  if ('$changed' in value) return new Changed(decoded(value.$changed));
  if ('$date' in value) return new Date(value.$date);
  if ('$method' in value) return METHOD;
  if ('$remote' in value) return remote(value);
  const entries = Object.entries(value.$object).map(([key, item]) => [key, decoded(item)]);
  return Object.assign(value.list ? value.list.map(decoded) : {}, Object.fromEntries(entries));
}

function decoded(value) {
  if (Array.isArray(value)) return value.map(decoded);
  return value !== null && typeof value === 'object' ? decodedObject(value) : value;
}

/** A method, or a function of a module. */
function method(of, name) {
  return (...args) => {
    const answer = ask({do: 'call', of, name, args: withoutUndefined(args)});
    if (!(answer instanceof Changed)) return answer;
    answer.lists.forEach((items, place) => items.forEach((item, i) => (args[place][i] = item)));
    return undefined;
  };
}

/** Whether two proxies stand for one object, or for tensors of the same values; undefined if they are none. */
export function areEqual(one, other) {
  const numbers = [one, other].map((value) => value?.[NUMBER]);
  return numbers.includes(undefined) ? undefined : ask({do: 'equal', of: numbers});
}

const handler = {
  get(target, name) {
    if (name === NUMBER) return target[NUMBER];
    if (name === Symbol.hasInstance) return (value) => isInstance(value, target[NUMBER]);
    if (Object.hasOwn(target[KEPT], name)) return target[KEPT][name];
    if (typeof name === 'symbol' || ASKED_OF_ALL.has(name)) return undefined;
    const found = ask({do: 'get', of: target[NUMBER], name});
    if (found !== METHOD) return found;
    return (target[KEPT][name] = method(target[NUMBER], name));
  },
  set(target, name, value) {
    ask({do: 'set', of: target[NUMBER], name, value: encoded(value)});
    return true;
  },
  apply: (target, _self, args) => method(target[NUMBER], null)(...args),
  construct: (target, args) => method(target[NUMBER], null)(...args),
  has: (target, name) => name === NUMBER,
};

function isInstance(value, of) {
  const number = value === null || value === undefined ? undefined : value[NUMBER];
  return number !== undefined && ask({do: 'isinstance', value: number, of});
}

function remote({$remote: number, callable, shape, dtype}) {
  if (!proxies.has(number)) {
    const target = callable ? function () {} : {};
    target[NUMBER] = number;
    target[KEPT] = dtype === undefined ? {} : {shape, dtype, rank: shape.length};
    proxies.set(number, new Proxy(target, handler));
  }
  return proxies.get(number);
}

/** Python's module. */
export const tf = remote({$remote: 0});

let kept = 1;
let keptFunctions = 0;

/** Keeps what there is now for good: tests refer to it from where they are described. */
export function keep() {
  kept = ask({do: 'keep'});
  keptFunctions = functions.length;
}

/** Lets what came since go: a file of tests has ended. */
export function forget() {
  ask({do: 'forget'});
  proxies = new Map([...proxies].filter(([number]) => number < kept));
  functions = functions.slice(0, keptFunctions);
}
