#include "tools/transfer/load_facts.h"

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/corpora.h"
#include "tests/support/files.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"
#include "tools/transfer/line_blocks.h"

namespace fasti::transfer {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

size_t CountFacts(const Snapshot& snapshot, absl::string_view relation) {
  const auto cursor = *snapshot.Scan({.relations = {snapshot.FindRelation(relation)->id}});
  std::vector<Fact> facts(256);
  for (size_t count = 0;;) {
    const size_t n = *cursor->Next(absl::MakeSpan(facts));
    if (n == 0) return count;
    count += n;
  }
}

class LoadFactsTest : public ::testing::Test {
 protected:
  LoadFactsTest() { options_.rejects = folder_.File("rejects"); }

  std::string File(absl::string_view name, absl::string_view text) {
    const std::string path = folder_.File(name);
    WriteFile(path, text);
    return path;
  }
  size_t EntitiesStored() const { return database_->GetSnapshot()->AllEntities()->size(); }

  TemporaryFolder folder_;
  LoadOptions options_;
  std::unique_ptr<Database> database_ = *Database::Open(":memory:", {});
};

TEST_F(LoadFactsTest, GoodAndRejectedLinesTogetherAreThoseRead) {
  // Some megabytes, so that several threads have blocks at once, with a bad line now and then.
  constexpr int kLines = 60'000;
  std::string text;
  std::vector<std::string> bad;
  const std::string path = folder_.File("facts.tsv");
  for (int i = 0; i < kLines; ++i) {
    if (i % 977 == 5) {
      const std::string line = i % 2 == 0 ? absl::StrCat("only ", i) : "a\tr\t\t2014\t2015";
      absl::StrAppend(&text, line, "\n");
      bad.push_back(absl::StrCat(path, ":", i + 1, "\t"));
    } else {
      absl::StrAppend(&text, "entity number ", i % 5000, "\tr\tentity number ", i % 77,
                      "\t2014-01-01\t2014-01-02", i % 3 == 0 ? "\r\n" : "\n");
    }
  }
  text.pop_back();  // the last line may lack its newline
  WriteFile(path, text);
  options_.jobs = 3;
  const auto summary = LoadFacts(*database_, {path}, options_);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->lines, kLines);
  EXPECT_EQ(summary->rejected, bad.size());
  EXPECT_EQ(summary->loaded.facts, kLines - bad.size());
  EXPECT_EQ(EntitiesStored(), 5000);
  std::vector<std::string> rejects = absl::StrSplit(ReadFile(options_.rejects), '\n');
  ASSERT_EQ(rejects.size(), bad.size() + 1);
  for (size_t i = 0; i < bad.size(); ++i) {
    EXPECT_EQ(rejects[i].substr(0, bad[i].size()), bad[i]);
    EXPECT_THAT(rejects[i], HasSubstr("expected"));
  }
  EXPECT_THAT(*database_->Check(), IsEmpty());
}

TEST_F(LoadFactsTest, LineNumbersBeginAnewInEachFile) {
  const std::string first = File("1", "a\tr\tb\t2014\t\nbad\n");
  const std::string second = File("2",
                                  "\xEF\xBB\xBF"
                                  "c\tr\td\t2014\t\n\nbad\n");
  const auto summary = LoadFacts(*database_, {first, second}, options_);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_THAT(summary->first_rejects,
              ::testing::ElementsAre(absl::StrCat(first, ":2: expected 5 columns, found 1"),
                                     absl::StrCat(second, ":2: expected 5 columns, found 1"),
                                     absl::StrCat(second, ":3: expected 5 columns, found 1")));
  EXPECT_EQ(summary->loaded.facts, 2);
  EXPECT_THAT(*database_->GetSnapshot()->EntitiesNamed("c"), SizeIs(1));
}

TEST_F(LoadFactsTest, StrictStoresNothingIfThereIsABadLine) {
  options_.is_strict = true;
  const std::string path = File("1", "a\tr\tb\t2014\t\nbad\n");
  const auto summary = LoadFacts(*database_, {path}, options_);
  EXPECT_TRUE(absl::IsInvalidArgument(summary.status()));
  EXPECT_THAT(std::string(summary.status().message()), HasSubstr(":2: expected 5 columns"));
  EXPECT_EQ(EntitiesStored(), 0);
}

