#include <algorithm>
#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/steps/steps.h"
#include "tests/support/telling_child.h"

// Takes steps for ever and tells their number, folding every few commits so that kills fall into
// all that a writer does.  Tests follow it and kill it.

namespace fasti {
namespace {

// Backs a database up again and again, in a thread of its own.
class Backups {
 public:
  Backups(Database& database, std::string folder)
      : database_(database), folder_(std::move(folder)), thread_([this] { Run(); }) {}
  ~Backups() {
    stop_ = true;
    thread_.join();
  }
  Backups(const Backups&) = delete;
  Backups& operator=(const Backups&) = delete;

  bool has_failed() const { return has_failed_; }
  absl::Status failure() const { return failure_; }  // REQUIRES: has_failed()

 private:
  void Run() {
    while (!stop_) {
      BackupOptions options{.keep = 2};
      options.should_stop = [this] { return stop_.load(); };
      const absl::Status status = database_.Backup(folder_, options).status();
      // It was folding each time that a moment of it was to be captured.
      if (status.ok() || absl::IsUnavailable(status)) continue;
      failure_ = status;
      has_failed_ = true;
      return;
    }
  }

  Database& database_;
  const std::string folder_;
  std::atomic<bool> stop_ = false;
  absl::Status failure_;
  std::atomic<bool> has_failed_ = false;
  std::thread thread_;
};

absl::Status StepForEver(const std::string& path, const std::set<std::string>& words, Tell tell) {
  const auto durability = words.count("buffered") > 0 ? Durability::kBuffered : Durability::kStrict;
  FASTI_ASSIGN_OR_RETURN(const auto database,
                         Database::Open(path, {.durability = durability, .fold_rows = 60}));
  FASTI_ASSIGN_OR_RETURN(uint64_t steps, steps::CountWhole(*database->GetSnapshot()));
  std::unique_ptr<Backups> backups;
  if (words.count("backups") > 0) backups = std::make_unique<Backups>(*database, path + ".backups");
  while (backups == nullptr || !backups->has_failed()) {
    FASTI_RETURN_IF_ERROR(steps::Take(*database, steps, steps::KindOf(steps)));
    FASTI_RETURN_IF_ERROR(tell(++steps));
  }
  return backups->failure();
}

}  // namespace
}  // namespace fasti

// PROGRAM PATH PIPE [buffered] [backups]: with backups, those go to PATH.backups.
int main(int argc, char** argv) {
  constexpr int kOwn = 3;
  const std::set<std::string> words(argv + std::min(argc, kOwn), argv + argc);
  return fasti::RunTellingChild(std::min(argc, kOwn), argv,
                                [&words](const std::string& path, fasti::Tell tell) {
                                  return fasti::StepForEver(path, words, tell);
                                });
}
