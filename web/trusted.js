/**
 * The only texts that become documents or scripts here: markup of results, which goes into frames without scripts, and the
 * addresses of the workers of this site. Where the browser knows Trusted Types it refuses all others (see index.html).
 */

/** @param {string} address */
function ofThisSite(address) {
  const full = new URL(address, import.meta.url);
  if (full.origin !== new URL(import.meta.url).origin) {
    throw new TypeError(`${full} is no script of this site`);
  }
  return full.href;
}

/** @typedef {{createHTML(text: string): string, createScriptURL(text: string): string}} Policy */

const {trustedTypes} = /** @type {{trustedTypes?: {createPolicy(name: string, rules: Policy): Policy}}} */ (
  /** @type {unknown} */ (globalThis)
);
/** @type {Policy} */
const rules = {createHTML: (markup) => markup, createScriptURL: ofThisSite};
const policy = trustedTypes?.createPolicy('tfjs-pyo', rules) ?? rules;

/**
 * A document for a frame that is sandboxed without scripts.
 * @param {string} markup
 */
export const documentOf = (markup) => policy.createHTML(markup);

/**
 * The address of a worker of this site.
 * @param {string} address from the site's root on
 */
export const workerAt = (address) => policy.createScriptURL(address);