TEST_F(LoadFactsTest, TheSameLinesAreLoadedOnceHoweverTheyAreCutIntoFiles) {
  const std::string one = "a\tr\tb\t2014\t\n", two = "c\tr\td\t2014\t2015";
  const auto first = LoadFacts(*database_, {File("1", one + two)}, options_);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_FALSE(first->loaded.repeated);
  const auto load = [&](const std::vector<std::string>& files) {
    const auto summary = LoadFacts(*database_, files, options_);
    EXPECT_TRUE(summary.ok()) << summary.status();
    return summary->loaded;
  };
  // With a newline at the end, in two files, and with a mark that says nothing.
  for (const std::vector<std::string>& files :
       {std::vector<std::string>{File("1", one + two + "\n")},
        {File("2", one), File("empty", ""), File("3", two)},
        {File("4", "\xEF\xBB\xBF" + one + two)}}) {
    const BulkLoadSummary loaded = load(files);
    EXPECT_TRUE(loaded.repeated);
    EXPECT_EQ(loaded.sequence, first->loaded.sequence);
    EXPECT_EQ(loaded.facts, 0);
  }
  // Other lines, another order, and what means another thing.
  EXPECT_FALSE(load({File("5", two + "\n" + one)}).repeated);
  EXPECT_FALSE(load({File("6", one + two + "\n\n")}).repeated);
  options_.empty_end = EmptyEnd::kEvent;
  EXPECT_FALSE(load({File("1", one + two)}).repeated);
  options_.bulk.names = NameMatching::kFolded;
  EXPECT_FALSE(load({File("1", one + two)}).repeated);
  options_.again = true;
  EXPECT_FALSE(load({File("1", one + two)}).repeated);
  options_.again = false;
  EXPECT_TRUE(load({File("1", one + two)}).repeated);
}

TEST_F(LoadFactsTest, TheBatchIsTheSameForEveryNumberOfThreads) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) absl::StrAppend(&text, "entity ", i % 100, "\tr\tb\t2014\t\n");
  const std::string path = File("1", text);
  for (const int jobs : {1, 3, 2}) {
    options_.jobs = jobs;
    const auto summary = LoadFacts(*database_, {path}, options_);
    ASSERT_TRUE(summary.ok()) << summary.status();
    EXPECT_EQ(summary->loaded.repeated, jobs > 1);
  }
}

TEST_F(LoadFactsTest, KilledAtAnyStageItIsLoadedExactlyOnceByTheNextAttempt) {
  std::string text;
  for (int i = 0; i < 500; ++i) absl::StrAppend(&text, "entity ", i, "\tr\tb\t2014\t\n");
  const std::string path = File("facts.tsv", text);
  // Where it is killed, and whether it was committed by then.
  for (const auto& [stage, is_committed] :
       std::vector<std::pair<std::string, bool>>{{"reading", false},
                                                 {"merging", false},
                                                 {"writing", false},
                                                 {"done", true},
                                                 {"told", true}}) {
    SCOPED_TRACE(stage);
    const std::string database_path = folder_.File(stage);
    const auto end = RunProgram({FASTI_LOAD_KILLED_CHILD, database_path, path, stage});
    ASSERT_TRUE(end.ok()) << end.status();
    ASSERT_EQ(end->signal, SIGKILL) << end->exit_code;
    for (const bool is_first : {true, false}) {
      const auto database = *Database::Open(database_path, {});
      const auto summary = LoadFacts(*database, {path}, options_);
      ASSERT_TRUE(summary.ok()) << summary.status();
      EXPECT_EQ(summary->loaded.repeated, is_committed || !is_first);
      const auto snapshot = database->GetSnapshot();
      EXPECT_THAT(*snapshot->AllEntities(), SizeIs(501));
      EXPECT_EQ(CountFacts(*snapshot, "r"), 500);
      EXPECT_THAT(*database->Check(), IsEmpty());
    }
  }
}

TEST_F(LoadFactsTest, InterruptedItStoresNothing) {
  int asked = 0;
  options_.jobs = 1;
  options_.should_stop = [&asked] { return ++asked > 1; };
  const std::string path = File("1", "a\tr\tb\t2014\t\n");
  EXPECT_TRUE(absl::IsCancelled(LoadFacts(*database_, {path}, options_).status()));
  EXPECT_EQ(EntitiesStored(), 0);
  EXPECT_FALSE(std::filesystem::exists(options_.rejects));
}

