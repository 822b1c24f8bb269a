#include "tools/transfer/content_hash.h"

#include <random>
#include <set>
#include <string>

#include "gtest/gtest.h"

namespace fasti::transfer {
namespace {

absl::uint128 HashOf(absl::string_view bytes) {
  ContentHash hash;
  hash.Add(bytes);
  return hash.Value();
}

std::string RandomBytes(std::mt19937_64* random, size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>((*random)());
  return bytes;
}

TEST(ContentHashTest, WhereTheBytesAreCutDoesNotMatter) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (size_t size = 1; size < 5000; size += 1 + size / 7) {
    const std::string bytes = RandomBytes(&random, size);
    ContentHash cut;
    for (absl::string_view rest = bytes; !rest.empty();) {
      const size_t piece = 1 + random() % rest.size();
      cut.Add(rest.substr(0, piece));
      cut.Add("");
      rest.remove_prefix(piece);
    }
    EXPECT_EQ(cut.Value(), HashOf(bytes)) << size;
  }
}

// Databases keep it.
TEST(ContentHashTest, ItIsTheSameForEver) {
  EXPECT_EQ(HashOf(""), absl::MakeUint128(0x99aa06d3014798d8, 0x6001c324468d497f));
  EXPECT_EQ(HashOf("a\tknows\tb\t2014\t2015\n"),
            absl::MakeUint128(0xc13bec3f8435b69f, 0xcccb0c2ee9373b93));
  EXPECT_EQ(HashOf(std::string(100'000, 'x')),
            absl::MakeUint128(0x0fe996a84987456b, 0xd8b99a30e426ac41));
}

TEST(ContentHashTest, WhatDiffersInOneBitOrInZerosAtTheEndDiffers) {
  std::mt19937_64 random(1);
  const std::string bytes = RandomBytes(&random, 50);
  std::set<absl::uint128> hashes = {HashOf(bytes)};
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string other = bytes;
    other[bit / 8] ^= static_cast<char>(1 << bit % 8);
    hashes.insert(HashOf(other));
  }
  for (size_t zeros = 1; zeros <= 40; ++zeros) {
    hashes.insert(HashOf(bytes + std::string(zeros, '\0')));
    hashes.insert(HashOf(std::string(zeros, '\0')));
  }
  EXPECT_EQ(hashes.size(), 1 + 8 * bytes.size() + 80);
}

}  // namespace
}  // namespace fasti::transfer
