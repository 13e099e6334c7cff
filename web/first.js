/**
 * Says what is wrong where the page's modules do not even begin: a file is missing, or the browser is too old for them.
 *
 * A plain script in plain words, so that old browsers run it too.
 */

(function () {
  'use strict';

  const isOld = !('noModule' in document.createElement('script')) || !('withResolvers' in Promise);
  const old =
    'This page needs a newer browser: Chrome or Edge 119, Firefox 121, Safari 17.4, or later. Update yours, or open the ' +
    'page in another.';

  let said = false;

  /** @param {string} what */
  function say(what) {
    const panel = document.getElementById('problems');
    if (said || !panel) return;
    said = true;
    const item = document.createElement('section');
    item.className = 'problem error';
    item.setAttribute('role', 'alert');
    const heading = document.createElement('h2');
    heading.textContent = 'The page could not start';
    const text = document.createElement('p');
    text.textContent = isOld ? old : what; // the error that an old browser reports explains nothing
    const again = document.createElement('button');
    again.type = 'button';
    again.textContent = 'Try again';
    again.addEventListener('click', function () {
      location.reload();
    });
    item.append(heading, text, again);
    panel.append(item);
  }

  /** @param {string} what */
  function sayLater(what) {
    if (document.readyState !== 'loading') say(what);
    else document.addEventListener('DOMContentLoaded', say.bind(null, what));
  }

  if (isOld) sayLater(old);

  addEventListener(
    'error',
    function (event) {
      const target = event.target;
      if (target instanceof HTMLScriptElement) {
        sayLater(
          'One of its files did not load (' +
            target.src +
            ', or a file that it needs). Check that this computer is online and the server still running (make serve), ' +
            'and that no blocker or proxy holds files back; then try again.',
        );
      } else if (!('pyo' in window)) {
        sayLater(event.message + '. Try again; if it happens again, this text belongs in a bug report.');
      }
    },
    true,
  );
})();
