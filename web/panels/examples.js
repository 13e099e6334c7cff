/** A button for each example; it enters the program at the prompt. */

/** @type {Array<[string, string]>} */
const EXAMPLES = [
  ['Linear regression', 'await examples.linear_regression.main()'],
  ['Digits: MLP', "await examples.digits.main('mlp')"],
  ['Digits: convnet', "await examples.digits.main('convnet')"],
  ['Digits: transfer', 'await examples.transfer_learning.main()'],
  ['Digits: autoencoder', 'await examples.autoencoder.main()'],
  ['Digits: variational autoencoder', 'await examples.variational_autoencoder.main()'],
  ['Sentiment: LSTM', 'await examples.sentiment_lstm.main()'],
  ['Addition: GRU', 'await examples.addition_rnn.main()'],
  ['Dates: attention', 'await examples.date_attention.main()'],
  ['Houses: several inputs', 'await examples.multi_input.main()'],
  ['Ring: Wasserstein GAN', 'await examples.wasserstein_gan.main()'],
  ['Pole: deep Q-learning', 'await examples.cartpole_dqn.main()'],
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