TEST_F(LoadFactsTest, FilesThatCannotBeReadAreToldByName) {
  const auto missing = LoadFacts(*database_, {folder_.File("nothing")}, options_);
  EXPECT_TRUE(absl::IsNotFound(missing.status()));
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr("nothing"));
  const auto folder = LoadFacts(*database_, {folder_.path()}, options_);
  EXPECT_TRUE(absl::IsUnavailable(folder.status())) << folder.status();
  // A gzip header with nothing sound behind it.
  const std::string damaged =
      File("damaged.gz", absl::string_view("\x1f\x8b\x08\0\0\0\0\0\0\3xxxx", 14));
  const auto status = LoadFacts(*database_, {damaged}, options_).status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_EQ(EntitiesStored(), 0);
}

TEST_F(LoadFactsTest, AnEndlessLineIsRejectedAndTheOthersAreLoaded) {
  const std::string good = "a\tr\tb\t2014\t\n", start = "c\tr\t";
  const std::string longest = start + std::string(LineBlocks::kLineBytesMax - start.size(), 'x');
  const struct {
    std::string text;
    uint64_t lines;
    uint64_t facts;
    const char* reason;
  } kCases[] = {
      {good + good + longest + "x\nshort\n" + good, 5, 3, "at most 16777216 bytes, found more"},
      {good + good + longest + std::string(3 << 20, 'x'), 3, 2,
       "at most 16777216 bytes, found more"},
      // One that is as long as it may be is judged by what it holds.
      {good + good + longest, 3, 2, "5 columns, found 3"},
  };
  options_.again = true;
  for (const auto& c : kCases) {
    const std::string path = File("1", c.text);
    const auto summary = LoadFacts(*database_, {path}, options_);
    ASSERT_TRUE(summary.ok()) << summary.status();
    EXPECT_EQ(summary->lines, c.lines);
    EXPECT_EQ(summary->loaded.facts, c.facts);
    EXPECT_EQ(summary->rejected, c.lines - c.facts);
    EXPECT_EQ(summary->first_rejects.at(0), absl::StrCat(path, ":3: expected ", c.reason));
    EXPECT_LT(std::filesystem::file_size(options_.rejects), 100'000);
  }
  options_.is_strict = true;
  const std::string path = File("1", kCases[0].text);
  EXPECT_TRUE(absl::IsInvalidArgument(LoadFacts(*database_, {path}, options_).status()));
}

TEST_F(LoadFactsTest, TheReasonNamesTheColumnAndTheByte) {
  const struct {
    const char* line;
    const char* reason;
  } kCases[] = {
      {"\tr\tb\t2014\t", "subject: expected a name"},
      {"a\t\tb\t2014\t", "relation: expected a name"},
      {"a\tr\t   \t2014\t", "object: expected a name, found '   '"},
      {"a\tr\tb\xe2\x82\t2014\t",
       "object: expected valid UTF-8 text, found another byte at offset 1"},
      {"a\tr\xff\tb\t2014\t",
       "relation: expected valid UTF-8 text, found another byte at offset 1"},
      {"a\tr\tb\t\t", "from: expected a date, found nothing"},
      {"a\tr\tb\t2014-02-30\t", "from: "},
      {"a\tr\tb\t2014\t0000", "to: "},
      {"a\tr\tb\t2014\t2013", "to: expected an end after the beginning"},
  };
  for (const auto& c : kCases) {
    const std::string path = File("1", c.line);
    const auto summary = LoadFacts(*database_, {path}, options_);
    ASSERT_TRUE(summary.ok()) << summary.status();
    ASSERT_THAT(summary->first_rejects, SizeIs(1)) << c.line;
    EXPECT_THAT(summary->first_rejects[0], HasSubstr(absl::StrCat(path, ":1: ", c.reason)));
  }
  EXPECT_EQ(EntitiesStored(), 0);
}

TEST_F(LoadFactsTest, PublicTemporalGraphsLoadWhole) {
  FASTI_CORPUS_OR_SKIP(events, "data/icews14.tsv.gz");
  FASTI_CORPUS_OR_SKIP(intervals, "data/yago11k.tsv.gz");
  const auto more = LoadFacts(*database_, {intervals}, options_);
  ASSERT_TRUE(more.ok()) << more.status();
  EXPECT_EQ(more->rejected, 0);
  EXPECT_EQ(more->loaded.facts, 20'486);
  EXPECT_EQ(more->loaded.entities_created, 10'596);
  options_.empty_end = EmptyEnd::kEvent;
  const auto summary = LoadFacts(*database_, {events}, options_);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->rejected, 0);
  EXPECT_EQ(summary->loaded.facts, 90'730);
  EXPECT_THAT(*database_->Check(), IsEmpty());
}

}  // namespace
}  // namespace fasti::transfer
