#include "engine/storage/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/storage/directory.h"
#include "engine/storage/store.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

// What a folder of backups promises.  What happens to it when calls fail is in
// backup_fault_test.cc.

namespace fasti::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::SizeIs;

namespace fs = std::filesystem;

// Everything that a store holds, as the note of its backups.
absl::StatusOr<std::string> Contents(Store& store) {
  std::string text;
  for (int i = 0; i < kFamilyCount; ++i) {
    const auto family = static_cast<Family>(i);
    const auto cursor = store.NewCursor(family);
    for (cursor->Seek(""); cursor->Valid(); cursor->Next()) {
      absl::StrAppend(&text, FamilyName(family), " ", cursor->key(), " ", cursor->value(), "\n");
    }
    if (!cursor->status().ok()) return cursor->status();
  }
  return text;
}

class BackupTest : public ::testing::Test {
 protected:
  void SetUp() override {
    writer_ = OpenRocksStore(database_, StoreOptions()).value();
    Load("block", "one");
    Put("a", "1");
    ASSERT_TRUE(writer_->Flush({Family::kLog}).ok());
    Put("b", "2");
  }

  void Put(absl::string_view key, absl::string_view value) {
    Batch batch;
    batch.Put(Family::kLog, key, value);
    ASSERT_TRUE(writer_->Write(batch, Durability::kSync).ok());
  }

  void Load(absl::string_view key, absl::string_view value) {
    auto left = std::make_shared<int>(1);
    const absl::Status status =
        writer_->BulkLoad({{Family::kPost, [=](Entry* entry) -> absl::StatusOr<bool> {
                              *entry = {std::string(key), std::string(value)};
                              return (*left)-- > 0;
                            }}});
    ASSERT_TRUE(status.ok()) << status;
  }

  absl::StatusOr<BackupRecord> Create() {
    return CreateBackup(database_, folder_, Contents, BackupWatch());
  }
  uint32_t CreateOrDie() {
    const absl::StatusOr<BackupRecord> record = Create();
    EXPECT_TRUE(record.ok()) << record.status();
    return record.ok() ? record->number : 0;
  }
  absl::Status Verify(uint32_t number) {
    return VerifyBackup(folder_, number, Contents, BackupWatch());
  }
  absl::Status Restore(uint32_t number, const std::string& path) {
    return RestoreBackup(folder_, number, path, Contents, BackupWatch());
  }
  std::string RestoredContents(uint32_t number) {
    const std::string path = temporary_.File("restored");
    fs::remove_all(path);
    const absl::Status restored = Restore(number, path);
    EXPECT_TRUE(restored.ok()) << restored;
    auto store = OpenRocksStore(path, {.create_if_missing = false});
    EXPECT_TRUE(store.ok()) << store.status();
    if (!store.ok()) return "";
    EXPECT_THAT(*(*store)->Verify(), IsEmpty());
    return *Contents(**store);
  }
  std::vector<std::string> Shared() { return FileNames(folder_ + "/shared_checksum"); }
  // Every file in the folder of backups.
  std::vector<std::string> AllFiles() {
    std::vector<std::string> paths;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (entry.is_regular_file()) paths.push_back(entry.path().string());
    }
    return paths;
  }

  const TemporaryFolder temporary_;
  const std::string database_ = temporary_.File("db");
  const std::string folder_ = temporary_.File("backups");
  std::unique_ptr<Store> writer_;
};

TEST_F(BackupTest, HoldsWhatIsInTablesAndWhatIsOnlyInTheLog) {
  const std::string contents = *Contents(*writer_);
  EXPECT_THAT(contents,
              AllOf(HasSubstr("post block one"), HasSubstr("log a 1"), HasSubstr("log b 2")));
  const uint32_t number = CreateOrDie();
  Put("c", "3");
  Load("other", "two");
  EXPECT_EQ(RestoredContents(number), contents);
}

