#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fasti/fact.h"
#include "fasti/ids.h"
#include "fasti/period.h"
#include "fasti/value.h"

namespace fasti {

// A fact in names, as files of facts tell it.  The views must hold until Add returns.
struct BulkFact {
  absl::string_view subject;
  absl::string_view relation;
  absl::string_view object;      // the name of an entity
  const Value* value = nullptr;  // instead of `object`: a literal; `relation` is then an attribute
  Period valid;
  Modality modality = Modality::kAsserted;
  // The known period; always, unless the file tells it.
  Instant known_from = kInstantMin;
  Instant known_to = kInstantMax;
};

// Which entity a name means.  A name that no entity has makes a new one, with that name; one that
// fits several entities is ambiguous, and facts that use it are refused.
enum class NameMatching : uint8_t {
  kExact,   // the one named just so, else the one with just that alias: as MERGE ({name: ...}) does
  kFolded,  // the one with that name or alias, case and accents folded: as Database::Report does
};

struct BulkProgress {
  enum class Stage : uint8_t { kReading, kMerging, kWriting, kDone };
  Stage stage = Stage::kReading;
  uint64_t facts = 0;       // taken by Add
  uint64_t rows_done = 0;   // of the present stage, once Finish was called
  uint64_t rows_total = 0;  // facts, and two rows for each new entity
};

struct BulkLoadOptions {
  NameMatching names = NameMatching::kExact;
  // For rows, while they are being sorted.  Names come on top, with about 110 bytes and their own
  // length each; nothing else grows with the load.
  size_t memory_bytes = size_t{384} << 20;
  // Threads of Finish; 0: one per processor.  Add works in those of its callers.
  int threads = 0;
  // Called a few times a second, by one thread at a time.  It must not call the loader.
  std::function<void(const BulkProgress&)> progress;
};

// A fact that Add did not take, and why.
struct BulkRefusal {
  size_t index = 0;  // in the batch
  absl::Status reason;
};

// What tells a load from every other, so that it can be repeated when nobody knows whether it took
// place.
struct BulkBatch {
  // Of what was read, such as a hash of it; 0: none.  It is kept with the facts, among the last
  // 10,000, which Report::batch_id shares.
  absl::uint128 id = 0;
  bool again = false;  // load it even if it is there
};

struct BulkLoadSummary {
  Sequence sequence = 0;  // of the commit; that of the one before if nothing was loaded
  Instant committed = 0;  // when that was recorded
  // An earlier commit, which is the one told, had the same batch id: nothing was loaded.
  bool repeated = false;
  uint64_t facts = 0;
  uint64_t entities_created = 0;
  uint64_t relations_created = 0;  // attribute keys included
};

// Loads many facts at once, far faster than transactions: they are sorted aside, in files that the
// database does not know, and one atomic step then installs all of them as a single commit.  After
// a crash at any moment all of the load is there, or nothing of it.
//
//   FASTI_ASSIGN_OR_RETURN(auto loader, database->BeginBulkLoad({}));
//   FASTI_RETURN_IF_ERROR(loader->Add(facts, &refused));
//   FASTI_ASSIGN_OR_RETURN(auto summary, loader->Finish());
//
// It holds the writer's place from its beginning to its end: transactions, reports and folds wait
// meanwhile (the figure `bulk_load_facts` of Database::Statistics tells why), snapshots do not.
// What is loaded is visible to snapshots taken after Finish.  Facts carry no qualifiers and no
// claims.  The order in which facts are added shows in nothing but the numbers given out.
//
// Cost: each fact is sorted three times and written to four orders, each time once.  In a database
// with facts only the blocks that the new ones fall into are read and rewritten, and a name costs
// one look-up when it is first met.  The files take about 20 bytes a fact and order until Finish
// returns.
class BulkLoader {
 public:
  // Abandons the load unless it was finished; its files are deleted.
  virtual ~BulkLoader() = default;

  // Takes a batch; thousands of facts at a time cost the least.  May be called from several threads
  // at once.  Facts that cannot be stored (a bad period, text that is no name, an ambiguous name,
  // an open end of an EVENT) go to `refused`, in order, and the others are taken.  An error means
  // that the load has failed and nothing will be installed: RESOURCE_EXHAUSTED if the disk is full,
  // CANCELLED after Cancel, DATA_LOSS if the database is damaged.
  virtual absl::Status Add(absl::Span<const BulkFact> facts, std::vector<BulkRefusal>* refused) = 0;
  // Installs the load and gives the writer's place up; both also on failure, but for the
  // installation.  Errors as of Add; the database is as it was.  If the very last step fails, it is
  // read-only until it is opened again, which shows all of the load or nothing.
  // REQUIRES: no Add is running; nothing but the destructor is called afterwards.
  absl::StatusOr<BulkLoadSummary> Finish() { return FinishBatch({}); }
  // As Finish, but a load whose batch is there already ends without being installed.
  virtual absl::StatusOr<BulkLoadSummary> FinishBatch(const BulkBatch& batch) = 0;
  // Makes the calls above fail soon.  May be called at any time, by any thread.
  virtual void Cancel() = 0;
};

}  // namespace fasti
