/**
 * What the page takes of CodeMirror. Set-up bundles it into one file (see the Makefile): its packages import one another by
 * bare names, and the import map that a browser needs for these is an inline script, which our policy does not allow.
 */

export {autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap} from '@codemirror/autocomplete';
export {defaultKeymap, history, historyKeymap, indentWithTab} from '@codemirror/commands';
export {localCompletionSource, pythonLanguage} from '@codemirror/lang-python';
export {
  HighlightStyle,
  LanguageSupport,
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
  syntaxTree,
} from '@codemirror/language';
export {highlightSelectionMatches, searchKeymap} from '@codemirror/search';
export {EditorState, Prec} from '@codemirror/state';
export {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
export {highlightTree, tagHighlighter, tags} from '@lezer/highlight';