TEST_F(BackupTest, TablesOfAnEarlierBackupAreNotCopiedAgain) {
  CreateOrDie();
  const std::vector<std::string> first = Shared();
  EXPECT_THAT(first, Not(IsEmpty()));
  CreateOrDie();
  EXPECT_EQ(Shared(), first);
  Load("other", "two");
  const std::string contents = *Contents(*writer_);
  const uint32_t third = CreateOrDie();
  EXPECT_THAT(Shared(), IsSupersetOf(first));
  EXPECT_THAT(Shared(), SizeIs(first.size() + 1));
  EXPECT_EQ(RestoredContents(third), contents);
}

TEST_F(BackupTest, IsListedWithItsSizeAndWhatItsCheckSaid) {
  EXPECT_TRUE(absl::IsNotFound(ListBackups(folder_).status()));
  const absl::StatusOr<BackupRecord> made = Create();
  ASSERT_TRUE(made.ok()) << made.status();
  const auto listed = ListBackups(folder_);
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_THAT(*listed, SizeIs(1));
  EXPECT_EQ(listed->front().number, made->number);
  EXPECT_EQ(listed->front().bytes, made->bytes);
  EXPECT_GT(listed->front().bytes, 0u);
  EXPECT_EQ(listed->front().note, *Contents(*writer_));
  EXPECT_TRUE(listed->front().state.ok()) << listed->front().state;
}

TEST_F(BackupTest, WithoutItsRecordDoesNotCountAndIsClearedAwayByTheNext) {
  CreateOrDie();
  Load("other", "two");
  EXPECT_EQ(CreateOrDie(), 2u);
  const std::vector<std::string> with_second = Shared();
  fs::remove(folder_ + "/checked/2");
  EXPECT_THAT(*ListBackups(folder_), SizeIs(1));
  EXPECT_TRUE(absl::IsNotFound(Restore(2, temporary_.File("restored"))));
  Load("third", "three");
  EXPECT_GT(CreateOrDie(), 1u);
  EXPECT_THAT(Shared(), SizeIs(with_second.size() + 1));
  EXPECT_TRUE(Verify(1).ok());
  EXPECT_THAT(*ListBackups(folder_), SizeIs(2));
}

TEST_F(BackupTest, OldOnesAreDeletedWithWhatOnlyTheyReferTo) {
  CreateOrDie();
  const std::vector<std::string> of_first = Shared();
  CreateOrDie();
  Load("other", "two");
  const std::string contents = *Contents(*writer_);
  CreateOrDie();
  WriteFile(folder_ + "/shared_checksum/000999_s_1.sst", "whose?");
  for (const uint32_t keep : {4u, 3u}) {
    ASSERT_TRUE(DeleteOldBackups(folder_, keep, BackupWatch()).ok());
    EXPECT_THAT(*ListBackups(folder_), SizeIs(3)) << keep;
  }
  ASSERT_TRUE(DeleteOldBackups(folder_, 1, BackupWatch()).ok());
  const auto listed = *ListBackups(folder_);
  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_EQ(listed[0].number, 3u);
  for (const char* folder : {"/meta", "/private", "/checked"}) {
    EXPECT_THAT(FileNames(folder_ + folder), ElementsAre("3"));
  }
  // It shares the first one's.
  EXPECT_THAT(Shared(), SizeIs(of_first.size() + 1));
  EXPECT_THAT(Shared(), IsSupersetOf(of_first));
  EXPECT_TRUE(Verify(3).ok());
  EXPECT_EQ(RestoredContents(3), contents);
  EXPECT_EQ(CreateOrDie(), 4u);
}

TEST_F(BackupTest, OldOnesAreNotDeletedBesideADamagedOne) {
  CreateOrDie();
  CreateOrDie();
  std::string meta = ReadFile(folder_ + "/meta/2");
  meta[0] ^= 1;
  WriteFile(folder_ + "/meta/2", meta);
  EXPECT_TRUE(absl::IsDataLoss(DeleteOldBackups(folder_, 1, BackupWatch())));
  EXPECT_TRUE(Verify(1).ok());
}

