#include "engine/codec/packed.h"

#include <gtest/gtest.h>

#include <string>

#include "capnp/any.h"

// The limits of schema/README.md, which keep a damaged record from taking time or memory: each at
// the limit and one beyond.

namespace fasti::codec {
namespace {

constexpr size_t kWordBytes = sizeof(capnp::word);
// The table of segments and the pointer to the root.
constexpr size_t kWordsBefore = 2;

// A message of `words` words in all, which holds zeros.
std::string MessageOf(size_t words) {
  capnp::MallocMessageBuilder message(static_cast<unsigned>(words));
  message.getRoot<capnp::AnyPointer>().initAs<capnp::Data>(
      static_cast<unsigned>((words - kWordsBefore) * kWordBytes));
  return Pack(message);
}

// Structs one in the other.
std::string MessageOfDepth(int levels) {
  capnp::MallocMessageBuilder message;
  capnp::AnyPointer::Builder place = message.getRoot<capnp::AnyPointer>();
  for (int i = 0; i < levels; ++i) place = place.initAsAnyStruct(0, 1).getPointerSection()[0];
  return Pack(message);
}

// Whether nothing is thrown.
template <typename Action>
bool Passes(const Action& action) {
  try {
    action();
    return true;
  } catch (const kj::Exception&) {
    return false;
  }
}

TEST(PackedTest, AMessageUnpacksToEightMebibytesAndNoMore) {
  constexpr size_t kWordsMax = (size_t{8} << 20) / kWordBytes;
  for (const size_t words : {kWordsMax, kWordsMax + 1}) {
    const std::string bytes = MessageOf(words);
    EXPECT_LT(bytes.size(), words) << "zeros pack well: a short record may be a long message";
    EXPECT_EQ(Passes([&] { UnpackedMessage message(bytes); }), words == kWordsMax) << words;
  }
}

TEST(PackedTest, StructsAreFollowed32LevelsDeepAndNoMore) {
  constexpr int kLevelsMax = 32;
  for (const int levels : {kLevelsMax, kLevelsMax + 1}) {
    const std::string bytes = MessageOfDepth(levels);
    UnpackedMessage message(bytes);
    const bool passes = Passes([&] {
      auto place = message.root<capnp::AnyPointer>();
      for (int i = 0; i < levels; ++i) {
        place = place.getAs<capnp::AnyStruct>().getPointerSection()[0];
      }
    });
    EXPECT_EQ(passes, levels == kLevelsMax) << levels;
  }
}

TEST(PackedTest, AMessageIsReadEightTimesAndNoMore) {
  constexpr int kTimesMax = 8;
  const std::string bytes = MessageOf(1'000);
  UnpackedMessage message(bytes);
  const auto root = message.root<capnp::AnyPointer>();
  for (int time = 1; time <= kTimesMax + 1; ++time) {
    EXPECT_EQ(Passes([&] { root.getAs<capnp::Data>(); }), time <= kTimesMax) << time;
  }
}

}  // namespace
}  // namespace fasti::codec
