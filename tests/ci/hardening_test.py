"""What the compiler and the linker were asked for must be in the program: a flag that is dropped
without a word would be missed by no other test.

    hardening_test.py PROGRAM SOURCES
"""
import os
import re
import subprocess
import sys
import unittest

PROGRAM, SOURCES = sys.argv[1:3]

# They write without a bound, read numbers without an error, or start a shell.
FORBIDDEN = ["strcpy", "strcat", "sprintf", "vsprintf", "gets", "scanf", "sscanf", "atoi", "atol", "atoll", "atof",
             "strtok", "tmpnam", "tempnam", "mktemp", "system", "popen", "alloca"]
FOLDERS = ["engine", "query", "tools"]


def readelf(*options):
    return subprocess.run(["readelf", "-W", *options, PROGRAM], check=True, capture_output=True, text=True).stdout


class Hardening(unittest.TestCase):
    def test_the_program_lies_where_the_system_puts_it(self):
        self.assertRegex(readelf("-h"), r"Type: +DYN ")
        self.assertRegex(readelf("-d"), r"FLAGS_1.* PIE")

    def test_tables_of_the_linker_are_read_only_before_main(self):
        self.assertIn("GNU_RELRO", readelf("-l"))
        self.assertRegex(readelf("-d"), r"\(FLAGS\).*BIND_NOW")

    def test_the_stack_is_guarded_and_not_executable(self):
        self.assertRegex(readelf("-l"), r"GNU_STACK +(0x0+ +){3}0x0+ +0x0+ +RW ")
        self.assertIn("__stack_chk_fail", self.imports())

    def test_calls_that_write_memory_know_its_size(self):
        self.assertTrue(any(name.endswith("_chk") and name != "__stack_chk_fail" for name in self.imports()))

    def test_containers_of_the_library_check_their_bounds(self):
        self.assertTrue(any("glibcxx_assert_fail" in name for name in self.imports()))

    def test_libraries_come_from_the_system(self):
        self.assertNotRegex(readelf("-d"), r"\((RPATH|RUNPATH)\)")

    def test_no_function_without_a_bound_is_called(self):
        self.assertEqual(self.imports() & set(FORBIDDEN), set())
        call = re.compile(r"(?<![\w.>:])(?:std::|::)?(%s)\(" % "|".join(FORBIDDEN))
        for folder in FOLDERS:
            for parent, _, names in os.walk(os.path.join(SOURCES, folder)):
                for name in names:
                    if not name.endswith((".h", ".cc")):
                        continue
                    path = os.path.join(parent, name)
                    with open(path, encoding="utf-8") as source:
                        for number, line in enumerate(source, 1):
                            self.assertIsNone(call.search(line), "%s:%d" % (path, number))

    @staticmethod
    def imports():
        symbols = readelf("--dyn-syms")
        return {match.group(1) for match in re.finditer(r" UND (\w+)", symbols)}


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
