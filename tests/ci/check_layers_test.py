#!/usr/bin/env python3
"""The layer check passes what is allowed and fails, naming file and line, on every kind of breach."""
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CHECK = os.path.join(ROOT, ".ci", "check_layers")

ALLOWED = [
    ("engine/model/a.cc", "engine/base/check.h"),
    ("engine/storage/rocks_store.cc", "rocksdb/db.h"),
    ("engine/codec/a.cc", "capnp/message.h"),
    ("query/exec/a.cc", "query/plan/b.h"),
    ("tools/shell/a.cc", "fasti/session.h"),
    ("tools/ingest/a.cc", "re2/re2.h"),
    ("engine/include/fasti/database.h", "fasti/value.h"),
]
FORBIDDEN = [
    ("engine/base/a.cc", "engine/model/row.h"),
    ("engine/model/a.cc", "engine/storage/store.h"),
    ("engine/storage/a.cc", "engine/model/row.h"),
    ("engine/storage/a.cc", "rocksdb/db.h"),
    ("engine/graph/a.cc", "capnp/message.h"),
    ("engine/graph/a.cc", "fasti/session.h"),
    ("query/parse/a.cc", "query/plan/b.h"),
    ("query/exec/a.cc", "engine/codec/block.h"),
    ("query/plan/a.cc", "engine/storage/store.h"),
    ("tools/shell/a.cc", "engine/graph/overlay.h"),
    ("tools/shell/a.cc", "engine/base/text.h"),
    ("tools/shell/a.cc", "unicode/ucol.h"),
    ("tools/ingest/a.cc", "tools/shell/b.h"),
    ("tools/ingest/a.cc", "fasti/session.h"),
    ("query/exec/a.cc", "rapidjson/document.h"),
    ("engine/include/fasti/value.h", "fasti/database.h"),
    ("engine/include/fasti/brand_new.h", "fasti/value.h"),
]


def check(files):
    with tempfile.TemporaryDirectory() as root:
        for path, include in files:
            full = os.path.join(root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as f:
                f.write('// A file.\n#include "%s"\n' % include)
        run = subprocess.run([sys.executable, CHECK, root], capture_output=True, text=True, check=False)
        return run.returncode, run.stdout


class CheckLayers(unittest.TestCase):
    def test_allowed_includes_pass(self):
        code, out = check(ALLOWED)
        self.assertEqual(code, 0, out)

    def test_each_forbidden_include_fails_and_is_named(self):
        for path, include in FORBIDDEN:
            with self.subTest(path=path, include=include):
                code, out = check([(path, include)])
                self.assertEqual(code, 1, out)
                self.assertIn(path + ":", out)

    def test_an_empty_tree_does_not_pass(self):
        with tempfile.TemporaryDirectory() as root:
            run = subprocess.run([sys.executable, CHECK, root], capture_output=True, check=False)
            self.assertEqual(run.returncode, 1)

    def test_this_tree_passes(self):
        run = subprocess.run([sys.executable, CHECK, ROOT], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, run.stdout)


if __name__ == "__main__":
    unittest.main()
