/**
 * Notebooks as programs and back: each cell is a part that begins with `# %%`, Markdown stands in comments. The format of
 * files is nbformat 4; those of nbformat 3 are read.
 */

/** @typedef {{kind: 'code' | 'markdown' | 'raw', title: string, source: string}} Part */

/** A line that begins a part, and what follows it: `# %% [markdown]`, `# %% Title`. */
const MARK = /^# ?%%(?:\s+(.*))?$/;
/** A line of a cell that would read as such a mark: it gets a backslash more in the program. */
const LIKE_A_MARK = /^(# ?)(\\*)(%%(?:\s.*)?)$/;
const ESCAPED_MARK = /^(# ?)\\(\\*)(%%(?:\s.*)?)$/;
const KINDS = /** @type {Record<string, Part['kind']>} */ ({
  '[markdown]': 'markdown',
  '[md]': 'markdown',
  '[raw]': 'raw',
});
const SUFFIX = '.ipynb';
/** No program that the editor shows is longer. */
const LONGEST = 2_000_000;

/** @param {string} name */
export const isNotebook = (name) => name.toLowerCase().endsWith(SUFFIX);

/** @param {unknown} value @returns {value is Record<string, any>} */
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * @param {unknown} source text, or its lines
 * @param {number} number of the cell
 */
function textOf(source, number) {
  const lines = Array.isArray(source) ? source : [source];
  if (!lines.every((line) => typeof line === 'string')) {
    throw new Error(`cell ${number} has no text as its source`);
  }
  return lines.join('').replace(/\r\n?/g, '\n');
}

/**
 * @param {unknown} cell
 * @param {number} number
 * @returns {Part}
 */
function partOf(cell, number) {
  if (!isObject(cell)) throw new Error(`cell ${number} is no cell`);
  const source = textOf(cell.source ?? cell.input ?? '', number); // nbformat 3 calls that of code `input`
  const title = isObject(cell.metadata) && typeof cell.metadata.title === 'string' ? cell.metadata.title : '';
  switch (cell.cell_type) {
    case 'code':
      return {kind: 'code', title: KINDS[title] ? '' : title.replace(/\s+/g, ' ').trim(), source};
    case 'markdown':
    case 'raw':
      return {kind: cell.cell_type, title: '', source};
    case 'heading': // of nbformat 3
      return {kind: 'markdown', title: '', source: `${'#'.repeat(Number(cell.level) || 1)} ${source}`};
    default:
      throw new Error(`cell ${number} is of type ${JSON.stringify(cell.cell_type)?.slice(0, 40)}`);
  }
}

/**
 * The cells of a notebook's file.
 *
 * @param {string} text
 * @returns {Part[]}
 */
function cellsOf(text) {
  let notebook;
  try {
    notebook = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new Error(`its JSON is broken (${/** @type {Error} */ (error).message})`, {cause: error});
  }
  if (!isObject(notebook)) throw new Error('its JSON is no object');
  const version = notebook.nbformat;
  if (version !== 3 && version !== 4) {
    throw new Error(`expected nbformat 4 or 3, received ${JSON.stringify(version)?.slice(0, 40) ?? 'none'}`);
  }
  const {kernelspec, language_info: info} = isObject(notebook.metadata) ? notebook.metadata : {};
  const language = kernelspec?.language ?? info?.name ?? 'python';
  if (!/^i?python/i.test(String(language))) {
    throw new Error(`it is written in ${String(language).slice(0, 40)}, and this page runs Python`);
  }
  const cells =
    version === 4
      ? notebook.cells
      : Array.isArray(notebook.worksheets) && notebook.worksheets.flatMap((sheet) => sheet?.cells);
  if (!Array.isArray(cells)) throw new Error('it has no list of cells');
  return cells.map((cell, place) => partOf(cell, place + 1));
}

/** @param {Part} part */
function written({kind, title, source}) {
  const lines = source.split('\n');
  const body = kind === 'code' ? lines : lines.map((line) => (line === '' ? '#' : `# ${line}`));
  const mark = kind === 'code' ? `# %% ${title}`.trimEnd() : `# %% [${kind}]`;
  return [mark, ...body.map((line) => line.replace(LIKE_A_MARK, '$1\\$2$3')), ''].join('\n');
}

/**
 * The program of a notebook.
 *
 * @param {string} text of its file
 * @returns {string}
 */
export function programOf(text) {
  const parts = cellsOf(text);
  const program = parts.map(written).join('\n');
  if (program.length > LONGEST) throw new Error(`its cells have more than ${LONGEST} characters`);
  return program;
}

/**
 * @param {string} source
 * @param {Part['kind']} kind
 */
function unwritten(source, kind) {
  const lines = source.split('\n').map((line) => line.replace(ESCAPED_MARK, '$1$2$3'));
  return (kind === 'code' ? lines : lines.map((line) => line.replace(/^# ?/, ''))).join('\n');
}

/**
 * Where the parts of a program begin: the numbers of the lines with their marks, from 0.
 *
 * @param {string[]} lines
 */
export const marksOf = (lines) => [...lines.keys()].filter((at) => MARK.test(lines[at]));

/**
 * What a mark says.
 *
 * @param {string} line
 * @returns {{kind: Part['kind'], title: string}}
 */
export function read(line) {
  const said = (MARK.exec(line)?.[1] ?? '').trim();
  return {kind: KINDS[said] ?? 'code', title: KINDS[said] ? '' : said};
}

/**
 * The parts of a program. What stands before the first mark is one, too, unless it is empty.
 *
 * @param {string} program
 * @returns {Part[]}
 */
export function partsOf(program) {
  const lines = program.split('\n');
  const marks = marksOf(lines);
  const parts = marks.map((at, place) => {
    const {kind, title} = read(lines[at]);
    const next = marks[place + 1];
    let body = lines.slice(at + 1, next).join('\n');
    if (next !== undefined && body.endsWith('\n')) {
      body = body.slice(0, -1);
    } // the empty line between parts
    else if (next === undefined) body = body.replace(/\n$/, '');
    return {kind, title, source: unwritten(body, kind)};
  });
  const before = lines
    .slice(0, marks[0] ?? lines.length)
    .join('\n')
    .trimEnd();
  return before.trim() === '' ? parts : [{kind: 'code', title: '', source: before}, ...parts];
}

/** @param {string} source */
const linesOf = (source) => source.split(/(?<=\n)/).filter((line) => line !== '');

/**
 * The file of a notebook with the parts of a program as its cells, and no outputs.
 *
 * @param {string} program
 * @returns {string}
 */
export function notebookOf(program) {
  const cells = partsOf(program).map(({kind, title, source}, place) => ({
    cell_type: kind,
    id: `part-${place + 1}`,
    metadata: title ? {title} : {},
    source: linesOf(source),
    ...(kind === 'code' ? {execution_count: null, outputs: []} : {}),
  }));
  const notebook = {
    cells,
    metadata: {
      kernelspec: {display_name: 'Python 3', language: 'python', name: 'python3'},
      language_info: {name: 'python'},
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}
