"""fasti ingest --extractor, with programs that behave and that do not: extractor_test.py PROGRAM EXAMPLES."""
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import unittest

EXAMPLES = os.path.abspath(sys.argv.pop(2))
PROGRAM = os.path.abspath(sys.argv.pop(1))

TEXT = "Alvena acquired Boreal. Über Boreal wrote nobody."
FACT = {"subject": "Alvena", "relation": "acquires", "object": "Boreal", "confidence": 0.9,
        "evidence": {"start": 0, "end": 23}}

# Reads the greeting, then answers each article by the code at %s, which sees it as `article`.
PROGRAM_TEXT = """#!%s
import json, os, sys, time
FACT = %r
def say(line):
    sys.stdout.buffer.write(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\\n")
    sys.stdout.flush()
greeting = json.loads(sys.stdin.readline())
assert greeting["fasti_extractor"] == 1, greeting
assert {"name": "acquires", "kind": "EVENT", "object": "entity"} in greeting["relations"], greeting
for line in sys.stdin:
    article = json.loads(line)
    end = {"id": article["id"], "end": True}
    number = int(article["article"][0])
%s
    say(end)
"""


class ExtractorCase(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.database = self.path("news.db")

    def path(self, name):
        return os.path.join(self._folder.name, name)

    def articles(self, count, text=TEXT):
        paths = [self.path("%d.txt" % number) for number in range(1, count + 1)]
        for number, path in enumerate(paths, 1):
            with open(path, "w", encoding="utf-8") as file:
                file.write("%s %d" % (text, number))
        return paths

    def extractor(self, code):
        path = self.path("reader.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(PROGRAM_TEXT % (sys.executable, FACT, "\n".join("    " + line for line in code.splitlines())))
        os.chmod(path, 0o755)
        return path

    def ingest(self, extractor, count, *options, env=None):
        run = subprocess.run([PROGRAM, "ingest", self.database, *self.articles(count), "--extractor", extractor,
                              *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                             env={**os.environ, **(env or {})})
        return run.returncode, run.stdout, run.stderr

    def ask(self, statement):
        lines = subprocess.run([PROGRAM, "shell", self.database, "--json-lines"],
                               input=json.dumps({"id": 1, "q": statement}) + "\n", stdout=subprocess.PIPE, text=True,
                               check=True).stdout
        reply = json.loads(lines)
        self.assertTrue(reply["ok"], reply)
        return reply["rows"]


class ExtractorTest(ExtractorCase):
    def test_facts_above_the_gate_are_stored_with_who_told_them(self):
        code, out, err = self.ingest(self.extractor(
            'say({**FACT, "rule": "one"})\nsay({**FACT, "object": "Carrow", "confidence": 0.4})'), 2)
        self.assertEqual((code, err), (0, ""))
        self.assertIn("2 articles read: 2 taken, 0 rejected; 2 facts, 2 new claims", out)
        self.assertIn("1 below the gate", out)
        rows = self.ask("MATCH (a)-[f:acquires]->(b) UNWIND claims(f) AS c RETURN b.name, c.extractor, c.text")
        self.assertEqual(rows, 2 * [["Boreal", "reader.py:one", "Alvena acquired Boreal."]])

    def test_each_line_that_is_no_fact_is_rejected_with_its_reason_and_the_rest_is_stored(self):
        rejects = self.path("rejects")
        code, out, err = self.ingest(self.extractor("""
for bad in [b'{"subject":\\n', b'nonsense\\n', b'{"subject": "\\xff"}\\n', {"subject": "x" * (1 << 20)}, {},
            {**FACT, "subject": " "}, {**FACT, "relation": "eats"}, {**FACT, "object": None},
            {**FACT, "value": {"lo": 1}}, {**FACT, "relation": "revenue"}, {**FACT, "confidence": 2},
            {**FACT, "evidence": {"start": 0, "end": 400}}, {**FACT, "evidence": {"start": 25, "end": 30}},
            {**FACT, "valid": {"from": "2025-13"}}, {**FACT, "modality": "maybe"},
            {**FACT, "valid": {"from": "2025", "to": "2024"}}]:
    say(bad)
say(b"\\n")
say(FACT)"""), 1, "--rejects", rejects)
        self.assertEqual(code, 3, err)
        self.assertIn("1 article read: 1 taken, 0 rejected; 1 facts, 16 rejected, 1 new claims", out)
        with open(rejects, encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
        expected = ["expected a JSON object", "expected a JSON object", "expected a JSON object",
                    "at most 1048576 bytes", "field 'subject'", "field 'subject': expected a name, found none",
                    "found 'eats'", "field 'object'", "field 'value': expected none", "field 'value': expected the",
                    "field 'confidence'", "found 0 to 400", "found 25 to 30", "field 'valid.from'",
                    "found 'maybe'", "field 'valid'"]
        self.assertEqual(len(lines), len(expected))
        for number, (line, reason) in enumerate(zip(lines, expected), 1):
            self.assertTrue(line.startswith("1.txt, fact line %d\t" % number), line[:200])
            self.assertIn(reason, line[:400])

    def test_an_article_that_ends_the_program_is_rejected_and_the_next_one_read_by_a_new_one(self):
        for death, reason in (("os._exit(7)", "ended with exit code 7"),
                              ("os.kill(os.getpid(), 11)", "ended (by signal|with exit code) (11|139)"),
                              ("time.sleep(60)", "did not answer in time"),
                              ('say({"id": 99, "end": True})', "ended article 99 instead of 2"),
                              ('end["error"] = "no network"', "the extractor says: no network")):
            self.database = self.path(str(len(death)))
            code, out, err = self.ingest(self.extractor("say(FACT)\nif number == 2: " + death), 3,
                                         "--extractor-timeout", "1" if "sleep" in death else "60")
            self.assertEqual(code, 3, err)
            self.assertIn("3 articles read: 2 taken, 1 rejected; 2 facts, 2 new claims", out)
            self.assertRegex(err, "(?m)^fasti: 2.txt: .*" + reason)  # a shell may tell of the signal, too

    def test_a_command_that_cannot_be_run_rejects_every_article_and_stores_nothing(self):
        code, out, err = self.ingest("/no/such/program", 2)
        self.assertEqual(code, 1)
        self.assertIn("2 articles read: 0 taken, 2 rejected", out)
        self.assertEqual(err.count("the extractor ended with exit code 127"), 2)
        self.assertFalse(os.path.exists(self.database))

    def test_a_large_article_does_not_block_a_program_that_writes_before_it_reads(self):
        path = self.path("reader")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!%s\nimport sys\nsys.stdout.write('x' * 80 + '\\n' * 300000)\nsys.stdout.flush()\n"
                       "sys.stdin.readline()\nsys.stdin.readline()\nprint('{\"id\":1,\"end\":true}')\n"
                       % sys.executable)
        os.chmod(path, 0o755)
        with open(self.path("large.txt"), "w", encoding="utf-8") as file:
            file.write(TEXT * 20000)
        run = subprocess.run([PROGRAM, "ingest", self.database, self.path("large.txt"), "--extractor", path,
                              "--extractor-timeout", "60"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             check=False)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn("wrote 100000 lines and no end", run.stderr + run.stdout)


class StandIn(http.server.BaseHTTPRequestHandler):
    """A model that finds the same fact in every article, and makes one up."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], asked))
        facts = [{"subject": "Alvena", "relation": "acquires", "object": "Boreal", "confidence": 0.8,
                  "quote": "Über  Boreal wrote nobody."},
                 {"subject": "Alvena", "relation": "acquires", "object": "Carrow", "quote": "Alvena bought Carrow."}]
        content = "not json" if "2" in asked["messages"][1]["content"][-2:] else json.dumps({"facts": facts})
        answer = json.dumps({"choices": [{"message": {"content": content}}]}).encode("utf-8")
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class OpenAiExampleTest(ExtractorCase):
    def setUp(self):
        super().setUp()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
        self.server.asked = []
        thread = threading.Thread(target=self.server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def test_the_example_asks_an_endpoint_and_places_quotes(self):
        dump = self.path("dump.jsonl")
        code, out, err = self.ingest(
            os.path.join(EXAMPLES, "extractor_openai.py"), 2, "--dump", dump, "--lang", "en",
            env={"OPENAI_BASE_URL": "http://127.0.0.1:%d/v1" % self.server.server_address[1],
                 "OPENAI_MODEL": "stand-in", "OPENAI_API_KEY": "secret", "no_proxy": "*"})
        self.assertEqual(code, 3, err)
        self.assertIn("2 articles read: 1 taken, 1 rejected; 1 facts, 1 new claims", out)
        self.assertIn("left out, since its quote is not in the article", err)
        self.assertIn("2.txt: the extractor says: JSONDecodeError", err)
        with open(dump, encoding="utf-8") as file:
            fact = json.loads(file.read())
        self.assertEqual(fact["evidence"], {"start": 24, "end": 50})
        self.assertEqual(fact["rule"], "extractor_openai.py:stand-in")
        path, key, asked = self.server.asked[0]
        self.assertEqual((path, key, asked["model"]), ("/v1/chat/completions", "Bearer secret", "stand-in"))
        self.assertIn("acquires -> name of an entity", asked["messages"][0]["content"])
        self.assertNotIn("{relations}", asked["messages"][0]["content"])


if __name__ == "__main__":
    unittest.main()
