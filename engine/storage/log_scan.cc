#include "engine/storage/log_scan.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "engine/base/crc32c.h"

namespace fasti::storage {
namespace {

// The format: blocks of 32 KiB, each a sequence of records, none of which crosses the border of a
// block; what is left at the end of one, too short for a header, is zeros.
//
//   OFFSET SIZE
//   0      4     masked crc32c of type and payload, little endian
//   4      2     length of the payload, little endian
//   6      1     type: 1 a whole entry, 2 its first part, 3 a middle one, 4 its last
//   7            payload
constexpr size_t kBlockBytes = 32768;
constexpr size_t kHeaderBytes = 7;
constexpr size_t kSectorBytes = 512;  // what a disk writes or does not
constexpr uint8_t kTypeWhole = 1;
constexpr uint8_t kTypeBegin = 2;
constexpr uint8_t kTypeEnd = 4;

// Checksums are stored so that the checksum of bytes with checksums in them stays a good one.
uint32_t Mask(uint32_t crc) {
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

size_t LeftInBlock(size_t offset) {
  return kBlockBytes - offset % kBlockBytes;
}

class Scanner {
 public:
  explicit Scanner(absl::string_view bytes) : bytes_(bytes) {}

  LogScan Run() const {
    size_t offset = 0;
    while (offset < bytes_.size()) {
      if (LeftInBlock(offset) < kHeaderBytes) {
        offset += LeftInBlock(offset);
      } else if (RecordChecks(offset)) {
        offset += kHeaderBytes + LengthAt(offset);
      } else {
        return JudgeBadRecord(offset);
      }
    }
    return {};
  }

  std::optional<uint64_t> ForEachSoundEntry(
      absl::FunctionRef<void(absl::string_view entry)> visit) const {
    std::optional<uint64_t> damage;
    std::string entry;
    bool is_begun = false;  // `entry` holds the parts so far
    for (size_t offset = 0; offset < bytes_.size();) {
      if (LeftInBlock(offset) < kHeaderBytes) {
        offset += LeftInBlock(offset);
        continue;
      }
      if (!RecordChecks(offset)) {
        if (!damage) damage = offset;
        is_begun = false;
        offset = NextSoundRecord(offset);
        continue;
      }
      const uint8_t type = ByteAt(offset + 6);
      if (type <= kTypeBegin) {
        entry.clear();
        is_begun = true;
      }
      if (is_begun) absl::StrAppend(&entry, bytes_.substr(offset + kHeaderBytes, LengthAt(offset)));
      if (is_begun && (type == kTypeWhole || type == kTypeEnd)) {
        visit(entry);
        is_begun = false;
      }
      offset += kHeaderBytes + LengthAt(offset);
    }
    return damage;
  }

 private:
  uint8_t ByteAt(size_t offset) const { return static_cast<uint8_t>(bytes_[offset]); }
  uint32_t ChecksumAt(size_t offset) const {
    return ByteAt(offset) | ByteAt(offset + 1) << 8 | ByteAt(offset + 2) << 16 |
           static_cast<uint32_t>(ByteAt(offset + 3)) << 24;
  }
  size_t LengthAt(size_t offset) const {
    return ByteAt(offset + 4) | static_cast<size_t>(ByteAt(offset + 5)) << 8;
  }
  bool HeaderFits(size_t offset) const { return offset + kHeaderBytes <= bytes_.size(); }
  // REQUIRES: HeaderFits(offset).
  bool RecordFits(size_t offset) const {
    const size_t end = kHeaderBytes + LengthAt(offset);
    return end <= LeftInBlock(offset) && offset + end <= bytes_.size();
  }
  bool RecordChecks(size_t offset) const {
    if (!HeaderFits(offset)) return false;
    const uint8_t type = ByteAt(offset + 6);
    if (type < kTypeWhole || type > kTypeEnd || !RecordFits(offset)) return false;
    return ChecksumAt(offset) == Mask(Crc32c(bytes_.substr(offset + 6, 1 + LengthAt(offset))));
  }

  LogScan JudgeBadRecord(size_t offset) const {
    using Verdict = LogScan::Verdict;
    if (SoundRecordAfter(offset)) return {Verdict::kDamaged, offset, "sound records follow it"};
    if (HeaderFits(offset)) {
      if (!MayBeHeader(offset))
        return {Verdict::kDamaged, offset, "it begins with no header of a record"};
      if (ChecksumFitsAnotherLength(offset)) {
        return {Verdict::kDamaged, offset, "its checksum fits another length"};
      }
      if (RecordFits(offset) && bytes_[EndBehind(offset) - 1] != '\0') {
        return {Verdict::kDamaged, offset, "it is complete and its checksum is wrong"};
      }
    }
    return {Verdict::kTorn, offset, ""};
  }

  // Whether a header was begun there.  What of it was not written is zeros, and so is what follows
  // in its sector; the type is written last.
  bool MayBeHeader(size_t offset) const {
    const size_t type_at = offset + kHeaderBytes - 1;
    const uint8_t type = ByteAt(type_at);
    if (type > kTypeEnd) return false;
    if (type >= kTypeWhole) return kHeaderBytes + LengthAt(offset) <= LeftInBlock(offset);
    const size_t sector_end = (type_at / kSectorBytes + 1) * kSectorBytes;
    const absl::string_view rest = bytes_.substr(type_at, sector_end - type_at);
    return rest.find_first_not_of('\0') == absl::string_view::npos;
  }

  // Where what was written ends, for a record behind which nothing is sound: with the file, but for
  // the zeros that fill a block whose rest holds no header.
  size_t EndBehind(size_t offset) const {
    const size_t end = offset + kHeaderBytes + LengthAt(offset);
    const size_t left = LeftInBlock(end);
    return left < kHeaderBytes && bytes_.size() - end <= left ? end : bytes_.size();
  }

  // Behind a damaged length nothing says where the next record begins, so every place is tried.
  // The end of the file if there is none.
  size_t NextSoundRecord(size_t offset) const {
    for (size_t next = offset + 1; HeaderFits(next); ++next) {
      if (LeftInBlock(next) >= kHeaderBytes && RecordChecks(next)) return next;
    }
    return bytes_.size();
  }
  bool SoundRecordAfter(size_t offset) const { return NextSoundRecord(offset) < bytes_.size(); }

  // Only one that differs in one byte: among all lengths some checksum fits by chance, once in a
  // hundred thousand torn tails.
  bool ChecksumFitsAnotherLength(size_t offset) const {
    const uint32_t stored = ChecksumAt(offset);
    const size_t length_max = std::min(bytes_.size() - offset, LeftInBlock(offset)) - kHeaderBytes;
    uint32_t crc = Crc32c(bytes_.substr(offset + 6, 1));
    for (size_t length = 0;; ++length) {
      const size_t difference = length ^ LengthAt(offset);
      const bool in_one_byte = (difference & 0xff) == 0 || difference >> 8 == 0;
      if (in_one_byte && stored == Mask(crc)) return true;
      if (length == length_max) return false;
      crc = Crc32c(bytes_.substr(offset + kHeaderBytes + length, 1), crc);
    }
  }

  const absl::string_view bytes_;
};

}  // namespace

LogScan ScanLog(absl::string_view bytes) {
  return Scanner(bytes).Run();
}

std::optional<uint64_t> FirstSequence(absl::string_view bytes) {
  if (bytes.size() < kHeaderBytes + sizeof(uint64_t)) return std::nullopt;
  uint64_t sequence = 0;
  for (size_t i = sizeof(uint64_t); i > 0; --i) {
    sequence = sequence << 8 | static_cast<uint8_t>(bytes[kHeaderBytes + i - 1]);
  }
  return sequence;
}

std::optional<uint64_t> ForEachSoundEntry(absl::string_view bytes,
                                          absl::FunctionRef<void(absl::string_view entry)> visit) {
  return Scanner(bytes).ForEachSoundEntry(visit);
}

}  // namespace fasti::storage
