#pragma once

#include <cstdint>
#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

// A look at a log of RocksDB (write-ahead log, MANIFEST) before RocksDB reads it.
//
// A crash may leave the last record half written, and recovery rightly drops such a tail.  But
// RocksDB takes any record that does not check for such a tail, and so drops, without a word,
// everything behind one flipped bit.  The two can be told apart: a crash leaves nothing sound
// behind the tear, no header that is none but for zeros that were never written over, no checksum
// that fits if a byte of the length is another, and no complete record with a wrong checksum unless
// the file ends in such zeros.  This relies on every record ending in a byte that is not zero
// (RocksStore::Write).

namespace fasti::storage {

struct LogScan {
  enum class Verdict : uint8_t {
    kWhole,    // every record checks
    kTorn,     // all but an unfinished tail, which a crash explains
    kDamaged,  // something that was written has changed
  };
  Verdict verdict = Verdict::kWhole;
  uint64_t offset = 0;       // of the first record that does not check
  absl::string_view reason;  // static text; for kDamaged
};

// `bytes` is the whole file.  Cost: one checksum over it; behind a bad record up to 2 ms for each
// block of 32 KiB.
LogScan ScanLog(absl::string_view bytes);

// RocksDB's number of the first change in a write-ahead log, with which its first entry begins.
// nullopt if it has none.  REQUIRES: `bytes` is whole.
std::optional<uint64_t> FirstSequence(absl::string_view bytes);

// Visits the entries of a log that are whole, also behind damaged ones; each holds for the call.
// Returns where the first damage or unfinished record is, nullopt if there is none.
std::optional<uint64_t> ForEachSoundEntry(absl::string_view bytes,
                                          absl::FunctionRef<void(absl::string_view entry)> visit);

}  // namespace fasti::storage
