/** The terminal's colours, in light and in dark; style.css has the page's, layout/theme.js says which. */

const LIGHT = {
  background: '#ffffff',
  foreground: '#1f2430',
  cursor: '#1f2430',
  cursorAccent: '#ffffff',
  selectionBackground: '#cfe0ff',
  red: '#b3261e',
  blue: '#1f5fd0',
  magenta: '#8b2bb0',
  green: '#1b6b36',
  yellow: '#9a4a00',
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
  magenta: '#d9a2f0',
  green: '#8fd6a3',
  yellow: '#f0b478',
  brightBlack: '#97a1b3',
};

/** @param {boolean} dark */
export const themeFor = (dark) => (dark ? DARK : LIGHT);
