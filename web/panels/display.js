/** Shows rich results (MIME bundles) as cards beside the terminal. */

const MOST_CARDS = 50;
const PICTURES = ['image/png', 'image/jpeg'];

/**
 * Markup goes into a frame without scripts, with its own styles: it cannot disturb the page.
 *
 * @param {string} markup
 */
function frame(markup) {
  const view = document.createElement('iframe');
  view.setAttribute('sandbox', 'allow-same-origin');
  view.title = 'Result';
  view.style.height = '1px'; // a document is never measured lower than its frame
  view.srcdoc = `<!doctype html><meta name="color-scheme" content="light dark"><body>${markup}</body>`;
  view.addEventListener('load', () => {
    const height = view.contentDocument?.documentElement.scrollHeight ?? 150;
    view.style.height = `${Math.min(height + 4, 600)}px`;
  });
  return view;
}

/** @param {Record<string, string>} bundle */
function content(bundle) {
  const picture = PICTURES.find((kind) => kind in bundle);
  if (picture) {
    const image = document.createElement('img');
    image.src = `data:${picture};base64,${bundle[picture]}`;
    image.alt = bundle['text/plain'] ?? 'picture';
    return image;
  }
  const markup = bundle['text/html'] ?? bundle['image/svg+xml'];
  if (markup !== undefined) return frame(markup);
  const text = document.createElement('pre');
  text.textContent = bundle['text/plain'] ?? '';
  return text;
}

/** @param {Record<string, string>} bundle MIME type to text; pictures in base64 */
export function showDisplay(bundle) {
  const panel = /** @type {HTMLElement} */ (document.getElementById('displays'));
  const card = document.createElement('article');
  card.className = 'card';
  card.append(content(bundle));
  panel.hidden = false;
  panel.append(card);
  while (panel.children.length > MOST_CARDS) panel.firstElementChild?.remove();
  card.scrollIntoView({block: 'nearest'});
}
