#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// Ordered bytes, in families, behind about ten calls: what the engine asks of whatever keeps its
// data.  Nothing here knows what the bytes mean.  Rules that every caller keeps, so that a
// distributed store can stand here one day: keys, values and batches within the limits below,
// nothing in the meaning of data that needs merges, filters, expiry or comparators other than
// byte order.

namespace fasti::storage {

enum class Family : uint8_t { kDefault, kPost, kLog, kExtra, kDict, kTime, kText, kFold };
inline constexpr int kFamilyCount = 8;
absl::string_view FamilyName(Family family);

// Write refuses more with INVALID_ARGUMENT.  A record of the log is a whole commit, so values of
// kLog are bounded by the batch alone.
inline constexpr size_t kKeyBytesMax = 2000;
inline constexpr size_t kValueBytesMax = size_t{64} << 10;
inline constexpr size_t kBatchBytesMax = size_t{64} << 20;

enum class Durability : uint8_t {
  kSync,      // on disk when Write returns
  kBuffered,  // survives the end of the process; a power cut may cost the latest, in whole batches
};

struct Entry {
  std::string key;
  std::string value;
};

// Writes to be made at once.
class Batch {
 public:
  void Put(Family family, absl::string_view key, absl::string_view value);
  void Delete(Family family, absl::string_view key);
  void Clear();
  bool empty() const { return operations_.empty(); }
  size_t bytes() const { return bytes_; }

  struct Operation {
    Family family;
    bool is_delete;
    std::string key;
    std::string value;
  };
  const std::vector<Operation>& operations() const ABSL_ATTRIBUTE_LIFETIME_BOUND {
    return operations_;
  }

 private:
  std::vector<Operation> operations_;
  size_t bytes_ = 0;
};

// Walks the keys of one family in byte order, over the state at its creation.  Used by one thread.
// After any move, !Valid() means the end or a failure: ask status().  A cursor must be gone before
// its store is closed.
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual void Seek(absl::string_view key) = 0;             // the first key >= `key`
  virtual void SeekForPrevious(absl::string_view key) = 0;  // the last key <= `key`
  virtual void Next() = 0;
  virtual void Previous() = 0;
  virtual bool Valid() const = 0;
  // Views that hold until the next move.
  virtual absl::string_view key() const = 0;
  virtual absl::string_view value() const = 0;
  virtual absl::Status status() const = 0;
};

// A sorted run as BulkLoad takes it.  Runs of one family must not overlap.
struct SortedRun {
  Family family;
  // Yields entries in strictly ascending key order; false at the end.
  std::function<absl::StatusOr<bool>(Entry*)> next;
};

// Writes the entries of one sorted run.  Used by one thread.
class RunWriter {
 public:
  virtual ~RunWriter() = default;
  // INVALID_ARGUMENT unless keys ascend strictly and entries keep the limits.
  virtual absl::Status Add(absl::string_view key, absl::string_view value) = 0;
  // REQUIRES: every Add succeeded.
  virtual absl::Status Finish() = 0;
};

// How often the store let writes wait because it could not keep up with them.
struct WriteStalls {
  uint64_t slowdowns = 0;
  uint64_t stops = 0;
};

// Sorted runs on their way into a store.  They are written to files while the store goes on as it
// was; one atomic step then installs them all, and without it they are gone with this object.
class Installation {
 public:
  virtual ~Installation() = default;
  // A run of `family`, which must not overlap another of it; not kLog.  May be called, and the
  // writers used, from several threads at once.
  virtual absl::StatusOr<std::unique_ptr<RunWriter>> NewRun(Family family) = 0;
  // Installs every run over all families in one step, durable together with every Write before it.
  // REQUIRES: every writer was finished and is gone; no family named was ever written by Write, or
  // it was flushed with Flush and nobody writes.  INVALID_ARGUMENT, and nothing is installed, if
  // that or the order of keys is violated.
  virtual absl::Status Install() = 0;
};

// Bytes put aside while something larger is being made: written once from front to back, then read
// at any place.  They are gone with this object, or, if the process dies before, at the next open.
class ScratchFile {
 public:
  virtual ~ScratchFile() = default;
  virtual absl::Status Append(absl::string_view bytes) = 0;
  // Ends the writing; Read may then be called from several threads at once.
  virtual absl::Status Seal() = 0;
  // Fills `out` with the bytes from `offset` on.  UNAVAILABLE if the file ends before.
  virtual absl::Status Read(uint64_t offset, absl::Span<char> out) const = 0;
};

struct StoreOptions {
  bool create_if_missing = true;
  bool read_only = false;  // follows a writer in another process
  size_t cache_bytes = size_t{256} << 20;
};

// All methods may be called from several threads at once.
class Store {
 public:
  virtual ~Store() = default;

  // NOT_FOUND if the key is absent; DATA_LOSS for bytes that do not check.
  virtual absl::StatusOr<std::string> Get(Family family, absl::string_view key) const = 0;
  // One result per key, in order.
  virtual std::vector<absl::StatusOr<std::string>> MultiGet(
      Family family, absl::Span<const std::string> keys) const = 0;
  virtual std::unique_ptr<Cursor> NewCursor(Family family) const = 0;

  // All or nothing.  INVALID_ARGUMENT if the batch is over a limit, FAILED_PRECONDITION if the
  // store is read-only: nothing happened.  Any other failure (RESOURCE_EXHAUSTED if the disk is
  // full, UNAVAILABLE if it fails) leaves all of the batch or nothing of it, as the next open will
  // show, and from then on the store refuses to write.  Failures of Flush, and of
  // Installation::Install, do the same.
  virtual absl::Status Write(const Batch& batch, Durability durability) = 0;

  // Begins to install sorted runs; several may be begun at once.  FAILED_PRECONDITION if the store
  // is read-only.
  virtual absl::StatusOr<std::unique_ptr<Installation>> NewInstallation() = 0;
  // An installation in one call; an error of `next` is passed on.
  absl::Status BulkLoad(std::vector<SortedRun> runs);
  virtual absl::StatusOr<std::unique_ptr<ScratchFile>> NewScratchFile() = 0;
  // Makes what Write put into these families durable in files.
  virtual absl::Status Flush(absl::Span<const Family> families) = 0;

  // For read_only: sees what the writer wrote up to now.  FAILED_PRECONDITION for a writer;
  // DATA_LOSS if a table is damaged without which it would not, UNAVAILABLE if the writer is too
  // fast.  Not to be called by two threads at once.
  virtual absl::Status CatchUp() = 0;

  // Since the store was opened; for people.
  virtual WriteStalls write_stalls() const = 0;
  // On disk and in memory; for people and for planning.
  virtual uint64_t ApproximateBytes(Family family) const = 0;
  // Of the entries from `begin` up to, without, `end`; files only, to about a page of each.  0 also
  // if it cannot be told.
  // REQUIRES: begin <= end.
  virtual uint64_t ApproximateBytesBetween(Family family, absl::string_view begin,
                                           absl::string_view end) const = 0;
  // Every reason to think that files are damaged, one line each; reads all of them.
  virtual absl::StatusOr<std::vector<std::string>> Verify() const = 0;
  // Ends the use of the store, which only its destructor may follow.  REQUIRES: no call is running,
  // no cursor is left.
  virtual absl::Status Close() = 0;
};

// Opens a directory.  Errors as in Database::Open.
absl::StatusOr<std::unique_ptr<Store>> OpenRocksStore(absl::string_view path,
                                                      const StoreOptions& options);
// A store in memory, gone with its last pointer.
absl::StatusOr<std::unique_ptr<Store>> OpenMemoryStore();

}  // namespace fasti::storage
