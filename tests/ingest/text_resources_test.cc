#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"
#include "tools/ingest/text/resources.h"

#include <filesystem>
#include <fstream>

namespace fasti::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(ResourcesTest, RecordHasKindNameAndFieldsInOrder) {
  const auto records = ParseRecords(
      "# comment\n"
      "month 1: gennaio, gen\n"
      "\n"
      "rule day month\n"
      "  pattern: <day> <month>: x\n"
      "  yes: a => b\n"
      "  yes: c\n"
      "elision: l'\n",
      "it/time.txt");
  ASSERT_TRUE(records.ok()) << records.status();
  ASSERT_EQ(records->size(), 3u);
  EXPECT_EQ((*records)[0].kind, "month");
  EXPECT_EQ((*records)[0].name, "1");
  EXPECT_THAT((*records)[0].List("words"), ElementsAre("gennaio", "gen"));
  EXPECT_EQ((*records)[1].name, "day month");
  EXPECT_EQ((*records)[1].Get("pattern"), "<day> <month>: x");
  EXPECT_THAT((*records)[1].GetAll("yes"), ElementsAre("a => b", "c"));
  EXPECT_EQ((*records)[2].kind, "elision");
  EXPECT_EQ((*records)[2].name, "");
  EXPECT_EQ((*records)[2].line, 8);
}

TEST(ResourcesTest, EscapedCommaIsPartOfAListItem) {
  EXPECT_THAT(SplitList("a\\,b, c ,,d"), ElementsAre("a,b", "c", "d"));
  EXPECT_THAT(SplitList(" "), IsEmpty());
}

TEST(ResourcesTest, ComplaintsNameFileAndLine) {
  EXPECT_THAT(ParseRecords("month 1\n  words\n", "it/time.txt").status().message(),
              HasSubstr("it/time.txt:2: expected 'key: value'"));
  EXPECT_THAT(ParseRecords("  words: a\n", "it/time.txt").status().message(),
              HasSubstr("it/time.txt:1: expected a record"));
}

TEST(ResourcesTest, CompiledInLanguagesAreThere) {
  const auto resources = Resources::Load();
  ASSERT_TRUE(resources.ok()) << resources.status();
  EXPECT_THAT(resources->languages(), ::testing::IsSupersetOf({"en", "fr", "it"}));
  EXPECT_TRUE(resources->HasLanguage("it"));
  EXPECT_FALSE(resources->HasLanguage("xx"));
  EXPECT_FALSE(resources->HasLanguage("i"));
  EXPECT_FALSE(resources->HasLanguage(kCommon));
}

TEST(ResourcesTest, FolderAddsLanguagesAndReplacesFiles) {
  namespace fs = std::filesystem;
  const TemporaryFolder folder;
  const fs::path root = folder.path();
  fs::create_directories(root / "xx");
  fs::create_directories(root / "it");
  std::ofstream(root / "xx" / "text.txt") << "starter: foo\n";
  std::ofstream(root / "it" / "text.txt") << "starter: bar\n";
  const auto resources = Resources::Load(root.string());
  ASSERT_TRUE(resources.ok()) << resources.status();
  EXPECT_TRUE(resources->HasLanguage("xx"));
  const auto records = resources->Records("it", "text");
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0]->Get("words"), "bar");
}

TEST(ResourcesTest, MissingFolderIsNotFound) {
  EXPECT_EQ(Resources::Load("/no/such/folder").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace fasti::ingest
