#!/usr/bin/env python3
"""Prints the statements of openCypher's TCK and what is expected of each while it is prepared.

    tck_expectations.py GRAMMAR_DIR

GRAMMAR_DIR holds the reader of the TCK (tck_features.py) and the TCK itself (suite).  One record
per statement: "EXPECTED SIZE", a newline, SIZE bytes of text, a newline.  EXPECTED is the code of
the compile-time error, or "ok"; "ok" too if the statement only fails when it runs.  Scenarios that
need procedures or values of the time of day are left out: the language has neither.
"""
import os
import re
import sys

LEFT_OUT = re.compile(r"(?im)^\s*CALL\b|\b(local)?time\s*(\(|\.)")


def main():
    grammar_dir = sys.argv[1]
    sys.path.insert(0, grammar_dir)
    import tck_features
    scenarios, graphs, _ = tck_features.load(os.path.join(grammar_dir, "suite"))
    expected = {}
    for scenario in scenarios:
        setup = tck_features.Setup(scenario)
        texts = setup.before + [setup.query] + [control[0] for control in setup.control]
        if setup.graph in graphs:
            texts.append(graphs[setup.graph])
        if setup.procedures or "@ignore" in scenario.tags or any(map(LEFT_OUT.search, texts)):
            continue
        for text in texts:
            if text is not setup.query or not setup.error or setup.error[1] == "runtime":
                expected.setdefault(text, "ok")
            elif setup.error[1] == "any time":
                expected[text] = "any"
            else:
                expected[text] = "%s.%s" % (setup.error[0], setup.error[2])
    for text, code in sorted(expected.items()):
        body = text.encode("utf-8")
        sys.stdout.buffer.write(b"%s %d\n%s\n" % (code.encode(), len(body), body))


if __name__ == "__main__":
    main()
