#include "tools/ingest/language_check.h"

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace fasti::ingest {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class LanguageCheckTest : public testing::Test {
 protected:
  void Write(absl::string_view name, absl::string_view text) {
    const std::filesystem::path path = absl::StrCat(folder_.path(), "/", name);
    std::filesystem::create_directories(path.parent_path());
    WriteFile(path.string(), text);
  }
  LanguageCheck Check(const std::string& language) {
    const auto checks = CheckLanguages(folder_.path(), {language});
    EXPECT_TRUE(checks.ok()) << checks.status();
    return checks.ok() && checks->size() == 1 ? checks->front() : LanguageCheck();
  }
  static CheckedFile File(const LanguageCheck& check, absl::string_view path) {
    for (const CheckedFile& file : check.files) {
      if (file.path == path) return file;
    }
    ADD_FAILURE() << path << " is not listed";
    return {};
  }

  TemporaryFolder folder_;
};

TEST_F(LanguageCheckTest, ExamplesAreCountedByFileWithThoseOfEveryLanguage) {
  Write("es/times.txt",
        "time year_alone\n  pattern: <year>\n  means: year\n  yes: 2019 => at 2019\n"
        "  no: casa\n");
  Write("es/frames.txt",
        "frame acquires\n  yes: Alvena ha comprado Boreal. => Alvena | acquires | Boreal\n"
        "  no: Alvena crece.\n");
  const LanguageCheck check = Check("es");
  EXPECT_THAT(check.problems, IsEmpty());
  EXPECT_EQ(File(check, "es/times.txt").examples, 1u);
  EXPECT_EQ(File(check, "es/times.txt").counter_examples, 1u);
  EXPECT_EQ(File(check, "es/frames.txt").records, 1u);
  EXPECT_EQ(File(check, "es/frames.txt").counter_examples, 1u);
  EXPECT_GT(File(check, "common/times.txt").examples, 0u);
  EXPECT_THAT(check.without_example, Contains("revenue"));
}

TEST_F(LanguageCheckTest, ExampleThatFailsIsToldWithItsLineAndWhatWasFound) {
  Write("es/frames.txt",
        "frame acquires\n  yes: Alvena ha comprado Boreal. => Boreal | acquires | Alvena\n"
        "  no: Alvena ha comprado Boreal.\n");
  const LanguageCheck check = Check("es");
  EXPECT_THAT(
      check.problems,
      ElementsAre(AllOf(StartsWith("es/frames.txt:2: 'Alvena ha comprado Boreal.': "),
                        HasSubstr("found [Alvena | acquires | Boreal]; mend")),
                  AllOf(StartsWith("es/frames.txt:3: "), HasSubstr("expected ! acquires, found"))));
  EXPECT_EQ(File(check, "es/frames.txt").failed, 2u);
}

TEST_F(LanguageCheckTest, LanguageThatCannotBeLoadedIsToldByItsFirstMistake) {
  Write("es/frames.txt", "frame acquires\n  rule: {subject:org\n");
  EXPECT_THAT(Check("es").problems, ElementsAre(StartsWith("es/frames.txt:2: ")));
  Write("es/frames.txt", "frame acquires\n  no: Alvena crece.\n");
  Write("es/times.txt", "time day\n  pattern: <day>\n  means: day\n  yes: [2025-06 x => -\n");
  EXPECT_THAT(Check("es").problems, ElementsAre(StartsWith("es/times.txt:4: ")));
}

TEST_F(LanguageCheckTest, FileThatNoStageReadsIsTold) {
  Write("es/framez.txt", "frame acquires\n");
  EXPECT_THAT(Check("es").problems,
              ElementsAre(StartsWith("es/framez.txt: no stage reads a file of this name")));
}

TEST_F(LanguageCheckTest, UnknownLanguageIsRefusedWithThoseThereAre) {
  const auto checks = CheckLanguages("", {"xx"});
  EXPECT_THAT(checks.status().message(),
              AllOf(HasSubstr("'xx'"), HasSubstr("there are: de, en, es, fr, it")));
  EXPECT_EQ(CheckLanguages(absl::StrCat(folder_.path(), "/none"), {}).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace fasti::ingest
