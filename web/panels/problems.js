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
  if (/memory/i.test(message)) {
    return 'Python did not find room in memory: close other tabs and programs, then try again.';
  }
  if (/WebAssembly/.test(message)) {
    return (
      'Python runs as WebAssembly, which this browser lacks or forbids (some do in their strictest modes): allow it for ' +
      'this page, or use a current Chrome, Edge, Firefox or Safari. If they do not help, its file arrived in part only or ' +
      'damaged: reload the page.'
    );
  }
  if (!navigator.onLine) return 'This computer is offline: connect it to the network, then try again.';
  if (/fetch|network|load|arrive|answered|importing a module/i.test(message)) {
    return (
      'A file did not arrive. Check that the server is still running and that set-up is complete (make serve), and that ' +
      'no blocker or proxy holds files back; then try again.'
    );
  }
  if (/import|module|export/i.test(message)) {
    return (
      'Python runs in a worker made of modules, which this browser lacks: update it (Chrome or Edge 119, Firefox 121, ' +
      'Safari 17.4, or later), or open the page in another.'
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

/** Whether the page itself could draw, where its worker cannot. */
function canvasHasWebgl2() {
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
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
      ...(/WebGL2|OffscreenCanvas/.test(problem) && canvasHasWebgl2()
        ? [
            'Here WebGL2 works on the page but not in workers, where Python runs: a setting of this browser, or its version. ' +
              'In WebKitGTK it is the feature "Allow WebGL in Web Workers" (AllowWebGLInWorkers), which is off at first.',
          ]
        : []),
      numpyProblem
        ? 'NumPy could not be loaded either, so nothing can be computed here: tensors can be created, but not read.'
        : 'Until then everything is computed with NumPy on the processor: correct, but slow.',
      'What helps most often:\n' +
        '- Chrome, Edge: Settings, System, "Use graphics acceleration when available" on, then restart the browser; ' +
        'chrome://gpu says what is missing. Without a graphics card they can draw in software: start them with ' +
        '--enable-unsafe-swiftshader.\n' +
        '- Firefox: about:config, webgl.disabled false; webgl.force-enabled true if the driver is refused. Where it asks ' +
        'for it, privacy.resistFingerprinting false.\n' +
        '- Safari 17.4 or later; on iPhones no Lockdown Mode for this site.\n' +
        '- A current driver of the graphics card, and a reload of this page.',
    ],
    'error',
  );
}

export function storageNotice() {
  notice(
    'This browser stores nothing for this page: programs, history and saved models are lost when you close it. ' +
      "Allow cookies and site data for this address in the browser's settings (privacy), or leave its private window; " +
      'Save and Share work as ever.',
  );
}

/** @param {string} problem */
export function numpyNotice(problem) {
  const lines = problem.split('\n').filter((line) => line.trim() !== '');
  const reason = (lines.find((line) => !line.trimEnd().endsWith(':')) ?? lines[0]).slice(0, 200); // not a heading
  notice(
    `NumPy is not available (${reason}). Everything works without it, except what takes or returns NumPy arrays.`,
  );
}