TEST_F(BackupTest, ThatFailsItsCheckDoesNotCount) {
  CreateOrDie();
  const absl::Status failed =
      CreateBackup(
          database_, folder_,
          [](Store&) -> absl::StatusOr<std::string> { return absl::DataLossError("broken"); },
          BackupWatch())
          .status();
  EXPECT_TRUE(absl::IsDataLoss(failed)) << failed;
  EXPECT_THAT(*ListBackups(folder_), SizeIs(1));
  EXPECT_THAT(FileNames(folder_ + "/meta"), ElementsAre("1"));
}

TEST_F(BackupTest, OfADamagedDatabaseIsRefusedAndLeavesTheOthers) {
  CreateOrDie();
  ASSERT_TRUE(writer_->Close().ok());
  const std::string table = FilesEnding(database_, ".sst").front();
  std::string bytes = ReadFile(table);
  bytes[bytes.size() / 3] ^= 0x10;
  WriteFile(table, bytes);
  fs::remove_all(folder_ + "/shared_checksum/" + fs::path(table).filename().string());
  const std::string elsewhere = temporary_.File("elsewhere");
  // The store's own check finds it: RocksDB copies what it reads.
  const absl::Status status = CreateBackup(
                                  database_, elsewhere,
                                  [](Store& copy) -> absl::StatusOr<std::string> {
                                    const auto problems = copy.Verify();
                                    if (!problems.ok()) return problems.status();
                                    if (!problems->empty())
                                      return absl::DataLossError(problems->front());
                                    return Contents(copy);
                                  },
                                  BackupWatch())
                                  .status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(*ListBackups(elsewhere), IsEmpty());
  EXPECT_TRUE(Verify(1).ok());
}

TEST_F(BackupTest, AnyChangedByteIsFoundByVerifyAndRestore) {
  CreateOrDie();
  const std::string restored = temporary_.File("restored");
  int flips = 0;
  for (const std::string& path : AllFiles()) {
    const std::string name = fs::path(path).filename().string();
    if (name == kHolderFile) continue;
    const std::string sound = ReadFile(path);
    const size_t step = std::max<size_t>(1, sound.size() / 7);
    for (size_t place = 0; place < sound.size(); place += step) {
      SCOPED_TRACE(absl::StrCat(path, ", byte ", place));
      std::string bytes = sound;
      bytes[place] = static_cast<char>(bytes[place] ^ (place % 2 == 0 ? 1 : 0x80));
      WriteFile(path, bytes);
      ++flips;
      EXPECT_FALSE(Verify(1).ok());
      EXPECT_FALSE(Restore(1, restored).ok());
      EXPECT_FALSE(fs::exists(restored));
    }
    WriteFile(path, sound);
  }
  EXPECT_GT(flips, 30);
  EXPECT_TRUE(Verify(1).ok());
}

TEST_F(BackupTest, ADamagedOneIsListedSoAndKeepsTheFolderFromTakingMore) {
  CreateOrDie();
  CreateOrDie();
  std::string meta = ReadFile(folder_ + "/meta/1");
  meta[0] ^= 1;
  WriteFile(folder_ + "/meta/1", meta);
  const auto listed = *ListBackups(folder_);
  ASSERT_THAT(listed, SizeIs(2));
  EXPECT_THAT(listed[0].state.message(), HasSubstr("meta/1: damaged"));
  EXPECT_TRUE(listed[1].state.ok());
  const absl::Status refused = Create().status();
  EXPECT_TRUE(absl::IsDataLoss(refused)) << refused;
  EXPECT_THAT(refused.message(), HasSubstr("back up to another folder"));
  EXPECT_THAT(*ListBackups(folder_), SizeIs(2));
  EXPECT_TRUE(Verify(2).ok());
}

