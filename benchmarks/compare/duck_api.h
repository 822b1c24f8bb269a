#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace fasti::bench {

// The part of DuckDB's C interface that the comparison uses, found at run time: the library is no
// dependency of the project.  Types and names are those of its header.
struct DuckApi {
  // duckdb_result: the caller's memory, the library's contents.
  struct Result {
    uint64_t deprecated_counts[3];
    void* deprecated_columns;
    char* deprecated_error;
    void* internal;
  };
  using Handle = void*;

  int (*open)(const char* path, Handle* database);
  void (*close)(Handle* database);
  int (*connect)(Handle database, Handle* connection);
  void (*disconnect)(Handle* connection);
  int (*query)(Handle connection, const char* text, Result* result);
  const char* (*result_error)(Result* result);
  void (*destroy_result)(Result* result);
  int (*prepare)(Handle connection, const char* text, Handle* statement);
  const char* (*prepare_error)(Handle statement);
  void (*destroy_prepare)(Handle* statement);
  uint64_t (*nparams)(Handle statement);
  int (*bind_int32)(Handle statement, uint64_t index, int32_t value);
  int (*execute_prepared)(Handle statement, Result* result);
  Handle (*fetch_chunk)(Result result);
  uint64_t (*data_chunk_get_size)(Handle chunk);
  Handle (*data_chunk_get_vector)(Handle chunk, uint64_t column);
  void* (*vector_get_data)(Handle vector);
  void (*destroy_data_chunk)(Handle* chunk);
  int (*appender_create)(Handle connection, const char* schema, const char* table,
                         Handle* appender);
  int (*append_int32)(Handle appender, int32_t value);
  int (*append_varchar_length)(Handle appender, const char* text, uint64_t length);
  int (*appender_end_row)(Handle appender);
  int (*appender_destroy)(Handle* appender);
};

// From FASTI_DUCKDB, a path, or from where the system keeps libraries.  UNIMPLEMENTED if it is in
// neither place.
absl::StatusOr<const DuckApi*> LoadDuckApi();

}  // namespace fasti::bench
