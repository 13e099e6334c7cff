/** The editor's looks, from the properties of style.css: so it follows light and dark by itself. */

import {EditorView, HighlightStyle, syntaxHighlighting, tags} from '../vendor/codemirror/codemirror.mjs';

const surroundings = EditorView.theme({
  '&': {height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: '14px'},
  '&.cm-focused': {outline: 'none'}, // the pane around it shows the focus
  '.cm-scroller': {fontFamily: 'var(--mono)', lineHeight: '1.45'},
  '.cm-content': {caretColor: 'var(--text)'},
  '.cm-cursor': {borderLeftColor: 'var(--text)'},
  '.cm-gutters': {color: 'var(--quiet)', backgroundColor: 'var(--surface)', border: 'none'},
  '.cm-activeLine, .cm-activeLineGutter': {backgroundColor: 'var(--hint)'},
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--selected)',
  },
  '.cm-selectionMatch': {backgroundColor: 'var(--hint)'},
  '&.cm-focused .cm-matchingBracket': {backgroundColor: 'var(--selected)'},
  '.cm-foldPlaceholder': {color: 'var(--quiet)', backgroundColor: 'var(--hint)', border: 'none'},
  '.cm-tooltip, .cm-panels': {
    color: 'var(--text)',
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line)',
  },
  '.cm-tooltip-autocomplete > ul': {fontFamily: 'var(--mono)'},
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: 'var(--surface)',
    backgroundColor: 'var(--accent)',
  },
  '.cm-panel input, .cm-panel button': {fontSize: '14px'},
});

const code = HighlightStyle.define([
  {tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--code-keyword)'},
  {tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)'},
  {tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--code-number)'},
  {tag: [tags.comment, tags.docString], color: 'var(--quiet)', fontStyle: 'italic'},
  {
    tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className), tags.className],
    color: 'var(--code-name)',
  },
  {tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--code-name)'},
  {tag: [tags.meta, tags.self], color: 'var(--code-keyword)'},
]);

export const looks = [surroundings, syntaxHighlighting(code)];
