/** The link to the documentation, which not every site has. */

/**
 * Shows the link where this site has the documentation.
 *
 * @param {HTMLElement} link
 */
export async function linkDocumentation(link) {
  const answer = await fetch('site.json');
  const {documentation} = answer.ok ? await answer.json() : {documentation: false}; // the boot says what is missing
  link.hidden = !documentation;
}
