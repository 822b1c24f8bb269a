#include "tests/torture/damage_plan.h"

#include <algorithm>
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "tests/support/files.h"

namespace fasti::torture {

namespace {

constexpr uint64_t kSectorBytes = 512;

uint64_t SectorsOf(const std::string& bytes) {
  return (bytes.size() + kSectorBytes - 1) / kSectorBytes;
}

}  // namespace

DamagePlan::DamagePlan(const std::string& folder) {
  for (const std::string& name : FileNames(folder)) {
    const std::string path = absl::StrCat(folder, "/", name);
    if (!std::filesystem::is_regular_file(path)) continue;
    // What RocksDB tells people, and what no database reads.
    if (name == "LOG" || absl::StartsWith(name, "LOG.old") || name == "LOCK") continue;
    files_.push_back({name, ReadFile(path)});
  }
  for (const File& file : files_) size_ += CountOf(file);
}

uint64_t DamagePlan::CountOf(const File& file) const {
  return 3 * file.bytes.size() + SectorsOf(file.bytes) + files_.size();
}

DamagePlan::Damage DamagePlan::At(uint64_t number) const {
  FASTI_CHECK(number < size_);
  auto file = files_.begin();
  while (number >= CountOf(*file)) number -= CountOf(*file++);
  for (const Kind kind : {Kind::kFlipBit0, Kind::kFlipBit7, Kind::kCut}) {
    if (number < file->bytes.size()) return {&*file, kind, number};
    number -= file->bytes.size();
  }
  if (number < SectorsOf(file->bytes)) return {&*file, Kind::kZeroSector, number};
  number -= SectorsOf(file->bytes);
  // Replaced by itself would be no damage: that number deletes it.
  if (&files_[number] == &*file) return {&*file, Kind::kDelete, 0};
  return {&*file, Kind::kReplace, number};
}

void DamagePlan::Apply(uint64_t number, const std::string& copy) const {
  const Damage damage = At(number);
  const std::string path = absl::StrCat(copy, "/", damage.file->name);
  std::string bytes = damage.file->bytes;
  switch (damage.kind) {
    case Kind::kFlipBit0:
    case Kind::kFlipBit7:
      bytes[damage.place] =
          static_cast<char>(bytes[damage.place] ^ (damage.kind == Kind::kFlipBit0 ? 1 : 0x80));
      break;
    case Kind::kCut:
      bytes.resize(damage.place);
      break;
    case Kind::kZeroSector: {
      const uint64_t begin = damage.place * kSectorBytes;
      const uint64_t end = std::min<uint64_t>(begin + kSectorBytes, bytes.size());
      std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                bytes.begin() + static_cast<std::ptrdiff_t>(end), '\0');
      break;
    }
    case Kind::kDelete:
      std::filesystem::remove(path);
      return;
    case Kind::kReplace:
      bytes = files_[damage.place].bytes;
      break;
  }
  WriteFile(path, bytes);
}

std::string DamagePlan::Describe(uint64_t number) const {
  const Damage damage = At(number);
  const std::string& name = damage.file->name;
  switch (damage.kind) {
    case Kind::kFlipBit0:
    case Kind::kFlipBit7:
      return absl::StrCat("byte ", damage.place, " of ", name, ": bit ",
                          damage.kind == Kind::kFlipBit0 ? 0 : 7, " flipped");
    case Kind::kCut:
      return absl::StrCat(name, " cut to ", damage.place, " bytes");
    case Kind::kZeroSector:
      return absl::StrCat("sector ", damage.place, " of ", name, " zeroed");
    case Kind::kDelete:
      return absl::StrCat(name, " deleted");
    case Kind::kReplace:
      break;
  }
  return absl::StrCat(name, " replaced by ", files_[damage.place].name);
}

bool DamagePlan::MayBeTornLog(uint64_t number) const {
  const Damage damage = At(number);
  const auto is_log = [](const File& file) { return absl::EndsWith(file.name, ".log"); };
  const auto last = std::find_if(files_.rbegin(), files_.rend(), is_log);
  if (last == files_.rend() || damage.file != &*last) return false;
  return damage.kind == Kind::kCut ||
         (damage.kind == Kind::kZeroSector && damage.place + 1 == SectorsOf(damage.file->bytes));
}

}  // namespace fasti::torture
