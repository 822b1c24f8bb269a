#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

namespace fasti {

// A file system whose writing calls can be made to fail: the Nth, once or for good, as a failing
// device, a full disk or a power cut would.  It passes everything else to the real one.
//
//   FaultFs faults;
//   auto env = faults.NewEnv();
//   faults.FailAt(17, FaultFs::Fault::kNoSpace);
//   ... open a store through env.get(), write, close ...
//   faults.Heal();
//
// All methods may be called from several threads at once.
class FaultFs : public rocksdb::FileSystemWrapper {
 public:
  enum class Fault {
    kError,        // this call only
    kRetryable,    // likewise, and RocksDB may try again
    kDeadDevice,   // this call and all after it, until Heal
    kNoSpace,      // likewise
    kTornNoSpace,  // likewise, and half of what was to be appended is
    kPowerCut,     // likewise; Heal drops what was not synced
  };

  FaultFs();
  const char* Name() const override { return "FaultFs"; }
  std::unique_ptr<rocksdb::Env> NewEnv();

  // The call to fail, counted from 1 from now on.
  void FailAt(long call, Fault fault);
  // Ends the fault.  After a power cut, files are as a disk would hold them: bytes that were not
  // synced are gone, and so are files whose folder was not synced since they were created.
  // REQUIRES: no store is open.
  void Heal();

  long calls() const { return calls_; }  // since FailAt, or since the beginning
  bool has_failed() const { return has_failed_; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  class WritableFile;
  class Directory;
  // What a disk would hold of a file.
  struct OnDisk {
    uint64_t written = 0;
    uint64_t synced = 0;
    bool named = false;  // its folder was synced
  };

  // OK, or the fault if it is due.
  rocksdb::IOStatus Count();
  bool is_torn() const;
  void NoteAppended(const std::string& name, size_t bytes);
  void NoteSynced(const std::string& name);
  void NoteFolderSynced(const std::string& folder);
  void NoteRenamed(const std::string& from, const std::string& to, bool keep_from);

  std::atomic<long> calls_ = 0;
  std::atomic<long> fail_at_ = 0;
  std::atomic<Fault> fault_ = Fault::kError;
  std::atomic<bool> has_failed_ = false;
  std::mutex mutex_;
  std::map<std::string, OnDisk> files_;  // guarded by mutex_
};

}  // namespace fasti
