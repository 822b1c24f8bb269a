#pragma once

#include <exception>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "capnp/message.h"
#include "capnp/serialize-packed.h"
#include "kj/exception.h"
#include "kj/io.h"

// The door to Cap'n Proto: packed messages out of builders, readers out of bytes that may be
// damaged.  Its exceptions end here.

namespace fasti::codec {

std::string Pack(capnp::MessageBuilder& message);

// A message unpacked under the limits of schema/README.md.  Throws kj::Exception.
class UnpackedMessage {
 public:
  explicit UnpackedMessage(absl::string_view bytes);

  template <typename Root>
  typename Root::Reader root() {
    return message_.getRoot<Root>();
  }

 private:
  kj::ArrayInputStream input_;
  capnp::PackedMessageReader message_;
};

absl::Status DamagedMessage(absl::string_view what, absl::string_view why);

// What `read` makes of the root of a message, or DATA_LOSS naming `what` the bytes should be.
template <typename Root, typename Result>
absl::StatusOr<Result> ReadPacked(absl::string_view bytes, absl::string_view what,
                                  absl::StatusOr<Result> (*read)(typename Root::Reader)) {
  try {
    UnpackedMessage message(bytes);
    return read(message.root<Root>());
  } catch (const kj::Exception& exception) {
    return DamagedMessage(what, exception.getDescription().cStr());
  } catch (const std::exception& exception) {
    return DamagedMessage(what, exception.what());
  }
}

}  // namespace fasti::codec
