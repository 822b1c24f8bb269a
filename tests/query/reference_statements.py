#!/usr/bin/env python3
"""Prints statements and whether the grammar of the query language accepts them.

    reference_statements.py GRAMMAR_DIR [--sample N | --mutants N] [--seed N]

GRAMMAR_DIR holds the grammar (fql.ebnf), its reference recogniser (fql_parse.py), the reader of
openCypher's TCK (tck_features.py) and the TCK itself (suite).  Every statement of
the TCK is printed; with --sample N, as many of them; with --mutants N, as many, each with a token or two dropped, doubled, swapped or replaced by a
token of another one.  One record per statement: "accept SIZE" or "reject SIZE", a newline, SIZE
bytes of text, a newline.
"""
import argparse
import os
import random
import sys


def statements(grammar_dir):
    """The texts of the TCK, without doubles, in a fixed order."""
    import tck_features
    scenarios, graphs, _ = tck_features.load(os.path.join(grammar_dir, "suite"))
    texts = set(graphs.values())
    for scenario in scenarios:
        setup = tck_features.Setup(scenario)
        texts.update(setup.before + [setup.query] + [control[0] for control in setup.control])
    return sorted(t for t in texts if t)


def mutate(tokens, others, rng):
    """A copy of `tokens` with one or two slips of a typist."""
    tokens = list(tokens)
    for _ in range(rng.choice((1, 1, 2))):
        if not tokens:
            break
        i = rng.randrange(len(tokens))
        kind = rng.choice(("drop", "double", "swap", "replace"))
        if kind == "drop":
            del tokens[i]
        elif kind == "double":
            tokens.insert(i, tokens[i])
        elif kind == "swap" and i + 1 < len(tokens):
            tokens[i], tokens[i + 1] = tokens[i + 1], tokens[i]
        else:
            tokens[i] = rng.choice(rng.choice(others))
    return tokens


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("grammar_dir")
    ap.add_argument("--sample", type=int)
    ap.add_argument("--mutants", type=int, default=0)
    ap.add_argument("--seed", type=int, default=0)
    a = ap.parse_args()
    sys.path.insert(0, a.grammar_dir)
    import fql_parse
    parser = fql_parse.Parser()
    texts = statements(a.grammar_dir)
    rng = random.Random(a.seed)
    if a.sample:
        texts = rng.sample(texts, min(a.sample, len(texts)))
    if a.mutants:
        tokenized = []
        for text in texts:
            try:
                tokenized.append([value for _, value in fql_parse.tokens(text)])
            except fql_parse.Rejected:
                continue
        # Long statements only make the reference slow.
        tokenized = [t for t in tokenized if 0 < len(t) <= 80]
        texts = [" ".join(mutate(rng.choice(tokenized), tokenized, rng)) for _ in range(a.mutants)]
    for text in texts:
        try:
            parser.parse(text)
            verdict = b"accept"
        except fql_parse.Rejected:
            verdict = b"reject"
        body = text.encode("utf-8")
        sys.stdout.buffer.write(b"%s %d\n%s\n" % (verdict, len(body), body))


if __name__ == "__main__":
    main()
