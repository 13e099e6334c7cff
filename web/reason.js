/** What went wrong, in words. */

/**
 * Anything can be thrown and anything can be the reason of a rejection: errors, texts, objects.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function reasonOf(error) {
  if (typeof error === 'string') return error;
  if (error === null || typeof error !== 'object') return String(error);
  const {message, name} = /** @type {{message?: unknown, name?: unknown}} */ (error);
  if (typeof message === 'string' && message) return message;
  if (typeof name === 'string' && name) return name;
  try {
    return JSON.stringify(error);
  } catch {
    return Object.prototype.toString.call(error);
  }
}
