/** Completion in the editor: what the session knows, as at the prompt, and names that the program itself defines. */

import {localCompletionSource} from '../vendor/codemirror/codemirror.mjs';

/** @typedef {import('@codemirror/autocomplete').CompletionContext} CompletionContext */
/** @typedef {import('@codemirror/autocomplete').CompletionResult} CompletionResult */
/** @typedef {(source: string) => Promise<import('../protocol.js').Completions>} Complete what the client offers */

/** What stands beside a name in the list; all of it stands beside the list. */
const LONGEST_DETAIL = 40;
const WORD = /^[\p{L}\p{N}_]*$/u;

/**
 * A completion of the session, which has the whole dotted word and the bracket of what can be called.
 *
 * @param {import('../protocol.js').Completion} found
 * @param {string} call
 * @returns {import('@codemirror/autocomplete').Completion}
 */
function option({text, signature, about}, call) {
  const label = text.slice(text.lastIndexOf('.') + 1).replace(/\(\)?$/, '');
  if (text.endsWith('=')) return {label, type: 'property', info: call, boost: 1};
  if (!signature) return {label, type: label === text ? 'variable' : 'property'};
  const detail = signature.length > LONGEST_DETAIL ? `${signature.slice(0, LONGEST_DETAIL)}…` : signature;
  const info = [`${label}${signature}`, about].filter(Boolean).join('\n\n');
  return {label, type: /^\p{Lu}/u.test(label) ? 'class' : 'function', detail, info};
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
      const {found, start, call} = await complete(before);
      if (found.length === 0) return null;
      const from = line.from + Math.max(start, before.lastIndexOf('.') + 1);
      const options = [
        ...new Map(found.map((each) => option(each, call)).map((each) => [each.label, each])).values(),
      ];
      return {from, options, validFor: WORD};
    } catch {
      return null; // Python is not there yet, or was restarted
    }
  };
}

export {localCompletionSource};
