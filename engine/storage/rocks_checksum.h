#pragma once

#include <memory>

#include "rocksdb/file_checksum.h"

namespace fasti::storage {

// The checksums of RocksDB's GetFileChecksumGenCrc32cFactory, under the same name, by our Crc32c:
// Debian's RocksDB knows no instruction for it and would take ten times as long.
std::shared_ptr<rocksdb::FileChecksumGenFactory> FileChecksums();

}  // namespace fasti::storage
