#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace fasti::torture {

// Every way to damage one file of a folder a little, each told by its number: bit 0 and bit 7 of
// every byte flipped, cut at every byte, every sector of 512 bytes zeroed, deleted, its contents
// replaced by those of every other file.
class DamagePlan {
 public:
  explicit DamagePlan(const std::string& folder);

  uint64_t size() const { return size_; }
  // Damages `copy`, a copy of the folder.
  void Apply(uint64_t number, const std::string& copy) const;
  // "byte 17 of 000012.sst: bit 7 flipped"
  std::string Describe(uint64_t number) const;
  // Whether a disk that lost power could have left it so, too, for the log being written to: what
  // was written last is missing or zeros.
  bool MayBeTornLog(uint64_t number) const;

 private:
  enum class Kind : uint8_t { kFlipBit0, kFlipBit7, kCut, kZeroSector, kDelete, kReplace };
  struct File {
    std::string name;
    std::string bytes;
  };
  struct Damage {
    const File* file;
    Kind kind;
    uint64_t place;  // byte, sector, or number of the other file
  };

  Damage At(uint64_t number) const;
  uint64_t CountOf(const File& file) const;

  std::vector<File> files_;
  uint64_t size_ = 0;
};

}  // namespace fasti::torture
