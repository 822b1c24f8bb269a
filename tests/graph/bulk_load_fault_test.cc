#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/graph/bulk_load.h"
#include "engine/graph/consistency.h"
#include "fasti/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/probe_store.h"
#include "tests/graph/small_graph.h"

namespace fasti::graph {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

absl::StatusOr<BulkLoadSummary> LoadInto(SmallGraph& graph, ProbeStore& store,
                                         const Dictionary& dictionary) {
  BulkFigures figures;
  FASTI_ASSIGN_OR_RETURN(const auto loader,
                         BulkLoaderImpl::Begin({.store = store,
                                                .dictionary = dictionary,
                                                .queue = graph.queue(),
                                                .blocks = graph.blocks(),
                                                .folder = graph.folder(),
                                                .figures = figures,
                                                .use = {}},
                                               {.memory_bytes = 1, .threads = 2}));
  std::vector<BulkRefusal> refused;
  for (int i = 0; i < 500; ++i) {
    const std::string object = absl::StrCat("spoke ", i);
    const BulkFact fact = {.subject = "hub", .relation = "knows", .object = object};
    FASTI_RETURN_IF_ERROR(loader->Add({fact}, &refused));
  }
  return loader->Finish();
}

// The disk may fill up at any file that a load begins.
TEST(BulkLoadFaultTest, ALoadThatFindsNoSpaceInstallsNothingAndTheDatabaseGoesOn) {
  ProbeStore store;
  const Dictionary dictionary(store);
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
    const auto summary = LoadInto(graph, store, dictionary);
    store.before_scratch_file = store.before_bulk_load = nullptr;
    if (summary.ok()) break;
    ++failures;
    EXPECT_EQ(summary.status(), absl::ResourceExhaustedError("disk full"));
    EXPECT_THAT(*graph.GetSnapshot()->AllEntities(), IsEmpty());
    EXPECT_THAT(*CheckConsistency(store), IsEmpty());
  }
  EXPECT_GT(failures, 10);
  EXPECT_THAT(*graph.GetSnapshot()->AllEntities(), SizeIs(501));
  EXPECT_THAT(*CheckConsistency(store), IsEmpty());
  const auto t = graph.Begin();
  EXPECT_TRUE(t->CreateEntity().ok());
  EXPECT_TRUE(t->Commit().ok());
}

}  // namespace
}  // namespace fasti::graph
