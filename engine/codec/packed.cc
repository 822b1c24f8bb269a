#include "engine/codec/packed.h"

#include <algorithm>

namespace fasti::codec {
namespace {

constexpr size_t kUnpackedWordsMax = (size_t{8} << 20) / sizeof(capnp::word);
constexpr uint64_t kTraversalFactor = 8;
constexpr int kNestingMax = 32;

kj::ArrayPtr<const kj::byte> ToBytes(absl::string_view bytes) {
  return kj::arrayPtr(reinterpret_cast<const kj::byte*>(bytes.data()), bytes.size());
}

capnp::ReaderOptions Limits(absl::string_view bytes) {
  const size_t words = capnp::computeUnpackedSizeInWords(ToBytes(bytes));
  KJ_REQUIRE(words <= kUnpackedWordsMax, "the message unpacks to too much");
  capnp::ReaderOptions options;
  options.traversalLimitInWords = kTraversalFactor * std::max<uint64_t>(words, 1);
  options.nestingLimit = kNestingMax;
  return options;
}

}  // namespace

std::string Pack(capnp::MessageBuilder& message) {
  kj::VectorOutputStream output;
  capnp::writePackedMessage(output, message);
  const kj::ArrayPtr<const kj::byte> bytes = output.getArray();
  return std::string(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
}

UnpackedMessage::UnpackedMessage(absl::string_view bytes)
    : input_(ToBytes(bytes)), message_(input_, Limits(bytes)) {
  // Segments after the first are read when they are asked for.
  for (unsigned i = 0; message_.getSegment(i).begin() != nullptr; ++i) {
  }
  KJ_REQUIRE(input_.tryGetReadBuffer().size() == 0, "bytes behind the message");
}

absl::Status DamagedMessage(absl::string_view what, absl::string_view why) {
  return absl::DataLossError(absl::StrCat(what, ": damaged message: ", why));
}

}  // namespace fasti::codec