TEST_F(BackupTest, OnlyAFolderOfBackupsOutsideTheDatabaseTakesThem) {
  fs::create_directory(temporary_.File("full"));
  WriteFile(temporary_.File("full/letter.txt"), "dear");
  const struct {
    std::string folder;
    absl::StatusCode code;
    const char* message;
  } kCases[] = {
      {database_, absl::StatusCode::kInvalidArgument, "may not lie within each other"},
      {database_ + "/backups", absl::StatusCode::kInvalidArgument, "may not lie within each other"},
      {database_ + "/../db/backups/", absl::StatusCode::kInvalidArgument,
       "may not lie within each other"},
      {temporary_.path(), absl::StatusCode::kInvalidArgument, "may not lie within each other"},
      {temporary_.File("full"), absl::StatusCode::kFailedPrecondition, "it holds 'letter.txt'"},
      {temporary_.File("absent/backups"), absl::StatusCode::kNotFound, "creating the directory"},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.folder);
    const absl::Status status =
        CreateBackup(database_, test.folder, Contents, BackupWatch()).status();
    EXPECT_EQ(status.code(), test.code) << status;
    EXPECT_THAT(status.message(), HasSubstr(test.message));
  }
  EXPECT_THAT(FileNames(temporary_.File("full")), ElementsAre("letter.txt"));
}

TEST_F(BackupTest, OneIsMadeAtATime) {
  CreateOrDie();
  {
    const auto lock = DirectoryLock::Acquire(folder_);
    ASSERT_TRUE(lock.ok());
    EXPECT_TRUE(absl::IsUnavailable(Create().status()));
  }
  {
    const auto lock = DirectoryLock::Acquire(database_ + "/capture");
    ASSERT_TRUE(lock.ok());
    EXPECT_TRUE(absl::IsUnavailable(Create().status()));
  }
  EXPECT_EQ(CreateOrDie(), 2u);
}

TEST_F(BackupTest, IsRestoredToANewPlaceOnly) {
  CreateOrDie();
  const std::string before = *Contents(*writer_);
  fs::create_directory(temporary_.File("empty"));
  fs::create_directory(temporary_.File("full"));
  WriteFile(temporary_.File("full/letter.txt"), "dear");
  WriteFile(temporary_.File("file"), "dear");
  for (const std::string& path : {database_, temporary_.File("full"), temporary_.File("file")}) {
    const absl::Status status = Restore(1, path);
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << path << ": " << status;
    EXPECT_THAT(status.message(), HasSubstr("restore to a new path"));
    EXPECT_FALSE(fs::exists(path + ".restoring"));
  }
  EXPECT_EQ(*Contents(*writer_), before);
  EXPECT_TRUE(Restore(1, temporary_.File("empty")).ok());
  EXPECT_TRUE(absl::IsNotFound(Restore(7, temporary_.File("new"))));
  EXPECT_TRUE(absl::IsNotFound(Restore(1, temporary_.File("absent/new"))));
}

TEST_F(BackupTest, ARestoredDatabaseIsOneThatWasClosed) {
  CreateOrDie();
  const std::string path = temporary_.File("restored");
  ASSERT_TRUE(Restore(1, path).ok());
  EXPECT_FALSE(fs::exists(path + ".restoring"));
  EXPECT_TRUE(fs::exists(path + "/STATE"));
  const std::string log = FilesEnding(path, ".log").back();
  const std::string bytes = ReadFile(log);
  WriteFile(log, bytes.substr(0, bytes.size() / 2));
  EXPECT_TRUE(absl::IsDataLoss(OpenRocksStore(path, StoreOptions()).status()));
}

