#include "engine/storage/rocks_checksum.h"

#include <algorithm>
#include <memory>
#include <random>
#include <string>

#include "gtest/gtest.h"

namespace fasti::storage {
namespace {

TEST(RocksChecksumTest, FilesHaveTheChecksumThatRocksDbWouldGiveThem) {
  std::mt19937_64 random(1);
  for (const size_t size : {0, 1, 7, 8, 9, 1000, 100'000}) {
    SCOPED_TRACE(size);
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    const auto theirs = rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator({});
    const auto ours = FileChecksums()->CreateFileChecksumGenerator({});
    theirs->Update(bytes.data(), size);
    for (size_t at = 0, some = 0; at < size; at += some) {
      some = std::min<size_t>(size - at, 1 + random() % 500);
      ours->Update(bytes.data() + at, some);
    }
    theirs->Finalize();
    ours->Finalize();
    EXPECT_EQ(ours->GetChecksum(), theirs->GetChecksum());
    EXPECT_STREQ(ours->Name(), theirs->Name());
  }
  EXPECT_STREQ(FileChecksums()->Name(), rocksdb::GetFileChecksumGenCrc32cFactory()->Name());
}

TEST(RocksChecksumTest, NobodyIsGivenAChecksumOfAnotherKind) {
  rocksdb::FileChecksumGenContext context;
  context.requested_checksum_func_name = "xxh64";
  EXPECT_EQ(FileChecksums()->CreateFileChecksumGenerator(context), nullptr);
  context.requested_checksum_func_name = rocksdb::kStandardDbFileChecksumFuncName;
  EXPECT_NE(FileChecksums()->CreateFileChecksumGenerator(context), nullptr);
}

}  // namespace
}  // namespace fasti::storage
