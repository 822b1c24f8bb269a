#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/codec/catalog_record.h"
#include "engine/storage/store.h"
#include "fasti/database.h"
#include "fasti/purge.h"
#include "fasti/salvage.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

// Every code that a public header of the engine promises, raised by a call.

namespace fasti {
namespace {

using absl::StatusCode;

// Of every table in the folder `path`, and below it, nothing is left but half of its length.
void Damage(const std::string& path) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.path().extension() != ".sst") continue;
    WriteFile(entry.path().string(), std::string(entry.file_size() / 2, '\0'));
  }
}

// Databases in several states, in a folder of their own.
class Cases {
 public:
  Cases() {
    Fill(Path("sound"));
    Copy("sound", "damaged");
    Damage(Path("damaged"));
    Copy("sound", "newer");
    MakeNewer(Path("newer"));
    Copy("sound", "held");
    held_ = Open("held");
    reader_ = Open("held", {.read_only = true});
    std::filesystem::create_directory(Path("other"));
    WriteFile(Path("other/letter.txt"), "Dear Ada");
    EXPECT_TRUE(Open("sound")->Backup(Path("backups"), {}).ok());
    Copy("backups", "damaged_backups");
    Damage(Path("damaged_backups"));
  }

  std::string Path(absl::string_view name) const { return folder_.File(std::string(name)); }

  std::unique_ptr<Database> Open(absl::string_view name, const Options& options = {}) {
    auto database = Database::Open(name == ":memory:" ? std::string(name) : Path(name), options);
    EXPECT_TRUE(database.ok()) << database.status();
    return *std::move(database);
  }
  // Opened while it was sound, and damaged behind its back.  What opening it has read is not kept.
  std::unique_ptr<Database> OpenAndDamage() {
    const std::string name = absl::StrCat("damaged", ++copies_);
    Copy("sound", name);
    auto database = Open(name, {.cache_bytes = 0});
    Damage(Path(name));
    return database;
  }

  Database& held() { return *held_; }
  Database& reader() { return *reader_; }

 private:
  static void Fill(const std::string& path) {
    const auto database = *Database::Open(path, {});
    {
      const auto t = *database->Begin();
      const RelationId knows = *t->InternRelation("knows");
      const RelationId name = *t->InternAttribute("name");
      const EntityId first = *t->CreateEntity(), second = *t->CreateEntity();
      for (const EntityId entity : {first, second}) {
        EXPECT_TRUE(t->SetAttribute(entity, name, Value("Twin")).ok());
      }
      EXPECT_TRUE(t->Assert({.subject = first, .relation = knows, .object = Value(second)}).ok());
      EXPECT_TRUE(t->Commit().ok());
    }
    EXPECT_TRUE(database->Close().ok());
  }

  static void MakeNewer(const std::string& path) {
    const auto store = *storage::OpenRocksStore(path, {});
    storage::Batch batch;
    batch.Put(
        storage::Family::kDefault, codec::FormatKey(),
        codec::EncodeFormat({.major = codec::kFormatMajor + 1, .database_id = "0123456789abcdef"}));
    EXPECT_TRUE(store->Write(batch, storage::Durability::kSync).ok());
  }

  void Copy(absl::string_view from, absl::string_view to) const {
    std::filesystem::copy(Path(from), Path(to), std::filesystem::copy_options::recursive);
  }

  const TemporaryFolder folder_;
  int copies_ = 0;
  std::unique_ptr<Database> held_, reader_;
};

absl::Status ReadAll(const Database& database) {
  const auto snapshot = database.GetSnapshot();
  auto cursor = snapshot->Scan({});
  if (!cursor.ok()) return cursor.status();
  std::vector<Fact> facts(16);
  return (*cursor)->Next(absl::MakeSpan(facts)).status();
}

absl::Status InTransaction(const std::function<absl::Status(Transaction&)>& act) {
  const auto database = *Database::Open(":memory:", {});
  const auto t = *database->Begin();
  return act(*t);
}

// Asserts a draft of `subject` and a relation that are there.
absl::Status Assert(const std::function<void(FactDraft&)>& change) {
  return InTransaction([&](Transaction& t) {
    FactDraft draft{.subject = *t.CreateEntity(), .relation = *t.InternAttribute("size")};
    draft.object = Value(int64_t{1});
    change(draft);
    return t.Assert(draft).status();
  });
}

