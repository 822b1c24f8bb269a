#include "fasti/backup.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "engine/codec/catalog_record.h"
#include "engine/storage/backup.h"
#include "engine/storage/store.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/canonical_dump.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

// Backups of whole databases.  What happens to folders and files is in tests/storage.

namespace fasti {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Instant kDay = Instant{86400} * 1'000'000;

std::unique_ptr<Database> Open(const std::string& path, const Options& options = {}) {
  absl::StatusOr<std::unique_ptr<Database>> database = Database::Open(path, options);
  EXPECT_TRUE(database.ok()) << database.status();
  return *std::move(database);
}

std::unique_ptr<Database> OpenExisting(const std::string& path) {
  Options options;
  options.create_if_missing = false;
  return Open(path, options);
}

// Every version that was recorded up to a commit, as it was then.
std::string VersionsAt(const Snapshot& snapshot, Sequence sequence) {
  Pattern pattern;
  pattern.attributes = true;
  pattern.view.as_of = Period::Always();
  pattern.view.as_recorded = Period::Always();
  const auto cursor = snapshot.Scan(pattern);
  EXPECT_TRUE(cursor.ok()) << cursor.status();
  std::vector<std::string> lines;
  std::vector<Fact> facts(256);
  while (true) {
    const absl::StatusOr<size_t> count = (*cursor)->Next(absl::MakeSpan(facts));
    EXPECT_TRUE(count.ok()) << count.status();
    if (!count.ok() || *count == 0) break;
    for (size_t i = 0; i < *count; ++i) {
      const Fact& fact = facts[i];
      if (Raw(fact.version) > sequence) continue;
      const Value object = *snapshot.ValueOf(fact.object);
      lines.push_back(absl::StrCat(Raw(fact.version), ": ", Raw(fact.subject), " ",
                                   snapshot.GetRelation(fact.relation).name, " ",
                                   FormatValue(object), " ", FormatPeriod(fact.valid), " until ",
                                   fact.gone > sequence ? 0 : fact.gone));
    }
  }
  std::sort(lines.begin(), lines.end());
  return absl::StrJoin(lines, "\n");
}

// One commit: a new entity with a name, that knows an older one; now and then it retracts one.
absl::Status CommitOne(Database& database, int number) {
  FASTI_ASSIGN_OR_RETURN(const auto transaction, database.Begin());
  FASTI_ASSIGN_OR_RETURN(const RelationId name, transaction->InternAttribute("name"));
  FASTI_ASSIGN_OR_RETURN(const RelationId knows, transaction->InternRelation("knows"));
  FASTI_ASSIGN_OR_RETURN(const EntityId entity, transaction->CreateEntity());
  FASTI_ASSIGN_OR_RETURN(const EntityId other, transaction->CreateEntity());
  FASTI_RETURN_IF_ERROR(transaction
                            ->Assert({.subject = entity,
                                      .relation = name,
                                      .object = Value(absl::StrCat("person ", number))})
                            .status());
  FASTI_ASSIGN_OR_RETURN(
      const Fact fact,
      transaction->Assert({.subject = entity,
                           .relation = knows,
                           .object = Value(other),
                           .valid = Period::Granule(number * kDay, Precision::kDay)}));
  FASTI_RETURN_IF_ERROR(transaction->Commit().status());
  if (number % 3 != 0) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(const auto second, database.Begin());
  FASTI_RETURN_IF_ERROR(second->Retract(fact.version));
  return second->Commit().status();
}

absl::Status LoadSome(Database& database, int number) {
  FASTI_ASSIGN_OR_RETURN(const auto loader, database.BeginBulkLoad({}));
  std::vector<BulkRefusal> refused;
  for (int i = 0; i < 300; ++i) {
    const std::string object = absl::StrCat("spoke ", number, ".", i);
    FASTI_RETURN_IF_ERROR(
        loader->Add({BulkFact{.subject = "hub", .relation = "links", .object = object}}, &refused));
  }
  return loader->Finish().status();
}

class DatabaseBackupTest : public ::testing::Test {
 protected:
  const TemporaryFolder temporary_;
  const std::string path_ = temporary_.File("db");
  const std::string folder_ = temporary_.File("backups");
  const std::string restored_ = temporary_.File("restored");
};

// The writer commits, folds and loads while backups are made of its database, by itself and by a
// reader in its place.
TEST_F(DatabaseBackupTest, IsOneCommitWhateverIsWrittenMeanwhile) {
  constexpr int kBackups = 6;
  const auto database = Open(path_, {.durability = Durability::kBuffered, .fold_rows = 200});
  std::atomic<bool> stop = false;
  std::atomic<int> commits = 0;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      const absl::Status status = i % 40 == 39 ? LoadSome(*database, i) : CommitOne(*database, i);
      ASSERT_TRUE(status.ok()) << status;
      ++commits;
    }
  });
  std::vector<BackupInfo> backups;
  Options reading;
  reading.read_only = true;
  for (int i = 0; i < kBackups; ++i) {
    while (commits < (i + 1) * 50 && !HasFailure()) absl::SleepFor(absl::Milliseconds(1));
    const Sequence before = database->GetSnapshot()->sequence();
    absl::StatusOr<BackupInfo> backup;
    if (i % 2 == 0) {
      backup = database->Backup(folder_, {});
    } else {
      const auto reader = Open(path_, reading);
      backup = reader->Backup(folder_, {});
    }
    if (!backup.ok()) {
      ADD_FAILURE() << backup.status();
      break;
    }
    EXPECT_GE(backup->sequence, before);
    backups.push_back(*backup);
  }
  stop = true;
  writer.join();
  ASSERT_THAT(backups, SizeIs(kBackups));
  const auto now = database->GetSnapshot();
  for (const BackupInfo& backup : backups) {
    SCOPED_TRACE(absl::StrCat("backup ", backup.number, " of commit ", backup.sequence));
    const std::string path = absl::StrCat(restored_, backup.number);
    const auto restored = RestoreBackup(folder_, backup.number, path, {});
    ASSERT_TRUE(restored.ok()) << restored.status();
    EXPECT_EQ(restored->sequence, backup.sequence);
    const auto copy = OpenExisting(path);
    EXPECT_THAT(*copy->Check(), IsEmpty());
    EXPECT_EQ(copy->GetSnapshot()->sequence(), backup.sequence);
    EXPECT_EQ(VersionsAt(*copy->GetSnapshot(), backup.sequence), VersionsAt(*now, backup.sequence));
  }
}

