#include "engine/storage/rocks_table_scan.h"

#include <atomic>
#include <utility>

#include "engine/storage/rocks_options.h"
#include "engine/storage/slice.h"
#include "engine/storage/store.h"
#include "fasti/status_macros.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"
#include "rocksdb/table.h"
#include "rocksdb/table_properties.h"

namespace fasti::storage {
namespace {

constexpr uint64_t kNothing = UINT64_MAX;

}  // namespace

// Files that remember where they were read last.
class TableScan::LastRead : public rocksdb::FileSystemWrapper {
 public:
  LastRead() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "LastRead"; }

  rocksdb::IOStatus NewRandomAccessFile(const std::string& path,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* debug) override {
    std::unique_ptr<rocksdb::FSRandomAccessFile> opened;
    rocksdb::IOStatus status = target()->NewRandomAccessFile(path, options, &opened, debug);
    if (status.ok()) *file = std::make_unique<File>(std::move(opened), &offset_);
    return status;
  }

  void Forget() { offset_ = kNothing; }
  uint64_t offset() const { return offset_; }

 private:
  class File : public rocksdb::FSRandomAccessFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSRandomAccessFile> file, std::atomic<uint64_t>* offset)
        : FSRandomAccessFileOwnerWrapper(std::move(file)), offset_(*offset) {}
    rocksdb::IOStatus Read(uint64_t offset, size_t bytes, const rocksdb::IOOptions& options,
                           rocksdb::Slice* result, char* scratch,
                           rocksdb::IODebugContext* debug) const override {
      offset_ = offset;
      return FSRandomAccessFileOwnerWrapper::Read(offset, bytes, options, result, scratch, debug);
    }

   private:
    std::atomic<uint64_t>& offset_;
  };

  std::atomic<uint64_t> offset_ = kNothing;
};

TableScan::TableScan() : last_read_(std::make_shared<LastRead>()) {}
TableScan::~TableScan() = default;

absl::StatusOr<std::unique_ptr<TableScan>> TableScan::Open(const std::string& path) {
  std::unique_ptr<TableScan> scan(new TableScan);
  scan->env_ = rocksdb::NewCompositeEnv(scan->last_read_);
  rocksdb::BlockBasedTableOptions table;
  table.no_block_cache = true;        // every block that is wanted is read
  table.max_auto_readahead_size = 0;  // and no other
  rocksdb::Options options;
  options.env = scan->env_.get();
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  scan->reader_ = std::make_unique<rocksdb::SstFileReader>(options);
  FASTI_RETURN_IF_ERROR(ToStatus(scan->reader_->Open(path), path));
  if (scan->reader_->GetTableProperties() == nullptr) {
    return absl::DataLossError(absl::StrCat(path, ": its properties cannot be read"));
  }
  return scan;
}

std::string TableScan::family() const {
  return reader_->GetTableProperties()->column_family_name;
}

std::unique_ptr<rocksdb::Iterator> TableScan::NewIterator() const {
  return std::unique_ptr<rocksdb::Iterator>(reader_->NewIterator(ReadingOptions()));
}

std::optional<uint64_t> TableScan::BlockOf(const std::string& key) const {
  last_read_->Forget();
  const std::unique_ptr<rocksdb::Iterator> iterator = NewIterator();
  iterator->Seek(key);
  iterator->status().PermitUncheckedError();
  if (last_read_->offset() == kNothing) return std::nullopt;
  return last_read_->offset();
}

std::string TableScan::LastKeyOf(uint64_t byte) const {
  const auto leads_there = [&](const std::string& key) {
    const std::optional<uint64_t> block = BlockOf(key);
    return block.has_value() && *block <= byte;
  };
  std::string key;
  while (key.size() <= kKeyBytesMax) {
    int low = -1, high = 256;  // of the next byte: leads there, does not
    while (high - low > 1) {
      const int middle = (low + high) / 2;
      (leads_there(key + static_cast<char>(middle)) ? low : high) = middle;
    }
    if (low < 0) break;
    key.push_back(static_cast<char>(low));
  }
  return key;
}

absl::Status TableScan::ForEach(
    absl::FunctionRef<absl::Status(absl::string_view key, absl::string_view value)> visit,
    std::vector<Gap>* gaps) const {
  std::string last;  // key that was visited, or behind which it went on
  std::unique_ptr<rocksdb::Iterator> iterator = NewIterator();
  iterator->SeekToFirst();
  while (true) {
    for (; iterator->Valid(); iterator->Next()) {
      last.assign(iterator->key().data(), iterator->key().size());
      FASTI_RETURN_IF_ERROR(visit(FromSlice(iterator->key()), FromSlice(iterator->value())));
    }
    if (iterator->status().ok()) return absl::OkStatus();
    const uint64_t byte = last_read_->offset();
    if (!gaps->empty() && gaps->back().byte >= byte) return absl::OkStatus();  // no way on
    gaps->push_back({.byte = byte, .first_key = last, .last_key = LastKeyOf(byte)});
    last = gaps->back().last_key;
    iterator = NewIterator();
    iterator->Seek(last + '\0');
  }
}

}  // namespace fasti::storage
