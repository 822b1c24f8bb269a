#include "engine/graph/format_check.h"

#include <memory>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "engine/codec/catalog_record.h"
#include "engine/storage/peek.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using storage::Family;

absl::StatusOr<bool> IsEmpty(const storage::Store& store) {
  for (int i = 0; i < storage::kFamilyCount; ++i) {
    const std::unique_ptr<storage::Cursor> cursor = store.NewCursor(static_cast<Family>(i));
    cursor->Seek("");
    if (cursor->Valid()) return false;
    FASTI_RETURN_IF_ERROR(cursor->status());
  }
  return true;
}

std::string RandomId() {
  std::random_device random;
  std::string id;
  while (id.size() < 16) id.push_back(static_cast<char>(random()));
  return id;
}

absl::Status CheckRecord(const codec::FormatRecord& format) {
  if (format.major != codec::kFormatMajor) {
    return absl::FailedPreconditionError(absl::StrCat("the database has format ", format.major, ".",
                                                      format.minor, ", this program reads format ",
                                                      codec::kFormatMajor));
  }
  if (!format.features.empty()) {  // none are defined yet
    return absl::FailedPreconditionError(absl::StrCat(
        "the database uses '", format.features.front(), "', which this program does not know"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckFormat(storage::Store& store, bool create, Instant now) {
  const absl::StatusOr<std::string> bytes = store.Get(Family::kDefault, codec::FormatKey());
  if (bytes.ok()) {
    FASTI_ASSIGN_OR_RETURN(const codec::FormatRecord format, codec::DecodeFormat(*bytes));
    return CheckRecord(format);
  }
  if (!absl::IsNotFound(bytes.status())) return bytes.status();
  FASTI_ASSIGN_OR_RETURN(const bool empty, IsEmpty(store));
  if (!empty) {
    return absl::FailedPreconditionError("not a Fasti database: it has no format record");
  }
  if (!create) return absl::NotFoundError("there is no database: the store is empty");
  codec::FormatRecord format;
  format.database_id = RandomId();
  format.created = now;
  storage::Batch batch;
  batch.Put(Family::kDefault, codec::FormatKey(), codec::EncodeFormat(format));
  return store.Write(batch, storage::Durability::kSync);
}

absl::Status CheckFormatUnopened(absl::string_view path) {
  const absl::StatusOr<std::string> bytes = storage::PeekRecord(path, codec::FormatKey());
  if (!bytes.ok()) return absl::OkStatus();
  const absl::StatusOr<codec::FormatRecord> format = codec::DecodeFormat(*bytes);
  return format.ok() ? CheckRecord(*format) : absl::OkStatus();
}

}  // namespace fasti::graph
