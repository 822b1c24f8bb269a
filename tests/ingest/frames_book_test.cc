#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"
#include "tools/ingest/frames/frame.h"
#include "tools/ingest/vocabulary/vocabulary.h"

namespace fasti::ingest {
namespace {

using ::testing::HasSubstr;

class FrameBookTest : public testing::Test {
 protected:
  // The message of loading `frames` as Italian's own frames; "" if all is well.
  std::string Complaint(absl::string_view frames) {
    const std::string language = absl::StrCat(folder_.path(), "/it");
    std::filesystem::create_directory(language);
    WriteFile(language + "/frames.txt", frames);
    const auto resources = Resources::Load(folder_.path());
    if (!resources.ok()) return std::string(resources.status().message());
    const auto lexicon = Lexicon::Create(*resources, "it");
    if (!lexicon.ok()) return std::string(lexicon.status().message());
    return std::string(FrameBook::Create(*resources, "it", **lexicon).status().message());
  }

  TemporaryFolder folder_;
};

TEST_F(FrameBookTest, ComplaintsNameTheLine) {
  struct Case {
    const char* frames;
    const char* message;
  };
  const Case kCases[] = {
      {"frame owns\n  rule: {subject:org^} %own {object:org}\n", ""},
      {"frame owns\n  rule: {subject:org^} %owns {object:org}\n",
       "it/frames.txt:2: unknown class 'owns'"},
      {"frame owns\n  rule: {subject:org^} %own {object:org} !@owned\n",
       "it/frames.txt:2: unknown class 'owned'"},
      {"frame owns\n  rule: subject\n", "it/frames.txt:2: expected @class, %verb"},
      {"frame owns\n  rule: {subject:orgs} %own\n", "it/frames.txt:2: unknown type 'orgs'"},
      {"frame owns\n  rule: {subject:org^} %own:loud\n", "it/frames.txt:2: unknown voice 'loud'"},
      {"frame owns\n  rule 2: {subject:org^} %own\n", "expected a confidence in (0, 1]"},
      {"frame owns\n  take: stake stones\n", "expected 'qualifier figure', found 'stake stones'"},
      {"frame owns\n  yes: no arrow\n", "expected 'text => subject | relation | object'"},
      {"frame owns\n  no: text => fact\n", "expected a text without '=>'"},
      {"frame owns\n  maybe: x\n", "unknown field 'maybe'"},
      {"frame\n  no: x\n", "expected 'frame' and the name of a relation"},
  };
  for (const Case& c : kCases) {
    const std::string complaint = Complaint(c.frames);
    if (*c.message == '\0') {
      EXPECT_EQ(complaint, "");
    } else {
      EXPECT_THAT(complaint, HasSubstr(c.message));
    }
  }
}

// A shared rule is left out silently where a language lacks its words, so a slip in a class name
// would go unnoticed: some language must have the words of every shared rule.
TEST_F(FrameBookTest, EverySharedRuleServesSomeLanguage) {
  const auto resources = Resources::Load();
  ASSERT_TRUE(resources.ok()) << resources.status();
  std::set<std::string> served;
  for (const std::string& language : resources->languages()) {
    const auto lexicon = Lexicon::Create(*resources, language);
    ASSERT_TRUE(lexicon.ok()) << lexicon.status();
    const auto book = FrameBook::Create(*resources, language, **lexicon);
    ASSERT_TRUE(book.ok()) << book.status();
    for (const Rule& rule : book->rules) served.insert(rule.name);
  }
  for (const Record* record : resources->Records("", "frames")) {
    for (const Field& field : record->fields) {
      if (!absl::StartsWith(field.key, "rule")) continue;
      EXPECT_TRUE(served.contains(absl::StrCat(record->file, ":", field.line)))
          << record->file << ":" << field.line << ": " << field.value;
    }
  }
}

// What excludes a class that a language does not fill excludes nothing there.
TEST_F(FrameBookTest, EveryExcludedClassOfSharedRulesIsFilledBySomeLanguage) {
  const auto resources = Resources::Load();
  ASSERT_TRUE(resources.ok()) << resources.status();
  std::vector<std::unique_ptr<Lexicon>> lexicons;
  for (const std::string& language : resources->languages()) {
    auto lexicon = Lexicon::Create(*resources, language);
    ASSERT_TRUE(lexicon.ok()) << lexicon.status();
    lexicons.push_back(*std::move(lexicon));
  }
  for (const Record* record : resources->Records("", "frames")) {
    for (const Field& field : record->fields) {
      for (absl::string_view part : absl::StrSplit(field.value, ' ')) {
        const bool word = absl::ConsumePrefix(&part, "!@") || absl::ConsumePrefix(&part, "!%");
        if (!word || !absl::StartsWith(field.key, "rule")) continue;
        part = part.substr(0, part.find_first_of(":/"));
        for (absl::string_view name : absl::StrSplit(part, '|')) {
          EXPECT_TRUE(std::any_of(lexicons.begin(), lexicons.end(),
                                  [&](const auto& lexicon) {
                                    return name.empty() || lexicon->ClassOf(name) != kNoClass;
                                  }))
              << record->file << ":" << field.line << ": " << name;
        }
      }
    }
  }
}

TEST_F(FrameBookTest, EveryFrameTellsARelationOfTheVocabulary) {
  const auto resources = Resources::Load();
  ASSERT_TRUE(resources.ok()) << resources.status();
  const auto vocabulary = Vocabulary::Create(*resources);
  ASSERT_TRUE(vocabulary.ok()) << vocabulary.status();
  EXPECT_EQ(vocabulary->relations.size(), 33u);
  std::set<std::string> framed;
  for (const Record* record : resources->Records("", "frames")) {
    EXPECT_NE(vocabulary->Find(record->name), nullptr) << record->name;
    framed.insert(record->name);
  }
  for (const RelationInfo& info : vocabulary->relations) {
    EXPECT_TRUE(framed.contains(info.name)) << info.name;
  }
}

}  // namespace
}  // namespace fasti::ingest
