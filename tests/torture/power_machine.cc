#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/steps/steps.h"
#include "tests/support/mount.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/writer_process.h"
#include "tests/torture/machine.h"

namespace fasti::torture {

namespace {

constexpr uint64_t kCases = 300;
constexpr uint64_t kBufferedEach = 3;  // one case of so many
constexpr uint64_t kDiskBytes = uint64_t{64} << 20;

// A writer works on a file system in an image; the image is copied at a random moment, as the disk
// stands, without what the system has not yet written to it.
class PowerMachine final : public Machine {
 public:
  absl::string_view name() const override { return "power"; }
  absl::string_view promise() const override {
    return "a power cut loses nothing acknowledged; buffered, only the last of it and in order";
  }
  bool is_random() const override { return true; }

  absl::StatusOr<uint64_t> Prepare() override {
    FASTI_RETURN_IF_ERROR(Mount::MakeImage(empty_.File("image"), kDiskBytes));
    FASTI_RETURN_IF_ERROR(Mount::OfImage(empty_.File("image"), empty_.File("disk")).status());
    return kCases;
  }

  absl::Status Run(uint64_t number, Counts* counts) override {
    std::mt19937_64 random(number);
    const bool is_buffered = number % kBufferedEach == 0;
    const TemporaryFolder folder;
    const std::string image = folder.File("image"), copy = folder.File("copy");
    std::filesystem::copy_file(empty_.File("image"), image);
    FASTI_ASSIGN_OR_RETURN(const auto disk, Mount::OfImage(image, folder.File("disk")));
    uint64_t told = 0;
    {
      FASTI_ASSIGN_OR_RETURN(const auto writer,
                             WriterProcess::Start(FASTI_STEPPING_WRITER, folder.File("disk/db"), 0,
                                                  is_buffered ? std::vector<std::string>{"buffered"}
                                                              : std::vector<std::string>{}));
      FASTI_RETURN_IF_ERROR(writer->LetRun(absl::Microseconds(random() % 200'000), 1));
      FASTI_ASSIGN_OR_RETURN(told, writer->Stop());
      std::filesystem::copy_file(image, copy);
    }
    FASTI_RETURN_IF_ERROR(disk->Unmount());
    FASTI_ASSIGN_OR_RETURN(const auto after, Mount::OfImage(copy, folder.File("after")));
    FASTI_ASSIGN_OR_RETURN(const uint64_t steps,
                           CountAfter(folder.File("after/db"), is_buffered ? 0 : told, told + 1));
    ++(*counts)[is_buffered ? "cuts, buffered" : "cuts, strict"];
    (*counts)["steps acknowledged"] += told;
    // What buffered writing may lose shows that this machine would see a loss.
    if (steps < told) (*counts)["steps lost, buffered"] += told - steps;
    return after->Unmount();
  }

 private:
  static absl::StatusOr<uint64_t> CountAfter(const std::string& path, uint64_t acknowledged,
                                             uint64_t begun) {
    // Buffered, the disk may not even hold the empty database.
    FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, {.background_fold = false}));
    return steps::Verify(*database, acknowledged, begun);
  }

  const TemporaryFolder empty_;
};

}  // namespace

std::unique_ptr<Machine> MakePowerMachine() {
  return std::make_unique<PowerMachine>();
}

}  // namespace fasti::torture
