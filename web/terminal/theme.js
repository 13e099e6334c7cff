/** The terminal's colours, in light and in dark; style.css has the page's, layout/theme.js says which. */

const LIGHT = {
  background: '#ffffff',
  foreground: '#1f2430',
  cursor: '#1f2430',
  cursorAccent: '#ffffff',
  selectionBackground: '#cfe0ff',
  red: '#b3261e',
  blue: '#1f5fd0',
  brightBlack: '#5c6577',
};

const DARK = {
  background: '#14171d',
  foreground: '#d7dce5',
  cursor: '#d7dce5',
  cursorAccent: '#14171d',
  selectionBackground: '#2d4a7c',
  red: '#ff8b80',
  blue: '#7fb0ff',
  brightBlack: '#97a1b3',
};

/** @param {boolean} dark */
export const themeFor = (dark) => (dark ? DARK : LIGHT);
