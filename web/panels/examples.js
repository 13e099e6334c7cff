/** A button for each example; it enters the program at the prompt. */

/** @type {Array<[string, string]>} */
const EXAMPLES = [
  ['Linear regression', 'await examples.linear_regression.main()'],
  ['Digits: MLP', "await examples.digits.main('mlp')"],
  ['Digits: convnet', "await examples.digits.main('convnet')"],
];

/**
 * @param {HTMLElement} box
 * @param {import('../terminal/terminal.js').Prompt} prompt
 * @param {() => Promise<unknown>} ready
 */
export function offerExamples(box, prompt, ready) {
  for (const [title, source] of EXAMPLES) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = title;
    button.addEventListener('click', async () => {
      await ready();
      prompt.focus();
      await prompt.enter(source);
    });
    box.append(button);
  }
}