// Names, claims, figures, sources and what was denied.
TEST_F(DatabaseBackupTest, HoldsEverythingAlsoTheClaims) {
  const auto database = Open(path_);
  Report report;
  report.source.key = "https://example.org/1";
  report.source.text = "Meta invested in Scale AI.";
  Statement statement;
  statement.subject.name = "Meta";
  statement.relation = "invests_in";
  statement.object = EntityName{.name = "Scale AI"};
  statement.text = "Meta invested in Scale AI.";
  report.statements.push_back(statement);
  ASSERT_TRUE(database->Report(report).ok());
  const std::string dump = testing::Dump(*database->GetSnapshot());
  EXPECT_THAT(dump, HasSubstr("Meta invested in Scale AI."));
  ASSERT_TRUE(database->Backup(folder_, {}).ok());
  ASSERT_TRUE(RestoreBackup(folder_, 0, restored_, {}).ok());
  EXPECT_EQ(testing::Dump(*OpenExisting(restored_)->GetSnapshot()), dump);
}

TEST_F(DatabaseBackupTest, ARestoredDatabaseIsWrittenOnAndBackedUpToTheSameFolder) {
  {
    const auto database = Open(path_);
    ASSERT_TRUE(CommitOne(*database, 1).ok());
    ASSERT_TRUE(database->Backup(folder_, {}).ok());
    // Lost with the database.
    ASSERT_TRUE(CommitOne(*database, 2).ok());
  }
  ASSERT_TRUE(RestoreBackup(folder_, 0, restored_, {}).ok());
  const auto database = OpenExisting(restored_);
  ASSERT_TRUE(CommitOne(*database, 4).ok());
  ASSERT_TRUE(LoadSome(*database, 5).ok());
  const std::string versions =
      VersionsAt(*database->GetSnapshot(), database->GetSnapshot()->sequence());
  const auto second = database->Backup(folder_, {});
  ASSERT_TRUE(second.ok()) << second.status();
  for (const uint32_t number : {1u, second->number}) {
    EXPECT_TRUE(VerifyBackup(folder_, number, {}).ok());
  }
  const std::string again = temporary_.File("again");
  ASSERT_TRUE(RestoreBackup(folder_, second->number, again, {}).ok());
  EXPECT_EQ(VersionsAt(*OpenExisting(again)->GetSnapshot(), second->sequence), versions);
}

