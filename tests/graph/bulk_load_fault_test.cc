#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/graph/bulk_load.h"
#include "engine/graph/consistency.h"
#include "engine/storage/rocks_store.h"
#include "fasti/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/probe_store.h"
#include "tests/graph/small_graph.h"
#include "tests/support/fault_fs.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace fasti::graph {
namespace {

using ::testing::AnyOf;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kSpokes = 150;

// Loads a wheel with as little memory as there can be, so that every sorter puts runs aside.
absl::StatusOr<BulkLoadSummary> LoadInto(SmallGraph& graph, ProbeStore& store, int threads,
                                         int spokes = kSpokes) {
  const Dictionary dictionary(store);
  BulkFigures figures;
  FASTI_ASSIGN_OR_RETURN(const auto loader,
                         BulkLoaderImpl::Begin({.store = store,
                                                .dictionary = dictionary,
                                                .queue = graph.queue(),
                                                .blocks = graph.blocks(),
                                                .folder = graph.folder(),
                                                .figures = figures,
                                                .use = {}},
                                               {.memory_bytes = 1, .threads = threads}));
  std::vector<BulkRefusal> refused;
  for (int i = 0; i < spokes; ++i) {
    const std::string object = absl::StrCat("spoke ", i);
    const BulkFact fact = {.subject = "hub", .relation = "knows", .object = object};
    FASTI_RETURN_IF_ERROR(loader->Add({fact}, &refused));
  }
  return loader->Finish();
}

void CreateEntity(SmallGraph& graph) {
  const auto t = graph.Begin();
  EXPECT_TRUE(t->CreateEntity().ok());
  EXPECT_TRUE(t->Commit().ok());
}

class BulkLoadThreadsTest : public ::testing::TestWithParam<int> {};

// The disk may fill up at any file that a load begins.
TEST_P(BulkLoadThreadsTest, ALoadThatFindsNoSpaceInstallsNothingAndTheDatabaseGoesOn) {
  constexpr int kManySpokes = 500;
  ProbeStore store;
  SmallGraph graph(store);
  int failures = 0;
  for (int fail_at = 1;; ++fail_at) {
    SCOPED_TRACE(absl::StrCat("file ", fail_at));
    std::atomic<int> files{0};
    const auto fail = [&]() -> absl::Status {
      return ++files == fail_at ? absl::ResourceExhaustedError("disk full") : absl::OkStatus();
    };
    store.before_scratch_file = fail;
    store.before_bulk_load = fail;
    const auto summary = LoadInto(graph, store, GetParam(), kManySpokes);
    store.before_scratch_file = store.before_bulk_load = nullptr;
    if (summary.ok()) break;
    ++failures;
    EXPECT_EQ(summary.status(), absl::ResourceExhaustedError("disk full"));
    EXPECT_THAT(*graph.GetSnapshot()->AllEntities(), IsEmpty());
    EXPECT_THAT(*CheckConsistency(store), IsEmpty());
  }
  EXPECT_GT(failures, 10);
  EXPECT_THAT(*graph.GetSnapshot()->AllEntities(), SizeIs(kManySpokes + 1));
  EXPECT_THAT(*CheckConsistency(store), IsEmpty());
  CreateEntity(graph);
}

INSTANTIATE_TEST_SUITE_P(Threads, BulkLoadThreadsTest, ::testing::Values(1, 2));

// A database on a disk of which any writing call can fail.
class BulkLoadDiskTest : public ::testing::TestWithParam<FaultFs::Fault> {
 protected:
  // Calls `use` with a graph over the database, opened and closed again without faults.
  template <typename Use>
  void WithGraph(Use use) {
    auto opened = storage::RocksStore::OpenWriter(env_.get(), path_, storage::StoreOptions());
    ASSERT_TRUE(opened.ok()) << opened.status();
    ProbeStore store(*std::move(opened));
    {
      SmallGraph graph(store);
      use(graph, store);
    }
    // After a failure the store may have nothing more to say than that it failed.
    const absl::Status closed = store.Close();
    EXPECT_TRUE(closed.ok() || faults_.has_failed()) << closed;
    faults_.Heal();
  }

  size_t CountEntities() {
    size_t count = 0;
    WithGraph([&](SmallGraph& graph, ProbeStore& store) {
      count = graph.GetSnapshot()->AllEntities()->size();
      EXPECT_THAT(*CheckConsistency(store), IsEmpty());
    });
    // The folder is made when the first load puts something aside.
    if (std::filesystem::exists(path_ + "/bulk")) {
      EXPECT_THAT(FileNames(path_ + "/bulk"), IsEmpty());
    }
    return count;
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.File("db");
  FaultFs faults_;
  const std::unique_ptr<rocksdb::Env> env_ = faults_.NewEnv();
};

// Every call of a load fails in turn, up to the load that none of its calls fails.
TEST_P(BulkLoadDiskTest, WhicheverCallFailsTheLoadIsThereWhollyOrNotAtAll) {
  WithGraph([](SmallGraph& graph, ProbeStore&) { CreateEntity(graph); });
  int failures = 0, installed = 0;
  for (bool is_done = false; !is_done && !HasFatalFailure();) {
    const long call = failures + 1;
    SCOPED_TRACE(absl::StrCat("call ", call));
    bool is_loaded = false;
    WithGraph([&](SmallGraph& graph, ProbeStore& store) {
      faults_.FailAt(call, GetParam());
      const auto summary = LoadInto(graph, store, /*threads=*/1);
      is_loaded = summary.ok();
      is_done = is_loaded && !faults_.has_failed();
      if (is_loaded) return;
      ++failures;
      EXPECT_THAT(summary.status().code(),
                  AnyOf(absl::StatusCode::kResourceExhausted, absl::StatusCode::kUnavailable))
          << summary.status();
    });
    const size_t entities = CountEntities();
    EXPECT_THAT(entities, AnyOf(1, kSpokes + 2));
    EXPECT_TRUE(!is_loaded || entities == kSpokes + 2);
    if (is_loaded && !is_done) ++failures;  // what failed was of no account
    if (entities == 1 || is_done) continue;
    // The step that installs it failed when it was done.  From the beginning again.
    ++installed;
    std::filesystem::remove_all(path_);
    WithGraph([](SmallGraph& graph, ProbeStore&) { CreateEntity(graph); });
  }
  EXPECT_GT(failures, 50);
  EXPECT_LT(installed, failures / 2);
}

INSTANTIATE_TEST_SUITE_P(Faults, BulkLoadDiskTest,
                         ::testing::Values(FaultFs::Fault::kError, FaultFs::Fault::kNoSpace,
                                           FaultFs::Fault::kPowerCut));

}  // namespace
}  // namespace fasti::graph
