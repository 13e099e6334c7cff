/** uPlot formats numbers in the language of the browser, and fails where that is none: some report "C", from a system's locale. */

try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', {value: 'en', configurable: true});
}
