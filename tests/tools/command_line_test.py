"""The subcommands of fasti, run as a user runs them: command_line_test.py PROGRAM."""
import glob
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1) if len(sys.argv) > 1 else "build/fasti"

FACTS = """Meta\tinvests_in\tScale AI\t2025-06-12\t2025-06-13
Meta\tinvests_in\tAnthropic\t2024-03-01\t2024-03-02
Ada\tworks_at\tMeta\t2024-01-01\t
"""


def fasti(*arguments, given=""):
    run = subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                         input=given)
    return run.returncode, run.stdout, run.stderr


class CommandLineTest(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.database = os.path.join(self._folder.name, "news.db")

    def load(self, text=FACTS, *options):
        path = os.path.join(self._folder.name, "facts.tsv")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return fasti("load", self.database, path, "--quiet", *options)

    def test_stats_tell_rows_and_the_bytes_of_every_order(self):
        self.assertEqual(self.load()[0], 0)
        code, out, err = fasti("stats", self.database)
        self.assertEqual((code, err), (0, ""))
        figures = dict(line.split()[:2] for line in out.splitlines())
        self.assertEqual(figures["rows"], "11")  # three facts; four entities with a name each
        for order in ("out", "in", "rel", "id"):
            self.assertGreater(int(figures["bytes_post_" + order].replace(",", "")), 0)

    def test_stats_tell_of_each_relation_its_facts_ends_and_months(self):
        self.load()
        code, out, _ = fasti("stats", self.database, "--relations")
        self.assertEqual(code, 0)
        lines = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line}
        self.assertEqual(lines["invests_in"], ["2", "1", "2", "2024-03", "2025-06", "2024-03"])
        self.assertEqual(lines["works_at"], ["1", "1", "1", "2024-01", "2024-01", "2024-01"])
        self.assertEqual(lines[".name"], ["4", "4", "4", "-", "-", "-"])

    def test_check_finds_a_sound_database_sound(self):
        self.load()
        for depth, said in (((), "quick check: no damage found in the files of 11 rows"),
                            (("--deep",), "deep check: no damage found in 11 rows")):
            code, out, err = fasti("check", self.database, *depth)
            self.assertEqual((code, err), (0, ""))
            self.assertIn(said, out)

    def test_check_finds_a_flipped_byte_wherever_it_is_in_a_table(self):
        self.load()
        for path in glob.glob(os.path.join(self.database, "*.sst")):
            with open(path, "rb") as f:
                sound = f.read()
            for place in range(0, len(sound), max(1, len(sound) // 5)):
                with open(path, "wb") as f:
                    f.write(sound[:place] + bytes([sound[place] ^ 4]) + sound[place + 1:])
                for depth in ((), ("--deep",)):
                    code, out, err = fasti("check", self.database, *depth)
                    self.assertEqual(code, 1, "%s, byte %d: %s" % (path, place, out))
                    self.assertTrue(err.startswith("fasti: "), err)
            with open(path, "wb") as f:
                f.write(sound)
        self.assertEqual(fasti("check", self.database, "--deep")[0], 0)

    def test_a_backup_is_listed_verified_and_restored_beside_an_open_database(self):
        backups, restored = (os.path.join(self._folder.name, name) for name in ("backups", "restored.db"))
        self.load()
        shell = subprocess.Popen([PROGRAM, "shell", self.database, "--json-lines"], stdin=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL)
        self.addCleanup(shell.wait)
        self.addCleanup(shell.stdin.close)
        code, out, err = fasti("backup", self.database, backups)
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"made backup 1 in .*: commit \d+ of 20..-..-..T..:..:..Z, \d+\.\d MiB, checked")
        self.assertEqual(fasti("backup", self.database, backups, "--quiet"), (0, "", ""))
        code, out, err = fasti("backup", "--list", backups)
        self.assertEqual((code, err, len(out.splitlines())), (0, "", 3))
        self.assertEqual(fasti("backup", "--verify", backups)[0::2], (0, ""))
        code, out, err = fasti("restore", backups, restored, "--number", "1")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("restored backup 1 to " + restored, out)
        self.assertIn("no damage found in 11 rows", fasti("check", restored, "--deep")[1])
        code, out, err = fasti("restore", backups, restored)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("there is something already; restore to a new path", err)

    def test_a_backup_keeps_the_newest_only_if_told_so(self):
        backups = os.path.join(self._folder.name, "backups")
        self.load()
        for options in ((), (), ("--keep", "2"), ("--keep", "9")):
            self.assertEqual(fasti("backup", self.database, backups, "--quiet", *options), (0, "", ""))
        _, out, _ = fasti("backup", "--list", backups)
        self.assertEqual([line.split()[0] for line in out.splitlines()], ["number", "2", "3", "4"])
        self.assertEqual(fasti("backup", self.database, backups, "--keep", "0")[0], 2)
        self.assertEqual(fasti("backup", "--list", backups, "--keep", "1")[0], 2)

    def test_what_is_rejected_is_counted_and_written_down_and_the_rest_loaded(self):
        rejects = os.path.join(self._folder.name, "rejects")
        path = os.path.join(self._folder.name, "facts.tsv")
        code, out, err = self.load(FACTS + "only\n" + "a\tr\tb\t2014-02-30\t\n", "--rejects", rejects)
        self.assertEqual(code, 3)
        self.assertTrue(out.startswith("5 lines read: 3 facts loaded, 2 rejected (see %s); " % rejects), out)
        self.assertEqual([line.split(": ")[1] for line in err.splitlines()], ["%s:4" % path, "%s:5" % path])
        with open(rejects, encoding="utf-8") as f:
            lines = f.read().splitlines()
        self.assertEqual([line.split("\t", 2)[::2] for line in lines],
                         [["%s:4" % path, "only"], ["%s:5" % path, "a\tr\tb\t2014-02-30\t"]])
        self.assertIn("expected 5 columns, found 1", lines[0])

    def test_a_strict_load_is_refused_by_its_first_bad_line(self):
        code, out, err = self.load(FACTS + "only\n", "--strict")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("facts.tsv:4: expected 5 columns, found 1; nothing was loaded", err)
        self.assertIn("no damage found in 0 rows", fasti("check", self.database, "--deep")[1])

    def test_articles_that_are_none_are_written_down_and_the_rest_ingested(self):
        rejects, articles, missing = (
            os.path.join(self._folder.name, name) for name in ("rejects", "articles.jsonl", "missing.txt"))
        with open(articles, "w", encoding="utf-8") as f:
            f.write('{"text": "Meta acquired Scale AI in June 2025.", "lang": "en"}\n{"text": 3}\n')
        command = ("ingest", self.database, articles, missing, "--rejects", rejects)
        for claims in ("1 new claims", "0 new claims"):  # run again, it adds nothing
            code, out, err = fasti(*command)
            self.assertEqual(code, 3, err)
            self.assertIn("3 articles read: 1 taken, 2 rejected; 1 facts, " + claims, out)
            with open(rejects, encoding="utf-8") as f:
                self.assertEqual(f.read(), "%s:2\tfield 'text': expected a string\t{\"text\": 3}\n"
                                           "%s\tno such file\t\n" % (articles, missing))

    def test_articles_are_found_in_folders_compressed_or_not(self):
        folder = os.path.join(self._folder.name, "archive")
        os.makedirs(os.path.join(folder, "2025"))
        os.makedirs(os.path.join(folder, ".hidden"))
        for name in ("2025/a.txt.gz", "b.TXT", ".hidden/c.txt", ".d.txt", "e.pdf"):
            opened = gzip.open if name.endswith(".gz") else open
            with opened(os.path.join(folder, name), "wt", encoding="utf-8") as f:
                f.write("Alvena has acquired Boreal.")
        code, out, err = fasti("ingest", self.database, folder, os.path.join(folder, "b.TXT"), "--lang", "en")
        self.assertEqual(code, 0, err)
        self.assertIn("b.TXT: given twice, read once", err)
        self.assertEqual([line.split()[0] for line in out.splitlines()], ["a.txt", "b.TXT", "2"])

        with open(os.path.join(folder, "2025/a.txt.gz"), "r+b") as f:
            f.truncate(25)
        code, out, err = fasti("ingest", self.database, folder, "--lang", "en")
        self.assertEqual(code, 3)
        self.assertIn("a.txt.gz: this gzip file ends too soon", err)
        code, out, err = fasti("ingest", self.database, os.path.join(folder, ".hidden", "none"), "--lang", "en")
        self.assertEqual(code, 1)

    def test_an_article_in_the_place_of_the_database_is_refused_not_passed_over(self):
        article = os.path.join(self._folder.name, "a.txt")
        with open(article, "w", encoding="utf-8") as f:
            f.write("Alvena has acquired Boreal.")
        for trial in ((), ("--dry-run",)):
            code, out, err = fasti("ingest", article, article, *trial)
            self.assertEqual((code, out), (2, ""))
            self.assertIn("a.txt is a file; the first argument is the directory of the database", err)

    def test_standard_input_is_read_as_what_it_begins_like(self):
        for text, name in (("Alvena has acquired Boreal.", "stdin"),
                           ("<html><body><p>Alvena has acquired Boreal.</p></body></html>", "stdin"),
                           ('{"text": "Alvena has acquired Boreal."}', "stdin:1")):
            code, out, err = fasti("ingest", self.database, "-", "--lang", "en", "--dry-run", given=text)
            self.assertEqual((code, err), (0, ""))
            self.assertIn(name + "  en  1 facts", out)

    def test_how_many_articles_are_read_at_once_changes_nothing(self):
        lines = "".join('{"text": "Alvena %d has acquired Boreal %d in 2024."}\n' % (i % 7, i % 5) for i in range(60))
        dumps = []
        for jobs in ("1", "3"):
            dump = os.path.join(self._folder.name, "dump" + jobs)
            code, out, err = fasti("ingest", self.database + jobs, "-", "--lang", "en", "--jobs", jobs, "--dump", dump,
                                   given=lines)
            self.assertEqual((code, err), (0, ""))
            with open(dump, encoding="utf-8") as f:
                dumps.append((f.read(), out.splitlines()[-1]))
        self.assertEqual(dumps[0], dumps[1])
        self.assertIn("60 taken", dumps[0][1])

    def test_language_files_are_checked_and_what_fails_is_told_with_its_line(self):
        code, out, err = fasti("ingest", "--check-lang", "es", "de")
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"(?m)^de: all is well$")
        self.assertRegex(out, r"(?m)^  es/frames.txt +\d+ records, \d+ examples, \d+ counter-examples$")
        self.assertRegex(out, r"(?m)^2 languages checked, \d+ examples run, 0 problems$")
        folder = os.path.join(self._folder.name, "languages")
        os.makedirs(os.path.join(folder, "es"))
        with open(os.path.join(folder, "es", "frames.txt"), "w", encoding="utf-8") as f:
            f.write("frame acquires\n  no: Alvena ha comprado Boreal.\n")
        code, out, err = fasti("ingest", "--lang-folder", folder, "--check-lang", "es")
        self.assertEqual(code, 1)
        self.assertRegex(err, r"^fasti: es: es/frames.txt:2: .*; mend .*\n$")
        self.assertEqual(fasti("ingest", "--check-lang", "xx")[0], 1)
        self.assertEqual(fasti("ingest", self.database)[0], 2)

    def test_a_language_is_added_by_files_alone(self):
        # docs/extraction.md teaches by them; the program itself knows no Portuguese
        folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "lang")
        code, out, err = fasti("ingest", "--check-lang", "pt", "--lang-folder", folder)
        self.assertEqual((code, err), (0, ""))
        for untried in re.findall(r"rules without an? (?:counter-)?example: (.*)", out):
            self.assertFalse({"acquires", "founded_by", "holds_role", "raises_funding", "revenue"}
                             & set(untried.split(", ")), out)
        article, dump = (os.path.join(self._folder.name, name) for name in ("a.txt", "dump.jsonl"))
        with open(article, "w", encoding="utf-8") as f:
            f.write("A Alvena, fundada em Lisboa por Carlos Bermejo, anunciou em 12 de junho de 2025 a aquisição da "
                    "Boreal por cerca de 20 milhões de euros. A empresa faturou 80 milhões de euros em 2024. "
                    "Segundo Helena Prado, diretora financeira da Alvena, o lucro cresceu.")
        code, out, err = fasti("ingest", self.database, article, "--lang-folder", folder, "--dry-run", "--dump", dump)
        self.assertEqual((code, err), (0, ""))
        self.assertIn("a.txt  pt  4 facts", out)  # told by itself
        with open(dump, encoding="utf-8") as f:
            facts = [json.loads(line) for line in f]
        self.assertEqual(
            sorted((fact["subject"], fact["relation"], fact["object"] or fact["value"]["lo"], fact["valid"]["from"])
                   for fact in facts),
            [("Alvena", "acquires", "Boreal", "2025-06-12"), ("Alvena", "founded_by", "Carlos Bermejo", None),
             ("Alvena", "revenue", 80000000, "2024"), ("Helena Prado", "holds_role", "Alvena", None)])

    def test_a_load_that_is_repeated_adds_nothing_unless_told_to(self):
        self.assertEqual(self.load(), (0, "", ""))
        code, out, err = self.load()
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"^3 lines read, 0 rejected: already loaded at commit 11 on "
                              r"20..-..-..T..:..:..Z; --again loads it once more$")
        with open(os.path.join(self._folder.name, "facts.tsv"), encoding="utf-8") as f:
            run = subprocess.run([PROGRAM, "load", self.database, "-"], stdin=f, stdout=subprocess.PIPE, text=True,
                                 check=False)
        self.assertEqual(run.returncode, 0)
        self.assertIn("already loaded at commit 11", run.stdout)
        self.assertIn("in 11 rows", fasti("check", self.database, "--deep")[1])
        self.assertEqual(self.load(FACTS, "--again"), (0, "", ""))
        self.assertIn("in 14 rows", fasti("check", self.database, "--deep")[1])

    def test_a_damaged_backup_is_named_and_not_restored(self):
        backups, restored = (os.path.join(self._folder.name, name) for name in ("backups", "restored.db"))
        self.load()
        fasti("backup", self.database, backups, "--quiet")
        table = sorted(glob.glob(os.path.join(backups, "shared_checksum", "*.sst")))[0]
        with open(table, "r+b") as f:
            f.seek(100)
            byte = f.read(1)
            f.seek(100)
            f.write(bytes([byte[0] ^ 1]))
        for arguments in (("backup", "--verify", backups), ("restore", backups, restored)):
            code, out, err = fasti(*arguments)
            self.assertEqual((code, out), (1, ""))
            self.assertIn(os.path.basename(table), err)
            self.assertIn("take another backup", err)
        self.assertFalse(os.path.exists(restored))

    def test_of_a_sound_database_salvage_loses_nothing(self):
        made = os.path.join(self._folder.name, "made.db")
        self.load()
        code, out, err = fasti("salvage", self.database, made)
        self.assertEqual((code, err), (0, ""))
        self.assertIn("saved 11 rows, 4 values, 0 claims, 0 texts; checked\nnothing is lost", out)
        self.assertIn("no damage found in 11 rows", fasti("check", made, "--deep")[1])
        code, out, err = fasti("salvage", self.database, made)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("there is something already; salvage to a new path", err)

    def test_of_a_damaged_database_salvage_saves_the_rest_and_lists_what_is_lost(self):
        self.load()
        for number, path in enumerate(sorted(glob.glob(os.path.join(self.database, "*.sst")))):
            with open(path, "rb") as f:
                sound = f.read()
            os.remove(path)
            made = os.path.join(self._folder.name, "made%d.db" % number)
            code, out, err = fasti("salvage", self.database, made)
            self.assertEqual(code, 3, out + err)
            self.assertIn("lost: %s: " % os.path.basename(path), err)
            self.assertEqual(fasti("check", made, "--deep")[0], 0)
            with open(path, "wb") as f:
                f.write(sound)

    def test_a_purge_counts_asks_and_erases(self):
        self.load()
        code, out, err = fasti("purge", self.database, "--entity", "Ada", "--dry-run")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("to be erased: 3 rows, 0 claims, 1 values, 0 texts, 1 relations\nnothing was changed", out)
        self.assertEqual(fasti("purge", self.database, "--entity", "Ada")[0], 2)  # nobody to be asked
        code, out, err = fasti("purge", self.database, "--entity", "Ada", "--yes")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("backups made before still hold it", out)
        self.assertIn("no damage found in 8 rows", fasti("check", self.database, "--deep")[1])
        figures = dict(line.split()[:2] for line in fasti("stats", self.database)[1].splitlines())
        self.assertEqual((figures["purges"], figures["purged_versions"]), ("1", "3"))
        code, out, err = fasti("purge", self.database, "--entity", "Ada", "--yes")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("no entity is named 'Ada'", err)
        self.assertEqual(fasti("purge", self.database, "--yes")[0], 2)

    def test_a_backup_needs_a_database_and_a_folder_or_what_to_do_with_one(self):
        self.assertEqual(fasti("backup", self.database)[0], 2)
        self.assertEqual(fasti("backup", "--list", "a", "--verify", "b")[0], 2)
        self.assertEqual(fasti("restore", "a")[0], 2)

    def test_what_is_no_database_is_told_in_one_line_and_not_created(self):
        for command in ("check", "stats"):
            code, out, err = fasti(command, self.database)
            self.assertEqual((code, out, err.count("\n")), (1, "", 1), err)
            self.assertFalse(os.path.exists(self.database))

    def test_rejected_lines_end_in_their_own_exit_code(self):
        code, _, err = self.load(FACTS + "Meta\tinvests_in\tScale AI\t2025-13-01\t\n")
        self.assertEqual(code, 3, err)
        self.assertIn("facts.tsv:4", err)

    def test_a_command_line_that_does_not_fit_is_a_usage_error(self):
        for arguments in ((), ("stats",), ("check", self.database, "--fix"), ("fly",)):
            code, out, err = fasti(*arguments)
            self.assertEqual((code, out), (2, ""), arguments)
            self.assertRegex(err, "^fasti: ", arguments)

    def test_every_command_has_help(self):
        _, out, _ = fasti("--help")
        for command in ("ingest", "review", "merge", "unmerge", "load", "shell", "check", "stats", "salvage", "purge"):
            self.assertIn(command, out)
            self.assertEqual(fasti(command, "--help")[0], 0)


if __name__ == "__main__":
    unittest.main()
