#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "benchmarks/compare/engine.h"
#include "benchmarks/compare/question.h"

namespace fasti::bench {

// One measurement of one engine, in a process of its own so that its memory can be told.  What is
// found goes to standard output, one JSON object per line; benchmarks/run puts it together.

// Makes the database from the data set.
// With more than one thread the figures are those of "load parallel".
absl::Status MeasureLoad(Engine& engine, const std::string& facts, const std::string& directory,
                         int threads);
// Asks every question twice and times the second answer.  A kind of question that takes too long is
// cut short; the count of those asked is told with its answers.
absl::Status MeasureQuestions(Engine& engine, const std::vector<Question>& questions);
// From nothing to the first answer, in a new process over a warm page cache.
absl::Status MeasureOpen(Engine& engine, const Question& question);
// Durable transactions of 1 and 100 facts by 1, 8 and 32 threads.
absl::Status MeasureCommits(Engine& engine, const std::vector<Question>& questions);
// Writes `facts`, or what it can in 20 seconds, and ends the process without closing anything.
absl::Status WriteAndDie(Engine& engine, const std::vector<Question>& questions, uint64_t facts);
// Writes and asks at the same time.
absl::Status MeasureMixed(Engine& engine, const std::vector<Question>& questions);

}  // namespace fasti::bench
