#include "engine/storage/rocks_checksum.h"

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "engine/base/crc32c.h"

namespace fasti::storage {
namespace {

class Crc32cGenerator : public rocksdb::FileChecksumGenerator {
 public:
  void Update(const char* data, size_t n) override {
    checksum_ = Crc32c(absl::string_view(data, n), checksum_);
  }
  void Finalize() override {
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes_.push_back(static_cast<char>(checksum_ >> shift));
    }
  }
  std::string GetChecksum() const override { return bytes_; }
  const char* Name() const override { return rocksdb::kStandardDbFileChecksumFuncName; }

 private:
  uint32_t checksum_ = 0;
  std::string bytes_;  // big endian
};

class Crc32cFactory : public rocksdb::FileChecksumGenFactory {
 public:
  std::unique_ptr<rocksdb::FileChecksumGenerator> CreateFileChecksumGenerator(
      const rocksdb::FileChecksumGenContext& context) override {
    const std::string& wanted = context.requested_checksum_func_name;
    if (!wanted.empty() && wanted != rocksdb::kStandardDbFileChecksumFuncName) return nullptr;
    return std::make_unique<Crc32cGenerator>();
  }
  // Of RocksDB's own, since files of options name it.
  const char* Name() const override { return "FileChecksumGenCrc32cFactory"; }
};

}  // namespace

std::shared_ptr<rocksdb::FileChecksumGenFactory> FileChecksums() {
  return std::make_shared<Crc32cFactory>();
}

}  // namespace fasti::storage
