/** Completion in the editor: what the session knows, as at the prompt, and names that the program itself defines. */

import {localCompletionSource} from '../vendor/codemirror/codemirror.mjs';

/** @typedef {import('@codemirror/autocomplete').CompletionContext} CompletionContext */
/** @typedef {import('@codemirror/autocomplete').CompletionResult} CompletionResult */
/** @typedef {(source: string) => Promise<[string[], number]>} Complete what the client offers */

const WORD = /^[\p{L}\p{N}_]*$/u;

/**
 * A completion of the session, which has the whole dotted word and the bracket of what can be called.
 *
 * @param {string} found
 */
function option(found) {
  const label = found.slice(found.lastIndexOf('.') + 1).replace(/\($/, '');
  const kind = found.endsWith('(') ? 'function' : 'variable';
  return {label, type: /^\p{Lu}/u.test(label) && kind === 'function' ? 'class' : kind};
}

/**
 * @param {Complete} complete
 * @returns {(context: CompletionContext) => Promise<CompletionResult | null>}
 */
export function sessionCompletion(complete) {
  return async (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const wanted = context.explicit || /[\p{L}_][\p{L}\p{N}_]*\.?$/u.test(before);
    if (!wanted) return null;
    try {
      const [found, start] = await complete(before);
      if (found.length === 0) return null;
      const from = line.from + Math.max(start, before.lastIndexOf('.') + 1);
      const options = [...new Map(found.map((each) => [option(each).label, option(each)])).values()];
      return {from, options, validFor: WORD};
    } catch {
      return null; // Python is not there yet, or was restarted
    }
  };
}

export {localCompletionSource};
