"""fasti merge and unmerge, as a user meets them: merge_test.py PROGRAM."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv.pop(1))
SETUP = [
    "CREATE (:Company {name: 'Facebook'})-[:ACQUIRED]->(:Company {name: 'Instagram'})",
    "CREATE (:Company {name: 'Meta'})-[:ACQUIRED]->(:Company {name: 'Scale'})",
    "CREATE (:Company {name: 'Orion'})-[:BASED_IN]->(:City {name: 'Oslo'})",
    "CREATE (:Project {name: 'orion'})",
]


class MergeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.database = os.path.join(folder.name, "news.db")
        self.ask(*SETUP)

    def fasti(self, *arguments):
        run = subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             check=False, stdin=subprocess.DEVNULL)
        return run.returncode, run.stdout, run.stderr

    def ask(self, *statements):
        """The rows of the last one."""
        lines = "".join(json.dumps({"id": i, "q": q}) + "\n" for i, q in enumerate(statements))
        run = subprocess.run([PROGRAM, "shell", self.database, "--create", "--json-lines"], input=lines, stdout=subprocess.PIPE,
                             text=True, check=True)
        replies = [json.loads(line) for line in run.stdout.splitlines()]
        for reply in replies:
            self.assertTrue(reply["ok"], reply)
        return replies[-1]["rows"]

    def merge(self, *arguments):
        code, out, err = self.fasti("merge", self.database, *arguments)
        self.assertEqual((code, err), (0, ""))
        return out

    def bought(self):
        return sorted(row[0] for row in self.ask(
            "MATCH (c:Company {name: 'Meta'})-[:ACQUIRED]->(o) RETURN o.name"))

    def test_what_is_merged_is_one_node_by_either_name_until_it_is_taken_back(self):
        self.assertEqual(self.bought(), ["Scale"])
        out = self.merge("Facebook", "meta", "--note", "renamed", "--known", "2021-10-28")
        self.assertRegex(out, r"\d+ Facebook and \d+ Meta are one, known since 2021-10-28T00:00:00Z; "
                              "take it back with: fasti unmerge ")
        self.assertEqual(self.bought(), ["Instagram", "Scale"])
        self.assertEqual(self.ask("MATCH (c:Company)-[:ACQUIRED]->() RETURN count(DISTINCT c)"), [[1]])
        self.assertEqual(self.ask("MATCH (c {name: 'Facebook'}) UNWIND merged(c) AS m RETURN m.name ORDER BY m.id"),
                         [["Facebook"], ["Meta"]])
        self.assertEqual(self.ask("MERGE (c:Company {name: 'Facebook'}) RETURN size(merged(c))"), [[2]])
        self.assertEqual(self.ask("MATCH (c:Company) AS OF @2021-10-27 WHERE c.name IN ['Facebook', 'Meta'] "
                                  "RETURN count(*)"), [[2]])
        self.assertRegex(self.merge("--list"), r"Facebook = \d+ Meta, known since 2021-10-28.*: renamed\n1 merge\n")
        code, out, err = self.fasti("unmerge", self.database, "Meta", "Facebook")
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"taken back; \d+ Meta and \d+ Facebook are two\n")
        self.assertEqual(self.bought(), ["Scale"])
        self.assertEqual(self.merge("--list"), "0 merges\n")

    def test_a_name_of_several_entities_is_refused_and_they_are_told_apart(self):
        code, out, err = self.fasti("merge", self.database, "Orion", "Scale")
        self.assertEqual((code, out), (1, ""))
        self.assertRegex(err, r"'Orion' meets 2 entities; name the one by its number, as id:\d+\n"
                              r"  \d+  Orion \(Company\); BASED_IN Oslo\n  \d+  orion \(Project\)\n")
        out = self.merge("--candidates")
        self.assertRegex(out, r"'Orion' meets 2 entities\n  (\d+)  Orion")
        self.assertTrue(out.endswith("1 name meets several entities\n"), out)
        numbers = re.findall(r"(?m)^  (\d+)  ", out)
        self.merge("id:" + numbers[0], numbers[1])
        self.assertTrue(self.merge("--candidates").endswith("0 names meet several entities\n"))

    def test_what_makes_no_sense_is_refused_with_a_reason_and_changes_nothing(self):
        for arguments, reason in ((("Facebook", "Nobody"), "no entity has the name 'Nobody'"),
                                  (("Facebook", "id:4711"), "no entity has the number 4711"),
                                  (("Facebook", "facebook"), "are both entity"),
                                  (("Facebook", "id:x"), "no entity has the name 'id:x'"),
                                  (("Facebook", "Meta", "--known", "soon"), "--known: expected a day")):
            code, out, err = self.fasti("merge", self.database, *arguments)
            self.assertEqual((code, out), (1, ""))
            self.assertIn(reason, err)
        self.assertEqual(self.fasti("merge", self.database, "Facebook")[0], 2)
        self.assertIn("nothing was changed", self.merge("Facebook", "Meta", "--dry-run"))
        code, _, err = self.fasti("unmerge", self.database, "Facebook", "Meta")
        self.assertEqual(code, 1)
        self.assertIn("nobody stated that", err)
        code, _, err = self.fasti("unmerge", self.database, "Meta", "META")
        self.assertEqual(code, 1)
        self.assertIn("are both entity", err)
        self.assertEqual(self.merge("--list"), "0 merges\n")

    def test_who_is_one_by_way_of_others_is_told_so(self):
        self.merge("Facebook", "Meta")
        self.merge("Meta", "Scale")
        code, _, err = self.fasti("merge", self.database, "Facebook", "Scale")
        self.assertEqual(code, 1)
        self.assertIn("are one already:\n", err)
        code, _, err = self.fasti("unmerge", self.database, "Facebook", "Scale")
        self.assertEqual(code, 1)
        self.assertIn("take back one of these:\n", err)
        self.assertEqual(len(re.findall(" = ", err)), 2)


if __name__ == "__main__":
    unittest.main()
