/** The panel that says what is missing and what to do about it. */

/**
 * @param {string} title
 * @param {string[]} paragraphs
 * @param {'error' | 'notice'} kind
 */
function show(title, paragraphs, kind) {
  const panel = /** @type {HTMLElement} */ (document.getElementById('problems'));
  const item = document.createElement('section');
  item.className = `problem ${kind}`;
  item.setAttribute('role', kind === 'error' ? 'alert' : 'status');
  if (title) {
    const heading = document.createElement('h2');
    heading.textContent = title;
    item.append(heading);
  }
  for (const text of paragraphs) {
    const paragraph = document.createElement('p');
    paragraph.textContent = text;
    item.append(paragraph);
  }
  panel.append(item);
  return item;
}

/** @param {string} text */
export const notice = (text) => show('', [text], 'notice');

export function clearProblems() {
  document.getElementById('problems')?.replaceChildren();
}

/** @param {Error} error */
function advice({message}) {
  if (/WebAssembly/.test(message)) {
    return (
      'Python runs as WebAssembly, which this browser lacks or forbids (some do in their strictest modes): allow it for ' +
      'this page, or use a current Chrome, Edge, Firefox or Safari.'
    );
  }
  if (!navigator.onLine) return 'This computer is offline: connect it to the network, then try again.';
  if (/fetch|network|load|arrive|answered/i.test(message)) {
    return (
      'A file did not arrive. Check that the server is still running and that set-up is complete (make serve), and that ' +
      'no blocker or proxy holds files back; then try again.'
    );
  }
  return 'Try again, or reload the page. If it happens again, the text above belongs in a bug report.';
}

/**
 * @param {Error} error
 * @param {() => void} retry
 */
export function failedBoot(error, retry) {
  const again = document.createElement('button');
  again.type = 'button';
  again.textContent = 'Try again';
  again.addEventListener('click', retry);
  show('Python could not start', [error.message, advice(error)], 'error').append(again);
}

/**
 * @param {string} problem what the device's opening said
 * @param {string | null} numpyProblem
 */
export function deviceProblem(problem, numpyProblem) {
  show(
    'No WebGL2 device',
    [
      problem,
      numpyProblem
        ? 'NumPy could not be had either, so nothing can be computed here: tensors can be made, but not looked at.'
        : 'Until then everything is computed with NumPy on the processor: correct, but slow.',
      'What helps most often: an up-to-date Chrome, Edge, Firefox or Safari; hardware acceleration switched on in its ' +
        'settings; a current graphics driver. Without a graphics card Chrome can draw in software: start it with ' +
        '--enable-unsafe-swiftshader.',
    ],
    'error',
  );
}

/** @param {string} problem */
export function numpyNotice(problem) {
  const reason = problem.split('\n')[0].slice(0, 200);
  notice(
    `NumPy is not here (${reason}). Everything works without it, except what takes or returns NumPy arrays.`,
  );
}