TEST_F(DatabaseBackupTest, AnEmptyDatabaseHasBackupsToo) {
  const auto database = Open(path_);
  const auto backup = database->Backup(folder_, {});
  ASSERT_TRUE(backup.ok()) << backup.status();
  EXPECT_EQ(backup->sequence, 0u);
  EXPECT_EQ(backup->committed, kInstantMin);
  EXPECT_TRUE(RestoreBackup(folder_, 0, restored_, {}).ok());
  EXPECT_EQ(OpenExisting(restored_)->GetSnapshot()->sequence(), 0u);
}

TEST_F(DatabaseBackupTest, AFolderBelongsToOneDatabase) {
  ASSERT_TRUE(Open(path_)->Backup(folder_, {}).ok());
  const auto other = Open(temporary_.File("other"));
  const absl::Status refused = other->Backup(folder_, {}).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_THAT(refused.message(), HasSubstr("backups of another database"));
  EXPECT_THAT(*ListBackups(folder_), SizeIs(1));
}

TEST_F(DatabaseBackupTest, ADatabaseInMemoryHasNone) {
  EXPECT_TRUE(absl::IsFailedPrecondition(Open(":memory:")->Backup(folder_, {}).status()));
  EXPECT_FALSE(std::filesystem::exists(folder_));
}

TEST_F(DatabaseBackupTest, OneThatIsNotThereIsToldFromOneThatIs) {
  ASSERT_TRUE(Open(path_)->Backup(folder_, {}).ok());
  EXPECT_TRUE(absl::IsNotFound(RestoreBackup(temporary_.File("no"), 0, restored_, {}).status()));
  const absl::Status status = RestoreBackup(folder_, 4, restored_, {}).status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(status.message(), HasSubstr("no backup 4 there; the newest is 1"));
  EXPECT_TRUE(absl::IsNotFound(VerifyBackup(folder_, 4, {}).status()));
}

// Whatever a newer program stores, this one does not take it for sound.
TEST_F(DatabaseBackupTest, OfANewerFormatIsNotRestored) {
  ASSERT_TRUE(Open(path_)->Close().ok());
  ASSERT_TRUE(Open(path_)->Backup(folder_, {}).ok());
  {
    const auto store = *storage::OpenRocksStore(path_, {});
    auto format = *codec::DecodeFormat(*store->Get(storage::Family::kDefault, codec::FormatKey()));
    format.major = codec::kFormatMajor + 1;
    storage::Batch batch;
    batch.Put(storage::Family::kDefault, codec::FormatKey(), codec::EncodeFormat(format));
    ASSERT_TRUE(store->Write(batch, storage::Durability::kSync).ok());
    // As the newer program does.
    ASSERT_TRUE(storage::CreateBackup(
                    path_, folder_,
                    [&](storage::Store&) -> absl::StatusOr<std::string> {
                      return std::string("sequence 0\nlanguages 7");
                    },
                    storage::BackupWatch())
                    .ok());
  }
  const absl::Status refused = RestoreBackup(folder_, 2, restored_, {}).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_THAT(refused.message(), HasSubstr("format 2.0"));
  EXPECT_FALSE(std::filesystem::exists(restored_));
  EXPECT_TRUE(RestoreBackup(folder_, 1, restored_, {}).ok());
}

}  // namespace
}  // namespace fasti
