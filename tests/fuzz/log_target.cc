#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "engine/base/crc32c.h"
#include "engine/storage/backup_record.h"
#include "engine/storage/log_scan.h"
#include "fasti/status_macros.h"
#include "tests/fuzz/draw.h"
#include "tests/fuzz/target.h"

// What is read before RocksDB reads anything: a log is whole, torn or damaged, and no cut of a
// whole one is taken for damage; the record of a backup comes back, or tells that it is damaged.

namespace fasti::fuzz {
namespace {

using Verdict = storage::LogScan::Verdict;

constexpr size_t kBlockBytes = 32768;  // of RocksDB's logs
constexpr size_t kHeaderBytes = 7;

uint32_t MaskedCrc(absl::string_view bytes) {
  const uint32_t crc = Crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

// Nothing in a payload looks like the type of a record: whether a log is whole or torn cannot be
// told of one that holds logs.
std::string DrawPayload(Draw* draw, size_t room) {
  std::string payload(draw->Text());
  if (draw->OneIn(16)) payload.resize(room - std::min<size_t>(draw->Byte(), room), 'x');
  for (char& c : payload) {
    if (c >= 1 && c <= 4) c += 4;
  }
  if (room == 0) return "";
  payload.resize(std::min(payload.size(), room - 1));
  payload.push_back('\xA5');
  return payload;
}

// A log of records, each ending in a byte that is not zero.
std::string DrawLog(Draw* draw) {
  std::string log;
  do {
    const size_t left = kBlockBytes - log.size() % kBlockBytes;
    if (left < kHeaderBytes) {
      log.append(left, '\0');
      continue;
    }
    const std::string payload = DrawPayload(draw, left - kHeaderBytes);
    const std::string typed =
        absl::StrCat(std::string(1, static_cast<char>(1 + draw->Below(4))), payload);
    const uint32_t crc = MaskedCrc(typed);
    for (int i = 0; i < 4; ++i) log.push_back(static_cast<char>(crc >> (8 * i)));
    log.push_back(static_cast<char>(payload.size()));
    log.push_back(static_cast<char>(payload.size() >> 8));
    log.append(typed);
  } while (!draw->done() && log.size() < 2 * kBlockBytes);
  return log;
}

// `log` is whole; cut, it is whole or torn, and so it is with zeros behind the cut; with one bit
// flipped it is damaged, but for what only looks unfinished.
absl::Status CheckDrawnLog(Draw draw) {
  const size_t place = draw.Number() % (2 * kBlockBytes);
  const int bit = 1 << draw.Below(8);
  std::string log = DrawLog(&draw);
  if (storage::ScanLog(log).verdict != Verdict::kWhole) return Broken("a whole log is not whole");
  const size_t at = place % log.size();
  const std::string cut = log.substr(0, at);
  for (const size_t zeros : {size_t{0}, log.size() - at}) {
    const storage::LogScan scan = storage::ScanLog(cut + std::string(zeros, '\0'));
    if (scan.verdict != Verdict::kDamaged) continue;
    return Broken("a log of ", log.size(), " bytes cut at ", at, " with ", zeros,
                  " zeros behind counts as damaged at ", scan.offset, ": ", scan.reason);
  }
  // What stands between the last record of a block and its end is never read.
  if (kBlockBytes - at % kBlockBytes < kHeaderBytes && log[at] == '\0') return absl::OkStatus();
  log[at] = static_cast<char>(log[at] ^ bit);
  if (storage::ScanLog(log).verdict == Verdict::kDamaged) return absl::OkStatus();
  return Broken("a flip of ", bit, " at ", at, " of ", log.size(), " bytes is not told");
}

absl::Status CheckBackupRecord(absl::string_view bytes, bool mend) {
  std::string text(bytes);
  if (mend) absl::StrAppend(&text, absl::StrFormat("end %08x\n", Crc32c(text)));
  uint32_t number = 0;
  const storage::BackupRecord record = storage::DecodeBackupRecord("r", number, text);
  if (!record.state.ok()) {
    if (absl::StartsWith(record.state.message(), "r: ")) return absl::OkStatus();
    return Broken("the place is not told: ", record.state.ToString());
  }
  const storage::BackupRecord again =
      storage::DecodeBackupRecord("r", number, storage::EncodeBackupRecord(record));
  if (again.state.ok() && again.created == record.created && again.bytes == record.bytes &&
      again.meta_bytes == record.meta_bytes && again.meta_crc == record.meta_crc &&
      again.note == record.note) {
    return absl::OkStatus();
  }
  return Broken("the record of a backup comes back as another");
}

}  // namespace

absl::Status FuzzLog(absl::string_view input) {
  Draw draw(input);
  switch (draw.Below(4)) {
    case 0:
      return CheckBackupRecord(draw.Rest(), /*mend=*/false);
    case 1:
      return CheckBackupRecord(draw.Rest(), /*mend=*/true);
    case 2: {
      const storage::LogScan scan = storage::ScanLog(draw.Rest());
      if (scan.offset > draw.Rest().size()) return Broken("damage behind the end of a log");
      if ((scan.verdict == Verdict::kDamaged) == scan.reason.empty()) {
        return Broken("damage without a reason, or a reason without damage");
      }
      return absl::OkStatus();
    }
    default:
      return CheckDrawnLog(draw);
  }
}

}  // namespace fasti::fuzz
