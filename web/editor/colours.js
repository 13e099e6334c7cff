/** The editor's looks, from the properties of style.css: so it follows light and dark by itself. */

import {
  EditorView,
  HighlightStyle,
  highlightTree,
  pythonLanguage,
  syntaxHighlighting,
  tagHighlighter,
  tags,
} from '../vendor/codemirror/codemirror.mjs';

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
  '@media (max-width: 700px)': {'.cm-tooltip.cm-completionInfo': {display: 'none'}}, // it would lie on the list
  '.cm-panel input, .cm-panel button': {fontSize: '14px'},
});

/** @typedef {'keyword' | 'string' | 'number' | 'comment' | 'name'} Kind what style.css and the terminal have a colour for */

/** @type {{kind: Kind, tag: import('@lezer/highlight').Tag[]}[]} */
const KINDS = [
  {kind: 'keyword', tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.meta, tags.self]},
  {kind: 'string', tag: [tags.string, tags.special(tags.string)]},
  {kind: 'number', tag: [tags.number, tags.bool, tags.null, tags.atom]},
  {kind: 'comment', tag: [tags.comment, tags.docString]},
  {
    kind: 'name',
    tag: [
      tags.function(tags.definition(tags.variableName)),
      tags.definition(tags.className),
      tags.className,
      tags.function(tags.variableName),
      tags.function(tags.propertyName),
    ],
  },
];

const code = HighlightStyle.define(
  KINDS.map(({kind, tag}) => ({
    tag,
    color: `var(--code-${kind})`,
    fontStyle: kind === 'comment' ? 'italic' : 'normal',
  })),
);
const kinds = tagHighlighter(KINDS.map(({kind, tag}) => ({tag, class: kind})));

/**
 * Which parts of a program have a colour, in the order in which they stand; for who draws it without the editor.
 *
 * @param {string} text
 */
export function colouredParts(text) {
  const parts = /** @type {{from: number, to: number, kind: Kind}[]} */ ([]);
  highlightTree(pythonLanguage.parser.parse(text), kinds, (from, to, kind) => {
    parts.push({from, to, kind: /** @type {Kind} */ (kind)});
  });
  return parts;
}

export const looks = [surroundings, syntaxHighlighting(code)];
