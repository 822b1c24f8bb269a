"""fasti review, as a user meets it: review_test.py PROGRAM."""
import json
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.path.abspath(sys.argv.pop(1))
TEXT = "Alvena ha acquisito Boreal. Carrow ha fatturato 12 milioni di euro nel 2024."


class ReviewTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.database = os.path.join(folder.name, "news.db")
        self.article = os.path.join(folder.name, "a.txt")
        with open(self.article, "w", encoding="utf-8") as file:
            file.write(TEXT)

    def fasti(self, *arguments):
        run = subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             check=False, stdin=subprocess.DEVNULL)
        return run.returncode, run.stdout, run.stderr

    def ingest(self, gate="1"):
        code, out, err = self.fasti("ingest", self.database, self.article, "--lang", "it", "--min-confidence", gate)
        self.assertEqual((code, err), (0, ""))
        return out

    def ask(self, statement):
        run = subprocess.run([PROGRAM, "shell", self.database, "--json-lines"],
                             input=json.dumps({"id": 1, "q": statement}) + "\n", stdout=subprocess.PIPE, text=True,
                             check=True)
        reply = json.loads(run.stdout)
        self.assertTrue(reply["ok"], reply)
        return reply["rows"]

    def waiting(self):
        """The numbers of what waits, by relation."""
        code, out, err = self.fasti("review", self.database)
        self.assertEqual((code, err), (0, ""))
        found = {m[2]: m[1] for m in re.finditer(r"(?m)^(\d+)  \w+ \| (\w+) \| ", out)}
        self.assertRegex(out, "(?m)^%d facts? waits? for a decision$" % len(found))
        return found

    def test_what_is_below_the_gate_waits_with_its_sentence_and_no_query_meets_it(self):
        self.assertIn("2 wait for fasti review", self.ingest())
        _, out, _ = self.fasti("review", self.database, "--list")
        self.assertIn("Alvena | acquires | Boreal\n    \"Alvena ha acquisito Boreal.\"\n    a.txt; confidence 0.", out)
        self.assertIn("Carrow | revenue | 12e6 EUR  2024\n", out)
        self.assertIn("; below the gate of 1.00; read by fasti:common/frames.txt:", out)
        self.assertEqual(self.ask("MATCH (n) RETURN count(n)"), [[1]])  # the source
        self.assertNotIn("candidate", json.dumps(self.ask("MATCH (s:Source) RETURN properties(s)")))
        self.assertEqual(self.ask("MATCH (s:Source) RETURN s.candidate"), [[None]])
        self.assertEqual(self.fasti("check", self.database, "--deep")[0], 0)

    def test_what_is_accepted_is_a_claim_of_its_source_and_what_is_rejected_does_not_come_back(self):
        self.ingest()
        waiting = self.waiting()
        code, out, err = self.fasti("review", self.database, "--accept", waiting["acquires"], "--reject",
                                    waiting["revenue"])
        self.assertEqual((code, out, err), (0, "1 accepted, 1 rejected\n", ""))
        rows = self.ask("MATCH (a)-[f:acquires]->(b) UNWIND claims(f) AS c RETURN a.name, b.name, c.text, c.extractor")
        self.assertEqual([row[:3] for row in rows], [["Alvena", "Boreal", "Alvena ha acquisito Boreal."]])
        self.assertRegex(rows[0][3], "^fasti:.*; accepted by a person$")
        self.assertEqual(self.ask("MATCH (s:Source) RETURN count(s)"), [[1]])
        self.assertEqual(self.waiting(), {})
        for gate in ("1", "0.99"):
            self.assertIn("0 new claims", self.ingest(gate))
            self.assertEqual(self.waiting(), {})
        self.assertEqual(self.fasti("check", self.database, "--deep")[0], 0)

    def test_what_two_articles_tell_in_their_own_words_waits_no_longer(self):
        self.assertIn("2 wait for fasti review", self.ingest("0.95"))
        with open(self.article, "w", encoding="utf-8") as file:
            file.write("Boreal è stata acquisita da Alvena nel 2024. La borsa è salita.")
        self.assertIn("2 new claims: 1 new, 1 refined; 1 stored since a later article tells them", self.ingest("0.95"))
        self.assertEqual(list(self.waiting()), ["revenue"])
        rows = self.ask("MATCH ()-[f:acquires]->() UNWIND claims(f) AS c RETURN c.extractor")
        self.assertEqual([row[0].endswith("; told by other sources, too") for row in rows], [True, True])

    def test_an_article_read_again_adds_no_candidate_and_what_passes_then_waits_no_longer(self):
        self.ingest()
        first = self.waiting()
        self.ingest()
        self.assertEqual(self.waiting(), first)
        self.assertIn("2 new claims", self.ingest("0.5"))
        self.assertEqual(self.waiting(), {})

    def test_a_name_that_fits_two_entities_is_listed_and_not_guessed(self):
        facts = os.path.join(os.path.dirname(self.database), "facts.tsv")
        with open(facts, "w", encoding="utf-8") as file:
            file.write("Ada\tlives_in\tRome\t2024-01-01\t\n")
        self.assertEqual(self.fasti("load", self.database, facts)[0], 0)
        self.ask("CREATE (:City {name: 'Boreal'}), (:River {name: 'Boreal'})")
        code, out, err = self.fasti("ingest", self.database, self.article, "--lang", "it")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("not stored: 'Boreal' names 2 entities", out)
        _, out, _ = self.fasti("review", self.database)
        self.assertRegex(out, "confidence 0[.0-9]+; 'Boreal' names entities [0-9]+, [0-9]+; read by")
        waiting = self.waiting()
        self.assertEqual(list(waiting), ["acquires"])
        code, out, err = self.fasti("review", self.database, "--accept", waiting["acquires"])
        self.assertEqual((code, out), (1, ""))
        self.assertIn("'Boreal' names 2 entities; nothing was changed", err)
        self.ask("MATCH (n:River) DETACH DELETE n")
        self.assertEqual(self.fasti("review", self.database, "--accept", waiting["acquires"])[0], 0)
        self.assertEqual(self.ask("MATCH (a)-[:acquires]->(b:City) RETURN a.name"), [["Alvena"]])

    def test_a_number_that_does_not_wait_changes_nothing(self):
        self.ingest()
        waiting = self.waiting()
        code, out, err = self.fasti("review", self.database, "--accept", waiting["acquires"], "999999")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("candidate 999999: none that waits has this number; nothing was changed", err)
        self.assertEqual(self.waiting(), waiting)
        self.assertEqual(self.fasti("review", self.database + "x")[0], 1)

    def test_a_purge_of_the_source_erases_what_waits(self):
        self.ingest()
        source = self.ask("MATCH (s:Source) RETURN s.hash")[0][0]
        code, out, err = self.fasti("purge", self.database, "--source", source, "--yes")
        self.assertEqual((code, err), (0, ""), out)
        self.assertEqual(self.waiting(), {})
        for folder, _, names in os.walk(self.database):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertNotIn(b"ha acquisito", file.read(), name)

    def test_in_a_terminal_each_key_is_stored_at_once_and_ctrl_c_loses_none(self):
        self.ingest()
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(PROGRAM, [PROGRAM, "review", self.database])
        shown = b""
        for key in (b"a", b"\x03"):
            seen = len(shown)
            until = time.monotonic() + 60
            while b"uit? " not in shown[seen:]:
                self.assertLess(time.monotonic(), until, shown)
                if select.select([terminal], [], [], 1)[0]:
                    shown += os.read(terminal, 4096)
            os.write(terminal, key)
        while True:
            try:
                some = os.read(terminal, 4096)
            except OSError:  # Linux tells the end of a terminal so
                break
            if not some:
                break
            shown += some
        _, status = os.waitpid(pid, 0)
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(status), 130, shown)
        self.assertIn(b"1 accepted, 0 rejected", shown)
        self.assertEqual(list(self.waiting()), ["revenue"])


if __name__ == "__main__":
    unittest.main()
