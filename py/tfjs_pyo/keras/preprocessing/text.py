"""`keras.preprocessing.text`: texts as sequences of the numbers of their words, as programs of Keras 2 make them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core import engine
from tfjs_pyo.errors import ArgumentError, FormatError, OptionError, RangeError
from tfjs_pyo.options import shown
from tfjs_pyo.rules import check_public
from tfjs_pyo.types import NDArray

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
"""What stands between words, by default."""
_MODES = ("binary", "count", "tfidf", "freq")
_TABLES = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")
"""Attributes of a Tokenizer that its config has as JSON."""


def text_to_word_sequence(
    input_text: str, filters: str = FILTERS, lower: bool = True, split: str = " "
) -> list[str]:
    """Returns the words of a text.

    Args:
        input_text: the text.
        filters: characters that are taken as `split`.
        lower: whether capital letters become small ones.
        split: what stands between words.

    Returns:
        The words, without empty ones.

    Raises:
        OptionError: `split` is empty.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.preprocessing.text.text_to_word_sequence("The cat, the hat.")
        ['the', 'cat', 'the', 'hat']

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/text/text_to_word_sequence
    """
    if not split:
        raise OptionError(
            "text_to_word_sequence: expected `split` to be what stands between words, received ''."
        )
    text = input_text.lower() if lower else input_text
    return [word for word in text.translate({ord(each): split for each in filters}).split(split) if word]


def _md5(word: str) -> int:
    return int(hashlib.md5(word.encode()).hexdigest(), 16)  # noqa: S324 (no secret)


def hashing_trick(
    text: str,
    n: int,
    hash_function: Any = None,
    filters: str = FILTERS,
    lower: bool = True,
    split: str = " ",
    analyzer: Callable[[str], Iterable[str]] | None = None,
) -> list[int]:
    """Returns a number from 1 to n - 1 for each word of a text, by a hash: different words may have the same one.

    Args:
        text: the text.
        n: one more than there are numbers, 2 or more.
        hash_function: 'md5', or a function of a word that gives an integer; default: Python's `hash`, which
            gives other numbers in every process.
        filters, lower, split: as for `text_to_word_sequence`.
        analyzer: gives the words of a text; default: `text_to_word_sequence`.

    Returns:
        The numbers.

    Raises:
        OptionError: no such hash, or too few numbers.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.preprocessing.text.hashing_trick("a cat and a cat", 50, "md5")
        [15, 32, 14, 15, 32]

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/text/hashing_trick
    """
    if n < 2:
        raise OptionError(f"hashing_trick: expected `n` to be 2 or more, received {n}.")
    function = {None: hash, "md5": _md5}.get(hash_function) if not callable(hash_function) else hash_function
    if function is None:
        raise OptionError(
            f"hashing_trick: expected `hash_function` to be 'md5' or a function, received {shown(hash_function)}."
        )
    words = text_to_word_sequence(text, filters, lower, split) if analyzer is None else analyzer(text)
    return [function(word) % (n - 1) + 1 for word in words]


def one_hot(
    input_text: str,
    n: int,
    filters: str = FILTERS,
    lower: bool = True,
    split: str = " ",
    analyzer: Callable[[str], Iterable[str]] | None = None,
) -> list[int]:
    """Returns a number from 1 to n - 1 for each word of a text, by Python's `hash`: other numbers in every process.

    Args:
        input_text: the text.
        n, filters, lower, split, analyzer: as for `hashing_trick`.

    Returns:
        The numbers: they are not one-hot, in spite of the name.

    Example:
        >>> from tfjs_pyo import keras
        >>> len(keras.preprocessing.text.one_hot("a cat and a cat", 50))
        5

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/text/one_hot
    """
    return hashing_trick(input_text, n, None, filters, lower, split, analyzer)


class Tokenizer:
    """Numbers words by how often they occur: 1 is the most frequent one, 0 is kept for padding.

    Args:
        num_words: only words with smaller numbers are kept in sequences; default: all.
        filters, lower, split: as for `text_to_word_sequence`.
        char_level: whether characters are numbered rather than words.
        oov_token: stands for words without a number, and has the number 1; default: such words are left out.
        analyzer: gives the words of a text; default: `text_to_word_sequence`.
        **kwargs: `document_count`, how many texts were seen before; `nb_words`, Keras 1's name of `num_words`.

    Attributes:
        word_counts: how often each word was seen, in the order of its first occurrence.
        word_docs: in how many texts each word was.
        word_index: the number of each word.
        index_word: the word of each number.
        index_docs: in how many texts the word of each number was.
        document_count: how many texts were seen.

    Raises:
        ArgumentError: an argument of another name.

    Example:
        >>> from tfjs_pyo import keras
        >>> tokenizer = keras.preprocessing.text.Tokenizer(oov_token="?")
        >>> tokenizer.fit_on_texts(["The cat sat.", "The hat!"])
        >>> tokenizer.texts_to_sequences(["the dog sat"])
        [[2, 1, 4]]

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/text/Tokenizer
    """

    def __init__(
        self,
        num_words: int | None = None,
        filters: str = FILTERS,
        lower: bool = True,
        split: str = " ",
        char_level: bool = False,
        oov_token: str | None = None,
        analyzer: Callable[[str], Iterable[str]] | None = None,
        **kwargs: Any,
    ) -> None:
        self.num_words = kwargs.pop("nb_words", num_words)
        self.document_count: int = kwargs.pop("document_count", 0)
        if kwargs:
            raise ArgumentError(f"Tokenizer: expected no argument {next(iter(kwargs))!r}.")
        self.filters, self.lower, self.split = filters, lower, split
        self.char_level, self.oov_token, self.analyzer = char_level, oov_token, analyzer
        self.word_counts: dict[str, int] = OrderedDict()
        self.word_docs: dict[str, int] = defaultdict(int)
        self.index_docs: dict[int, int] = defaultdict(int)
        self.word_index: dict[str, int] = {}
        self.index_word: dict[int, str] = {}

    def _words(self, text: Any) -> Iterable[str]:
        if isinstance(text, list):
            return [word.lower() for word in text] if self.lower else text
        if not isinstance(text, str) and (self.char_level or self.analyzer is None):
            raise ArgumentError(
                f"Tokenizer: expected texts, or lists of words, received {shown(text)} among them."
            )
        if self.char_level:
            return text.lower() if self.lower else text
        if self.analyzer is not None:
            return self.analyzer(text)
        return text_to_word_sequence(text, self.filters, self.lower, self.split)

    def fit_on_texts(self, texts: Iterable[Any]) -> None:
        """Counts the words of texts, in addition to those seen before, and numbers all anew.

        Args:
            texts: texts, or lists of words.

        Example:
            >>> from tfjs_pyo import keras
            >>> tokenizer = keras.preprocessing.text.Tokenizer()
            >>> tokenizer.fit_on_texts(["The cat sat.", "The hat!"])
            >>> tokenizer.word_index, tokenizer.word_counts["the"]
            ({'the': 1, 'cat': 2, 'sat': 3, 'hat': 4}, 2)
        """
        for text in texts:
            words = list(self._words(text))
            self.document_count += 1
            for word in words:
                self.word_counts[word] = self.word_counts.get(word, 0) + 1
            for word in dict.fromkeys(words):
                self.word_docs[word] += 1
        by_count = sorted(self.word_counts, key=lambda word: self.word_counts[word], reverse=True)
        ranked = by_count if self.oov_token is None else [self.oov_token, *by_count]
        self.word_index = {word: number for number, word in enumerate(ranked, 1)}
        self.index_word = {number: word for word, number in self.word_index.items()}
        for word, count in self.word_docs.items():
            self.index_docs[self.word_index[word]] = count

    def fit_on_sequences(self, sequences: Iterable[Iterable[int]]) -> None:
        """Counts in how many sequences each number is: what 'tfidf' needs where there are no texts.

        Args:
            sequences: lists of numbers of words.

        Example:
            >>> from tfjs_pyo import keras
            >>> tokenizer = keras.preprocessing.text.Tokenizer(num_words=4)
            >>> tokenizer.fit_on_sequences([[1, 2, 2], [1, 3]])
            >>> tokenizer.document_count, dict(tokenizer.index_docs)
            (2, {1: 2, 2: 1, 3: 1})
        """
        for sequence in sequences:
            self.document_count += 1
            for number in set(sequence):
                self.index_docs[number] += 1

    def _kept(self, items: Iterable[Any], numbers: Callable[[Any], int | None]) -> Iterator[int]:
        """Yields the numbers that are in use; for the others that of `oov_token`, if there is one."""
        unknown = self.word_index.get(self.oov_token) if self.oov_token is not None else None
        for item in items:
            number = numbers(item)
            known = number is not None and not (self.num_words and number >= self.num_words)
            chosen = number if known else unknown
            if chosen is not None:
                yield chosen

    def texts_to_sequences(self, texts: Iterable[Any]) -> list[list[int]]:
        """Returns the numbers of the words of each text.

        Args:
            texts: texts, or lists of words.

        Example:
            >>> from tfjs_pyo import keras
            >>> tokenizer = keras.preprocessing.text.Tokenizer()
            >>> tokenizer.fit_on_texts(["the cat sat", "the hat"])
            >>> tokenizer.texts_to_sequences(["the hat sat", "the dog"])
            [[1, 4, 3], [1]]
        """
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts: Iterable[Any]) -> Iterator[list[int]]:
        """Yields the numbers of the words of each text.

        Args:
            texts: texts, or lists of words.

        Returns:
            A generator of lists.

        Example:
            >>> from tfjs_pyo import keras
            >>> tokenizer = keras.preprocessing.text.Tokenizer()
            >>> tokenizer.fit_on_texts(["the cat sat", "the hat"])
            >>> next(tokenizer.texts_to_sequences_generator(["the hat sat", "the dog"]))
            [1, 4, 3]
        """
        for text in texts:
            yield list(self._kept(self._words(text), self.word_index.get))

    def sequences_to_texts(self, sequences: Iterable[Iterable[int]]) -> list[str]:
        """Returns the words of each sequence of numbers, with spaces between them.

        Args:
            sequences: lists of numbers of words.

        Example:
            >>> from tfjs_pyo import keras
            >>> tokenizer = keras.preprocessing.text.Tokenizer()
            >>> tokenizer.fit_on_texts(["the cat sat", "the hat"])
            >>> tokenizer.sequences_to_texts([[1, 4, 3], [1, 2]])
            ['the hat sat', 'the cat']
        """
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences: Iterable[Iterable[int]]) -> Iterator[str]:
        """Yields the words of each sequence of numbers, with spaces between them.

        Args:
            sequences: lists of numbers of words.

        Returns:
            A generator of texts.

        Example:
            >>> from tfjs_pyo import keras
            >>> tokenizer = keras.preprocessing.text.Tokenizer()
            >>> tokenizer.fit_on_texts(["the cat sat", "the hat"])
            >>> next(tokenizer.sequences_to_texts_generator([[1, 4, 3], [1, 2]]))
            'the hat sat'
        """
        for sequence in sequences:
            numbers = self._kept(sequence, lambda number: number if number in self.index_word else None)
            yield " ".join(self.index_word[number] for number in numbers)

    def texts_to_matrix(self, texts: Iterable[Any], mode: str = "binary") -> NDArray:
        """Returns a row for each text and a column for each number of a word.

        Args:
            texts: texts, or lists of words.
            mode: as for `sequences_to_matrix`.

        Example:
            >>> from tfjs_pyo import keras
            >>> tokenizer = keras.preprocessing.text.Tokenizer()
            >>> tokenizer.fit_on_texts(["the cat", "the hat"])
            >>> tokenizer.texts_to_matrix(["the hat the cat"], mode="count").tolist()
            [[0.0, 2.0, 1.0, 1.0]]
        """
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode)

    def sequences_to_matrix(self, sequences: Iterable[Iterable[int]], mode: str = "binary") -> NDArray:
        """Returns a row for each sequence and a column for each number of a word.

        Args:
            sequences: lists of numbers of words; those that have no column are left out.
            mode: what stands in it: 'binary' (1 where the word occurs), 'count', 'freq' (count / length of the
                sequence), or 'tfidf' ((1 + log(count)) log(1 + texts / (1 + texts with the word))).

        Returns:
            An array of shape [sequences, num_words], or [sequences, words seen + 1].

        Raises:
            OptionError: no such mode; or it is not known how many words there are.
            RangeError: a negative number.

        Example:
            >>> from tfjs_pyo import keras
            >>> tokenizer = keras.preprocessing.text.Tokenizer(num_words=4)
            >>> tokenizer.sequences_to_matrix([[1, 3], [2, 2]]).tolist()
            [[0.0, 1.0, 0.0, 1.0], [0.0, 0.0, 1.0, 0.0]]
        """
        np = engine.import_numpy("Tokenizer.sequences_to_matrix")
        if mode not in _MODES:
            raise OptionError(
                f"Tokenizer: expected `mode` to be one of {', '.join(_MODES)}, received {mode!r}."
            )
        width = self.num_words or (len(self.word_index) + 1 if self.word_index else 0)
        if not width:
            raise OptionError("Tokenizer: expected `num_words`, or a call of fit_on_texts before.")
        if mode == "tfidf" and not self.document_count:
            raise OptionError("Tokenizer: expected a call of fit_on_texts before mode='tfidf'.")
        rows = [list(sequence) for sequence in sequences]
        matrix = np.zeros((len(rows), width))
        for row, numbers in zip(matrix, rows, strict=True):
            for number, count in Counter(each for each in numbers if each < width).items():
                if number < 0:
                    raise RangeError(f"Tokenizer: expected numbers of words, 0 or more, received {number}.")
                if mode == "tfidf":
                    texts = self.document_count / (1 + self.index_docs.get(number, 0))
                    row[number] = (1 + np.log(count)) * np.log(1 + texts)
                else:
                    row[number] = {"binary": 1, "count": count, "freq": count / len(numbers)}[mode]
        return matrix

    def get_config(self) -> dict[str, Any]:
        """Returns options and what was counted: the tables as JSON, as Keras has them.

        Example:
            >>> from tfjs_pyo import keras
            >>> tokenizer = keras.preprocessing.text.Tokenizer()
            >>> tokenizer.fit_on_texts(["the cat"])
            >>> tokenizer.get_config()["word_index"]
            '{"the": 1, "cat": 2}'
        """
        options = ("num_words", "filters", "lower", "split", "char_level", "oov_token", "document_count")
        tables = {name: json.dumps(getattr(self, name)) for name in _TABLES}
        return {name: getattr(self, name) for name in options} | tables

    def to_json(self, **kwargs: Any) -> str:
        """Returns options and what was counted as JSON, of which `tokenizer_from_json` makes the tokenizer again.

        Args:
            **kwargs: for `json.dumps`.

        Example:
            >>> from tfjs_pyo import keras
            >>> tokenizer = keras.preprocessing.text.Tokenizer()
            >>> tokenizer.fit_on_texts(["the cat"])
            >>> again = keras.preprocessing.text.tokenizer_from_json(tokenizer.to_json())
            >>> again.texts_to_sequences(["cat"])
            [[2]]
        """
        return json.dumps({"class_name": type(self).__name__, "config": self.get_config()}, **kwargs)


def tokenizer_from_json(json_string: str) -> Tokenizer:
    """Returns the tokenizer that `Tokenizer.to_json` wrote, Keras's as well.

    Args:
        json_string: the JSON.

    Returns:
        A new tokenizer.

    Raises:
        FormatError: the text is not the JSON of a tokenizer.

    Example:
        >>> from tfjs_pyo import keras
        >>> tokenizer = keras.preprocessing.text.Tokenizer()
        >>> tokenizer.fit_on_texts(["a cat"])
        >>> keras.preprocessing.text.tokenizer_from_json(tokenizer.to_json()).word_index
        {'a': 1, 'cat': 2}

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/text/tokenizer_from_json
    """
    try:
        config = json.loads(json_string)["config"]
        tables = {name: json.loads(config.pop(name)) for name in _TABLES}
        by_number = {name: _by_number(tables[name]) for name in ("index_docs", "index_word")}
        made = Tokenizer(**config)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FormatError(
            f"tokenizer_from_json: expected what Tokenizer.to_json wrote, received {shown(json_string)}: {error}."
        ) from None
    vars(made).update(tables | by_number)
    made.word_docs = defaultdict(int, made.word_docs)
    made.index_docs = defaultdict(int, made.index_docs)
    return made


def _by_number(table: Mapping[str, Any]) -> dict[int, Any]:
    return {int(number): value for number, value in table.items()}


__all__ = ["Tokenizer", "hashing_trick", "one_hot", "text_to_word_sequence", "tokenizer_from_json"]
__dir__ = naming.public_dir(__name__)
check_public(globals())
