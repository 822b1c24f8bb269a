#include "benchmarks/compare/duck_api.h"

#include <dlfcn.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"

namespace fasti::bench {

namespace {

template <typename Function>
absl::Status Find(void* library, const char* name, Function* function) {
  *function = reinterpret_cast<Function>(dlsym(library, name));
  if (*function != nullptr) return absl::OkStatus();
  return absl::UnimplementedError(absl::StrCat("libduckdb has no ", name));
}

absl::StatusOr<DuckApi> Load() {
  const char* const path = std::getenv("FASTI_DUCKDB");
  void* const library = dlopen(path != nullptr ? path : "libduckdb.so", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return absl::UnimplementedError("libduckdb.so is not here (FASTI_DUCKDB may name it)");
  }
  DuckApi api;
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_open", &api.open));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_close", &api.close));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_connect", &api.connect));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_disconnect", &api.disconnect));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_query", &api.query));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_result_error", &api.result_error));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_destroy_result", &api.destroy_result));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_prepare", &api.prepare));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_prepare_error", &api.prepare_error));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_destroy_prepare", &api.destroy_prepare));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_nparams", &api.nparams));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_bind_int32", &api.bind_int32));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_execute_prepared", &api.execute_prepared));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_fetch_chunk", &api.fetch_chunk));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_data_chunk_get_size", &api.data_chunk_get_size));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_data_chunk_get_vector", &api.data_chunk_get_vector));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_vector_get_data", &api.vector_get_data));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_destroy_data_chunk", &api.destroy_data_chunk));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_appender_create", &api.appender_create));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_append_int32", &api.append_int32));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_append_varchar_length", &api.append_varchar_length));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_appender_end_row", &api.appender_end_row));
  FASTI_RETURN_IF_ERROR(Find(library, "duckdb_appender_destroy", &api.appender_destroy));
  return api;
}

}  // namespace

absl::StatusOr<const DuckApi*> LoadDuckApi() {
  static const absl::StatusOr<DuckApi> api =
      Load();  // for the life of the process, like the library
  FASTI_RETURN_IF_ERROR(api.status());
  return &*api;
}

}  // namespace fasti::bench
