"""Help at the prompt: printed at once, without a pager that waits, in both spellings; completion of arguments."""


def test_help_prints_the_arguments_and_the_prompt_comes_back(prompt):
    prompt.type("help(tf.layers.dense)\n")
    prompt.wait(r"Dense\(units, activation='linear'[\s\S]*Args:\s+units: size of the output\.[\s\S]*\n>>>")


def test_a_question_mark_asks_for_help(prompt):
    prompt.type("tf.layers.conv2dTranspose?\n")
    prompt.wait(r"Conv2DTranspose\([\s\S]*Args:[\s\S]*Source: https[\s\S]*\n>>>")


def test_tab_knows_the_arguments_of_methods(prompt):
    prompt.type("tf.sequential().fit(1, epo\t")
    prompt.wait(r">>> tf\.sequential\(\)\.fit\(1, epo\Z")  # what a call gives is not known without calling it
    prompt.press("Control+c")
    prompt.type("some = tf.sequential()\n")
    prompt.wait(r"tial\(\)\n>>>\s*\Z")
    prompt.type("some.fit(1, epo\t2, batchS\t")
    prompt.wait(r">>> some\.fit\(1, epochs=2, batchSize=\Z")
    prompt.press("Control+c")
    prompt.type("del some\n")


def test_tab_completes_an_argument(prompt):
    prompt.type("tf.layers.dense(uni\t3).units\n")
    prompt.wait(r">>> tf\.layers\.dense\(units=3\)\.units\n3\n>>>")