// A load that ends badly in Add or at the end.
absl::Status Load(Database& database, const std::function<void(BulkLoader&)>& act) {
  auto loader = database.BeginBulkLoad({});
  if (!loader.ok()) return loader.status();
  act(**loader);
  std::vector<BulkRefusal> refused;
  const BulkFact fact{.subject = "Twin", .relation = "knows", .object = "Ada"};
  const absl::Status added = (*loader)->Add({fact}, &refused);
  return added.ok() ? (*loader)->Finish().status() : added;
}

struct CodeCase {
  std::string header;
  StatusCode code;
  std::string what;
  std::function<absl::Status(Cases&)> call;
};

std::vector<CodeCase> DatabaseCases() {
  const auto open = [](absl::string_view name, const Options& options = {}) {
    return [name, options](Cases& c) { return Database::Open(c.Path(name), options).status(); };
  };
  return {
      {"database.h", StatusCode::kNotFound, "opens what is absent",
       open("absent", {.create_if_missing = false})},
      {"database.h", StatusCode::kUnavailable, "opens what is written", open("held")},
      {"database.h", StatusCode::kFailedPrecondition, "opens something else", open("other")},
      {"database.h", StatusCode::kFailedPrecondition, "opens a newer format", open("newer")},
      {"database.h", StatusCode::kDataLoss, "opens what is damaged", open("damaged")},
      {"database.h", StatusCode::kFailedPrecondition, "begins to write beside a writer",
       [](Cases& c) { return c.reader().Begin().status(); }},
      {"database.h", StatusCode::kFailedPrecondition, "begins to load beside a writer",
       [](Cases& c) { return c.reader().BeginBulkLoad({}).status(); }},
      {"database.h", StatusCode::kFailedPrecondition, "closes beside a snapshot",
       [](Cases& c) {
         const auto snapshot = c.held().GetSnapshot();
         return c.held().Close();
       }},
      {"database.h", StatusCode::kFailedPrecondition, "backs up into something else",
       [](Cases& c) { return c.held().Backup(c.Path("other"), {}).status(); }},
      {"database.h", StatusCode::kFailedPrecondition, "backs up what is in memory",
       [](Cases& c) { return c.Open(":memory:")->Backup(c.Path("new"), {}).status(); }},
      {"database.h", StatusCode::kInvalidArgument, "backs up into itself",
       [](Cases& c) { return c.held().Backup(c.Path("held/backups"), {}).status(); }},
      {"database.h", StatusCode::kUnavailable, "backs up while it is backed up",
       [](Cases& c) {
         absl::Status second;
         BackupOptions options;
         options.progress = [&](const BackupProgress&) {
           if (second.ok()) second = c.held().Backup(c.Path("second"), {}).status();
         };
         EXPECT_TRUE(c.held().Backup(c.Path("first"), options).ok());
         return second;
       }},
      {"database.h", StatusCode::kDataLoss, "backs up what is damaged",
       [](Cases& c) { return c.OpenAndDamage()->Backup(c.Path("of damaged"), {}).status(); }},
      {"backup.h", StatusCode::kCancelled, "is stopped while it backs up",
       [](Cases& c) {
         BackupOptions options;
         options.should_stop = [] { return true; };
         return c.held().Backup(c.Path("stopped"), options).status();
       }},
      {"backup.h", StatusCode::kNotFound, "lists backups that are absent",
       [](Cases& c) { return ListBackups(c.Path("absent")).status(); }},
      {"backup.h", StatusCode::kFailedPrecondition, "lists what are no backups",
       [](Cases& c) { return ListBackups(c.Path("other")).status(); }},
      {"backup.h", StatusCode::kDataLoss, "verifies a damaged backup",
       [](Cases& c) { return VerifyBackup(c.Path("damaged_backups"), 0, {}).status(); }},
      {"backup.h", StatusCode::kFailedPrecondition, "restores over something",
       [](Cases& c) { return RestoreBackup(c.Path("backups"), 0, c.Path("other"), {}).status(); }},
      {"backup.h", StatusCode::kDataLoss, "restores a damaged backup",
       [](Cases& c) {
         return RestoreBackup(c.Path("damaged_backups"), 0, c.Path("new"), {}).status();
       }},
      {"backup.h", StatusCode::kNotFound, "restores a backup that is absent",
       [](Cases& c) { return RestoreBackup(c.Path("backups"), 7, c.Path("new"), {}).status(); }},
  };
}

