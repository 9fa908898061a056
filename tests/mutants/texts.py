"""Mutants of texts: their batches, their models, their preparation, what moved an answer; and of recipes."""

from tests.mutants import Mutant

BUCKETS, MODELS, SERVED = "tfnotes/data/buckets.py", "tfnotes/models/_texts.py", "tfnotes/serving/texts.py"
PLAIN, PREPARED = "tasks/imdb/plain.py", "tfnotes/serving/preparations/words.py"
WORDS, FILMS = "tasks/imdb/words.py", "tasks/imdb/sample.py"
SNIPPETS = ("tests/tasks/test_imdb_sample.py",)
SETUP, LOOP, CHECKPOINT = "tfnotes/training/setup.py", "tfnotes/training/loop.py", "tfnotes/training/checkpoint.py"
EXPORT = "tfnotes/serving/export.py"

NETWORKS = ("tests/models/test_texts.py",)
TASK = ("tests/tasks/test_imdb.py", "-k", "hand or vocabulary or plain_makes")
TYPED = ("tests/tasks/test_imdb_tokenizer.py", "tests/serving/preparations/test_words.py")
RECIPES = ("tests/training/test_recipe.py",)

MUTANTS = [
    Mutant(BUCKETS, "default_rng([seed, epoch])", "default_rng(seed)"),
    Mutant(BUCKETS, "default_rng([seed, epoch])", "default_rng(epoch)"),
    Mutant(BUCKETS, 'pool[np.argsort(lengths[pool], kind="stable")]', "pool"),
    Mutant(BUCKETS, "return [batches[k] for k in generator.permutation(len(batches))]", "return batches"),
    Mutant(BUCKETS, "_cut(rows, POOL * batch_size)", "_cut(rows[:-1], POOL * batch_size)"),
    Mutant(BUCKETS, "range(first_epoch, epochs)", "range(epochs - first_epoch)"),
    Mutant(BUCKETS, "words = ids != 0", "words = ids >= 0"),
    Mutant(BUCKETS, "tf.reduce_max(tf.gather(self._widths", "60 + 0 * tf.reduce_max(tf.gather(self._widths"),
    Mutant(BUCKETS, "max(int(lengths[rows].max()), 1)", "int(lengths[rows].mean())"),
    Mutant(MODELS, "2654435761 * left + 2246822519 * right", "2654435761 * right + 2246822519 * left", NETWORKS),
    Mutant(MODELS, "2654435761 * left + 2246822519 * right", "left + right", NETWORKS),
    Mutant(MODELS, "ops.where(right == 0, 0, pairs)", "pairs", NETWORKS),
    Mutant(MODELS, "((0, 0), (1, 0))", "((0, 0), (0, 1))", NETWORKS),
    Mutant(MODELS, "ops.maximum(ops.sum(words, axis=1), 1)", "ops.shape(vectors)[1]", NETWORKS),
    Mutant(MODELS, "ops.sum(vectors * words, axis=1)", "ops.sum(vectors, axis=1)", NETWORKS),
    Mutant(MODELS, "return vectors * _words(vectors, ids)", "return vectors", NETWORKS),
    Mutant(MODELS, "ops.max(ops.where(words > 0, vectors, -1e9), axis=1)", "ops.max(vectors, axis=1)", NETWORKS),
    Mutant(MODELS, "ops.where(ops.max(words, axis=1) > 0, largest, 0)", "largest", NETWORKS),
    Mutant("tfnotes/models/recurrent_classifier.py", "mask_zero=True", "mask_zero=False", NETWORKS),
    Mutant("tfnotes/models/recurrent_classifier.py", "noise_shape=(None, None, 1), ", "", NETWORKS),
    Mutant("tfnotes/models/bag_of_words.py", "noise_shape=(None, None, 1), ", "", NETWORKS),
    Mutant("tfnotes/models/bag_of_words.py", "buckets + 1", "buckets", NETWORKS),
    Mutant(WORDS, "self.length // 4", "self.length // 2", TASK),
    Mutant(WORDS, "words - self.length, 0)", "words - self.length, 1)", TASK),
    Mutant(PLAIN, 'encoding="utf-8"', 'encoding=""', TYPED),
    Mutant(PLAIN, "minimum(codes, _BASIC - 1)", "minimum(codes, 255)", TYPED),
    Mutant(PLAIN, "codes >= 0)", "codes >= 33)", TYPED),
    Mutant(PLAIN, r"\p{N}\p{M}", r"\p{N}", TYPED),
    Mutant(PLAIN, "(^| )'+", "(^| )'", TYPED),
    Mutant(PREPARED, "ord(character) > 0xFFFF", "ord(character) > 0x2FFFF", TYPED),
    Mutant(PREPARED, '("Cc", "Zs", "Zl", "Zp")', '("Cc", "Zs", "Zp")', TYPED),
    Mutant(PREPARED, '("Mn", "Cf")', '("Mn",)', TYPED),
    Mutant(PREPARED, 'in "LNM"', 'in "LN"', TYPED),
    Mutant(PREPARED, 'word.strip("\'")', 'word.rstrip("\'")', TYPED),
    Mutant(WORDS, "standardize=plain, vocabulary=known", "vocabulary=known", TASK),
    Mutant(WORDS, "max_tokens=vocabulary, ", "", TASK),
    Mutant(FILMS, "film[name] = _root(film, first", "film[name] = name or _root(film, first", SNIPPETS),
    Mutant(FILMS, 'if row["category"] not in LABELS:', "if False:", SNIPPETS),
    Mutant(FILMS, 'examples[cut]["film"] == examples[cut - 1]["film"]', "False", SNIPPETS),
    Mutant(SERVED, "odds[0] - rest", "rest - odds[0]"),
    Mutant(SERVED, "part.lower() == word else part", "part == word else part"),
    Mutant(SERVED, "words[-_LAST:]", "[]"),
    Mutant(SERVED, "-abs(pair[1])", "-pair[1]"),
    Mutant(SERVED, 'while rest and not rest.endswith(b"\\n"):', "while False:"),
    Mutant(SERVED, "if len(data) > LIMIT:", "if len(data) > LIMIT + 1:"),
    Mutant(SETUP, "return x, x", "return x, 0 * x", RECIPES),
    Mutant(LOOP, "splits = setup.selected(splits)\n", "", RECIPES),
    Mutant(LOOP, 'run.write_model(prepare, "preparation.keras")', "pass", RECIPES),
    Mutant(CHECKPOINT, 'getattr(model, "optimizers", None) or [model.optimizer]', "[model.optimizer]", RECIPES),
    Mutant(EXPORT, "endpoints.items():\n        for size", "[*endpoints.items()][:1]:\n        for size"),
]
