#pragma once

#include <memory>

#include "gtest/gtest.h"
#include "tools/ingest/pipeline.h"

namespace fasti::ingest {

// One for all tests of the program: to make it, the files of every language are read and the
// examples of every frame run, so a test that asks for it fails if one of them does.
inline const Extractor* SharedExtractor() {
  static const auto created = Extractor::Create({});
  EXPECT_TRUE(created.ok()) << created.status();
  return created.ok() ? created->get() : nullptr;
}

}  // namespace fasti::ingest