std::vector<CodeCase> ReadAndWriteCases() {
  const auto assert_bad = [](const char* what, const std::function<void(FactDraft&)>& change) {
    return CodeCase{"transaction.h", StatusCode::kInvalidArgument, what,
                    [change](Cases&) { return Assert(change); }};
  };
  const auto intern = [](const char* what, const std::function<absl::Status(Transaction&)>& act) {
    return CodeCase{"transaction.h", StatusCode::kInvalidArgument, what,
                    [act](Cases&) { return InTransaction(act); }};
  };
  static const auto& long_name = *new std::string(1025, 'x');
  return {
      intern("relation without name", [](Transaction& t) { return t.InternRelation("").status(); }),
      intern("attribute without name",
             [](Transaction& t) { return t.InternAttribute("").status(); }),
      intern("label without name", [](Transaction& t) { return t.InternLabel("").status(); }),
      intern("long relation", [](Transaction& t) { return t.InternRelation(long_name).status(); }),
      intern("long attribute",
             [](Transaction& t) { return t.InternAttribute(long_name).status(); }),
      intern("long label", [](Transaction& t) { return t.InternLabel(long_name).status(); }),
      {"transaction.h", StatusCode::kFailedPrecondition, "declares what facts forbid",
       [](Cases& c) {
         return (*c.held().Begin())
             ->DeclareRelation({.name = "knows", .kind = RelationKind::kEvent});
       }},
      assert_bad("bad period", [](FactDraft& d) { d.valid = {.from = 2, .to = 1}; }),
      assert_bad("null object", [](FactDraft& d) { d.object = Value(); }),
      assert_bad("a map",
                 [](FactDraft& d) {
                   d.object = Value(Map{{"x", Value(true)}});
                 }),
      assert_bad("a node in a list",
                 [](FactDraft& d) { d.object = Value(List{Value(d.subject)}); }),
      assert_bad("long text",
                 [](FactDraft& d) { d.object = Value(std::string((1 << 20) + 1, 'x')); }),
      {"snapshot.h", StatusCode::kDataLoss, "reads what is damaged",
       [](Cases& c) { return ReadAll(*c.OpenAndDamage()); }},
      {"snapshot.h", StatusCode::kNotFound, "finds a version that never was",
       [](Cases& c) {
         return c.held().GetSnapshot()->FindVersion(static_cast<VersionId>(99'999)).status();
       }},
      {"snapshot.h", StatusCode::kInvalidArgument, "counts by what is no granule",
       [](Cases& c) {
         return c.held().GetSnapshot()->CountByStart({}, Precision::kOpen, nullptr).status();
       }},
      {"bulk_load.h", StatusCode::kCancelled, "is cancelled while it loads",
       [](Cases& c) {
         return Load(*c.Open(":memory:"), [](BulkLoader& loader) { loader.Cancel(); });
       }},
      {"bulk_load.h", StatusCode::kDataLoss, "loads into what is damaged",
       [](Cases& c) { return Load(*c.OpenAndDamage(), [](BulkLoader&) {}); }},
      {"period.h", StatusCode::kInvalidArgument, "checks a period that ends before it begins",
       [](Cases&) { return CheckPeriod({.from = 2, .to = 1}); }},
      {"period.h", StatusCode::kInvalidArgument, "reads 30 February",
       [](Cases&) { return ParsePeriod("2025-02-30").status(); }},
      {"quantity.h", StatusCode::kInvalidArgument, "adds euros to dollars",
       [](Cases&) {
         return Add({.low = 1, .high = 1, .unit = "USD"}, {.low = 1, .high = 1, .unit = "EUR"})
             .status();
       }},
      {"value.h", StatusCode::kInvalidArgument, "reads a date that is none",
       [](Cases&) { return ParseDate("2025-13-01").status(); }},
      {"value.h", StatusCode::kInvalidArgument, "reads a duration that is none",
       [](Cases&) { return ParseDuration("1 day").status(); }},
  };
}

std::vector<CodeCase> PurgeAndSalvageCases() {
  const auto purge = [](absl::string_view name, const PurgeRequest& request) {
    return [name, request](Cases& c) { return Purge(c.Path(name), request, {}).status(); };
  };
  const auto salvage = [](absl::string_view from, absl::string_view to) {
    return [from, to](Cases& c) { return Salvage(c.Path(from), c.Path(to), {}).status(); };
  };
  return {
      {"purge.h", StatusCode::kUnavailable, "purges what is written",
       purge("held", {.entity_names = {"Twin"}})},
      {"purge.h", StatusCode::kNotFound, "purges a name that is none",
       purge("sound", {.entity_names = {"Nobody"}})},
      {"purge.h", StatusCode::kNotFound, "purges an absent database",
       purge("absent", {.entity_names = {"Twin"}})},
      {"purge.h", StatusCode::kFailedPrecondition, "purges one of two of a name",
       purge("sound", {.entity_names = {"Twin"}})},
      {"purge.h", StatusCode::kDataLoss, "purges what is damaged",
       purge("damaged", {.entity_names = {"Twin"}})},
      {"salvage.h", StatusCode::kNotFound, "salvages what is absent", salvage("absent", "new")},
      {"salvage.h", StatusCode::kFailedPrecondition, "salvages to where something is",
       salvage("sound", "other")},
      {"salvage.h", StatusCode::kFailedPrecondition, "salvages something else",
       salvage("other", "new")},
      {"salvage.h", StatusCode::kFailedPrecondition, "salvages a newer format",
       salvage("newer", "new")},
      {"salvage.h", StatusCode::kInvalidArgument, "salvages into itself",
       salvage("sound", "sound/new")},
      {"salvage.h", StatusCode::kUnavailable, "salvages what is written", salvage("held", "new")},
      {"salvage.h", StatusCode::kCancelled, "is stopped while it salvages",
       [](Cases& c) {
         SalvageOptions options;
         options.should_stop = [] { return true; };
         return Salvage(c.Path("sound"), c.Path("new"), options).status();
       }},
  };
}

std::vector<CodeCase> AllCases() {
  std::vector<CodeCase> all;
  for (const auto& part : {DatabaseCases(), ReadAndWriteCases(), PurgeAndSalvageCases()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

TEST(StatusCodeTest, EachIsRaisedByACall) {
  Cases cases;
  for (const CodeCase& c : AllCases()) {
    const absl::Status status = c.call(cases);
    EXPECT_EQ(status.code(), c.code) << c.header << ", " << c.what << ": " << status;
    EXPECT_FALSE(status.message().empty()) << c.header << ", " << c.what;
  }
}

// The codes that are named in the comments of a file.
std::set<StatusCode> CodesPromisedIn(const std::string& text) {
  std::set<StatusCode> codes;
  for (int i = 1; i <= static_cast<int>(StatusCode::kUnauthenticated); ++i) {
    const auto code = static_cast<StatusCode>(i);
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      const size_t comment = line.find("//");
      if (comment == absl::string_view::npos) continue;
      if (line.find(absl::StatusCodeToString(code), comment) != absl::string_view::npos) {
        codes.insert(code);
      }
    }
  }
  codes.erase(StatusCode::kUnknown);  // a truth value of that name
  return codes;
}

// Whoever promises a code adds a call above: they are looked for in the headers.  What devices do
// is raised where they can be made to fail.
TEST(StatusCodeTest, NoCodeOfTheHeadersIsMissingAbove) {
  std::set<std::pair<std::string, StatusCode>> promised;
  std::set<std::pair<std::string, StatusCode>> raised = {
      {"database.h", StatusCode::kResourceExhausted},     // BackupFaultTest
      {"bulk_load.h", StatusCode::kResourceExhausted},    // BulkLoadDiskTest
      {"transaction.h", StatusCode::kResourceExhausted},  // CommitQueueTest
      {"transaction.h", StatusCode::kUnavailable},        // CommitQueueTest
  };
  for (const auto& entry : std::filesystem::directory_iterator(FASTI_ENGINE_HEADERS)) {
    for (const StatusCode code : CodesPromisedIn(ReadFile(entry.path().string()))) {
      promised.emplace(entry.path().filename().string(), code);
    }
  }
  for (const CodeCase& c : AllCases()) raised.emplace(c.header, c.code);
  EXPECT_EQ(promised, raised);
}

}  // namespace
}  // namespace fasti
