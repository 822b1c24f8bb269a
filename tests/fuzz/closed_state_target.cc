#include <memory>
#include <string>

#include "absl/strings/str_format.h"
#include "engine/base/crc32c.h"
#include "engine/storage/rocks_closed_state.h"
#include "fasti/status_macros.h"
#include "rocksdb/env.h"
#include "tests/fuzz/draw.h"
#include "tests/fuzz/target.h"

// The file STATE: whatever it holds, the check accepts nothing but what closing writes.

namespace fasti::fuzz {
namespace {

constexpr char kFolder[] = "/database";
constexpr char kState[] = "/database/STATE";

absl::Status Write(rocksdb::Env* env, const std::string& path, absl::string_view bytes) {
  const rocksdb::Status status =
      rocksdb::WriteStringToFile(env, rocksdb::Slice(bytes.data(), bytes.size()), path);
  return status.ok() ? absl::OkStatus() : Broken(status.ToString());
}

}  // namespace

absl::Status FuzzClosedState(absl::string_view input) {
  Draw draw(input);
  const std::unique_ptr<rocksdb::Env> env(rocksdb::NewMemEnv(rocksdb::Env::Default()));
  const bool mend = draw.OneIn(2);
  if (!env->CreateDirIfMissing(kFolder).ok()) return Broken("no folder");
  for (const char* name : {"CURRENT", "MANIFEST-000001", "000002.log"}) {
    FASTI_RETURN_IF_ERROR(Write(env.get(), absl::StrCat(kFolder, "/", name), draw.Text()));
  }
  FASTI_RETURN_IF_ERROR(storage::WriteClosedState(env.get(), kFolder));
  FASTI_RETURN_IF_ERROR(storage::CheckClosedState(env.get(), kFolder));
  std::string written;
  if (!rocksdb::ReadFileToString(env.get(), kState, &written).ok()) return Broken("no STATE");

  std::string state(draw.Rest());
  if (mend) {
    absl::StrAppend(&state, absl::StrFormat("STATE %d %08x\n", state.size(), Crc32c(state)));
  }
  FASTI_RETURN_IF_ERROR(Write(env.get(), kState, state));
  const absl::Status checked = storage::CheckClosedState(env.get(), kFolder);
  if (state == written ? checked.ok() : absl::IsDataLoss(checked)) return absl::OkStatus();
  return Broken("STATE is judged as ", checked.ToString());
}

}  // namespace fasti::fuzz
