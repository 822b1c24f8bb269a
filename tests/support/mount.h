#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace fasti {

// A file system of its own, for tests of disks that are full or lose power.  All need the rights of
// root: UNIMPLEMENTED without them, or where the system does not allow it.
class Mount {
 public:
  // In memory, of so many bytes, at the folder `at`, which is made.
  static absl::StatusOr<std::unique_ptr<Mount>> InMemory(const std::string& at, uint64_t bytes);
  // What the file `image` holds.
  static absl::StatusOr<std::unique_ptr<Mount>> OfImage(const std::string& image,
                                                        const std::string& at);
  // Makes such a file, with an empty ext4.
  static absl::Status MakeImage(const std::string& image, uint64_t bytes);
  ~Mount();
  Mount(const Mount&) = delete;
  Mount& operator=(const Mount&) = delete;

  // InMemory only.
  absl::Status Resize(uint64_t bytes);
  // REQUIRES: nothing in it is open.
  absl::Status Unmount();

 private:
  explicit Mount(std::string at) : at_(std::move(at)) {}

  const std::string at_;
  bool is_mounted_ = true;
};

}  // namespace fasti