TEST_F(BackupTest, StoppedAtAnyMomentChangesNothing) {
  CreateOrDie();
  const std::vector<std::string> files = AllFiles();
  Load("other", "two");
  const std::string restored = temporary_.File("restored");
  int calls = 0;
  int stop_at = 0;
  BackupWatch watch;
  watch.should_stop = [&] { return ++calls >= stop_at && stop_at > 0; };
  ASSERT_TRUE(RestoreBackup(folder_, 1, restored, Contents, watch).ok());
  fs::remove_all(restored);
  const int restore_calls = calls;
  for (stop_at = 1; stop_at < restore_calls; stop_at += 3) {
    calls = 0;
    const absl::Status status = RestoreBackup(folder_, 1, restored, Contents, watch);
    ASSERT_TRUE(absl::IsCancelled(status)) << stop_at << ": " << status;
    ASSERT_FALSE(fs::exists(restored));
    ASSERT_FALSE(fs::exists(restored + ".restoring"));
  }
  bool done = false;
  for (stop_at = 1; !done; stop_at += 7) {
    calls = 0;
    const absl::StatusOr<BackupRecord> made = CreateBackup(database_, folder_, Contents, watch);
    done = made.ok();
    if (done) break;
    ASSERT_TRUE(absl::IsCancelled(made.status())) << stop_at << ": " << made.status();
    ASSERT_THAT(*ListBackups(folder_), SizeIs(1));
    ASSERT_THAT(AllFiles(), ::testing::UnorderedElementsAreArray(files)) << stop_at;
  }
  EXPECT_GT(stop_at, 20);
  EXPECT_TRUE(Verify(1).ok());
  EXPECT_TRUE(Verify(2).ok());
  EXPECT_THAT(FileNames(database_ + "/capture"), ElementsAre(kHolderFile));
}

TEST_F(BackupTest, TellsWhatItDoesAndHowFarItIs) {
  std::vector<std::string> doings;
  uint64_t last = 0;
  BackupWatch watch;
  watch.progress = [&](absl::string_view doing, uint64_t bytes) {
    if (doings.empty() || doings.back() != doing) {
      doings.emplace_back(doing);
      last = 0;
    }
    EXPECT_GE(bytes, last);
    last = bytes;
  };
  ASSERT_TRUE(CreateBackup(database_, folder_, Contents, watch).ok());
  EXPECT_THAT(doings, ElementsAre("copying", "verifying", "checking"));
}

TEST_F(BackupTest, TheNextWriterClearsAwayWhatAKilledCaptureLeft) {
  CreateOrDie();
  ASSERT_TRUE(writer_->Close().ok());
  WriteFile(database_ + "/capture/000099.sst", "left behind");
  writer_ = OpenRocksStore(database_, StoreOptions()).value();
  EXPECT_THAT(FileNames(database_ + "/capture"), ElementsAre(kHolderFile));
}

TEST(BackupRecordTest, AnyChangedByteOfARecordIsFound) {
  BackupRecord record;
  record.number = 12;
  record.created = absl::FromUnixMicros(1'795'337'311'000'000);
  record.bytes = 21441;
  record.meta_bytes = 441;
  record.meta_crc = 2309737967;
  record.note = "sequence 4\nmore";
  const std::string bytes = EncodeBackupRecord(record);
  const BackupRecord decoded = DecodeBackupRecord("checked/12", 12, bytes);
  ASSERT_TRUE(decoded.state.ok()) << decoded.state;
  EXPECT_EQ(decoded.created, record.created);
  EXPECT_EQ(decoded.bytes, record.bytes);
  EXPECT_EQ(decoded.meta_bytes, record.meta_bytes);
  EXPECT_EQ(decoded.meta_crc, record.meta_crc);
  EXPECT_EQ(decoded.note, record.note);
  for (size_t place = 0; place < bytes.size(); ++place) {
    std::string changed = bytes;
    changed[place] ^= 2;
    EXPECT_TRUE(absl::IsDataLoss(DecodeBackupRecord("", 12, changed).state)) << place;
    EXPECT_TRUE(absl::IsDataLoss(DecodeBackupRecord("", 12, bytes.substr(0, place)).state));
  }
  EXPECT_TRUE(absl::IsDataLoss(DecodeBackupRecord("", 13, bytes).state));  // under another name
}

}  // namespace
}  // namespace fasti::storage
