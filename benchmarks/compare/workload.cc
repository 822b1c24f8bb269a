#include "benchmarks/compare/workload.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "fasti/status_macros.h"

namespace fasti::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr double kKindSeconds = 6;  // one pass over the questions of a kind
constexpr double kCommitSeconds = 1.5;
constexpr double kFillSeconds = 20;
constexpr double kMixedSeconds = 8;
constexpr size_t kMixedFacts = 100;    // of one transaction
constexpr Day kNewFactsFrom = 25'000;  // 2038: behind every fact of a data set

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// What the processor spent on this process: on a busy machine the only honest measure of a mean.
double ProcessorSeconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// A line of output: {"metric": "...", fields}.
void Tell(absl::string_view metric, const std::map<std::string, double>& figures,
          const std::map<std::string, std::string>& texts = {}) {
  std::string line = absl::StrCat("{\"metric\": \"", metric, "\"");
  for (const auto& [name, figure] : figures) {
    absl::StrAppendFormat(&line, ", \"%s\": %.9g", name, figure);
  }
  for (const auto& [name, text] : texts) {
    absl::StrAppend(&line, ", \"", name, "\": \"",
                    absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}, {"\n", " "}}), "\"");
  }
  std::puts(absl::StrCat(line, "}").c_str());
  std::fflush(stdout);
}

// Bytes that this process holds now, and held at most.
void TellMemory(absl::string_view when) {
  std::ifstream status("/proc/self/status");
  std::map<std::string, double> figures;
  for (std::string line; std::getline(status, line);) {
    for (const auto& [name, key] :
         {std::pair<const char*, const char*>{"peak", "VmHWM:"}, {"now", "VmRSS:"}}) {
      if (line.rfind(key, 0) == 0) figures[name] = std::stod(line.substr(6)) * 1024;
    }
  }
  Tell(absl::StrCat("memory ", when), figures);
}

class Latencies {
 public:
  void Add(double seconds) { seconds_.push_back(seconds); }
  void Add(const Latencies& other) {
    seconds_.insert(seconds_.end(), other.seconds_.begin(), other.seconds_.end());
  }
  size_t size() const { return seconds_.size(); }
  std::map<std::string, double> Figures() {
    std::sort(seconds_.begin(), seconds_.end());
    double sum = 0;
    for (const double s : seconds_) sum += s;
    const auto at = [this](double share) {
      return seconds_[static_cast<size_t>(share * static_cast<double>(seconds_.size() - 1))];
    };
    if (seconds_.empty()) return {{"count", 0}};
    return {{"count", static_cast<double>(size())},
            {"mean", sum / static_cast<double>(size())},
            {"p50", at(0.5)},
            {"p99", at(0.99)}};
  }

 private:
  std::vector<double> seconds_;
};

// Facts that no database has yet, about the entities of the questions.  Threads draw different
// ones: that of number `thread` takes every `kThreads`th.
class NewFacts {
 public:
  static constexpr uint64_t kThreads = 1024;

  NewFacts(const std::vector<Question>& questions, uint64_t thread) : next_(thread) {
    std::set<std::pair<uint32_t, uint32_t>> pairs;
    for (const Question& question : questions) pairs.emplace(question.subject, question.relation);
    pairs_.assign(pairs.begin(), pairs.end());
  }

  // No two have the same subject, relation and start.
  std::vector<FactRow> Draw(size_t count) {
    std::vector<FactRow> rows(count);
    for (FactRow& row : rows) {
      const auto& [subject, relation] = pairs_[next_ * kStride % pairs_.size()];
      row = {.subject = subject,
             .relation = relation,
             .object = pairs_[next_ * kOtherStride % pairs_.size()].first,
             .from = kNewFactsFrom + static_cast<Day>(next_ / pairs_.size())};
      row.to = row.from + (next_ % 10 < 3 ? 365 : 1);
      next_ += kThreads;
    }
    return rows;
  }

 private:
  // Primes, so that neighbours in time are no neighbours in the database.
  static constexpr uint64_t kStride = 15'485'863, kOtherStride = 32'452'843;

  std::vector<std::pair<uint32_t, uint32_t>> pairs_;
  uint64_t next_;
};

absl::Status MeasureCommitsOf(Engine& engine, const std::vector<Question>& questions,
                              size_t facts_each, uint32_t threads, uint32_t* first_thread) {
  std::vector<std::unique_ptr<Writer>> writers(threads);
  for (auto& writer : writers) {
    FASTI_ASSIGN_OR_RETURN(writer, engine.NewWriter());
  }
  std::vector<Latencies> latencies(threads);
  std::vector<absl::Status> statuses(threads);
  std::atomic<bool> stop = false;
  const auto start = Clock::now();
  const double processor = ProcessorSeconds();
  std::vector<std::thread> running;
  for (uint32_t i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      NewFacts facts(questions, *first_thread + i);
      while (!stop && statuses[i].ok()) {
        const std::vector<FactRow> rows = facts.Draw(facts_each);
        const auto begin = Clock::now();
        statuses[i] = writers[i]->Commit(rows);
        latencies[i].Add(SecondsSince(begin));
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(kCommitSeconds));
  stop = true;
  for (std::thread& thread : running) thread.join();
  const double seconds = SecondsSince(start);
  const double processor_seconds = ProcessorSeconds() - processor;
  *first_thread += threads;
  Latencies all;
  for (uint32_t i = 0; i < threads; ++i) {
    FASTI_RETURN_IF_ERROR(statuses[i]);
    all.Add(latencies[i]);
  }
  auto figures = all.Figures();
  figures["per_second"] = static_cast<double>(all.size()) / seconds;
  figures["facts_per_second"] = static_cast<double>(all.size() * facts_each) / seconds;
  figures["processor"] = processor_seconds / static_cast<double>(all.size());
  Tell(absl::StrCat("commit ", facts_each, "x", threads), figures);
  return absl::OkStatus();
}

uint64_t BytesIn(const std::string& directory) {
  uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

// Asks the questions of a kind; with `latencies` null only to warm up.
absl::Status AskAll(Engine& engine, const std::vector<const Question*>& questions, size_t* asked,
                    Latencies* latencies, std::vector<Answer>* answers) {
  const auto start = Clock::now();
  const size_t wanted = std::exchange(*asked, 0);
  for (; *asked < wanted && (latencies != nullptr || SecondsSince(start) < kKindSeconds);
       ++*asked) {
    Answer answer;
    const auto begin = Clock::now();
    FASTI_RETURN_IF_ERROR(engine.Ask(*questions[*asked], &answer));
    if (latencies != nullptr) latencies->Add(SecondsSince(begin));
    if (answers != nullptr) answers->push_back(answer);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MeasureLoad(Engine& engine, const std::string& facts, const std::string& directory,
                         int threads) {
  const absl::string_view metric = threads > 1 ? "load parallel" : "load";
  const auto start = Clock::now();
  const double processor = ProcessorSeconds();
  FASTI_RETURN_IF_ERROR(threads > 1 ? engine.LoadInParallel(facts, threads) : engine.Load(facts));
  Tell(metric, {{"seconds", SecondsSince(start)},
                {"processor", ProcessorSeconds() - processor},
                {"threads", threads},
                {"bytes", static_cast<double>(BytesIn(directory))}});
  TellMemory(metric);
  return absl::OkStatus();
}

absl::Status MeasureQuestions(Engine& engine, const std::vector<Question>& questions) {
  FASTI_RETURN_IF_ERROR(engine.Open(Engine::Mode::kServe));
  TellMemory("open");
  for (const Kind kind : kKinds) {
    std::vector<const Question*> of_kind;
    for (const Question& question : questions) {
      if (question.kind == kind) of_kind.push_back(&question);
    }
    size_t asked = of_kind.size();
    Latencies latencies;
    std::vector<Answer> answers;
    absl::Status status = AskAll(engine, of_kind, &asked, nullptr, nullptr);
    const double processor = ProcessorSeconds();
    if (status.ok()) status = AskAll(engine, of_kind, &asked, &latencies, &answers);
    if (!status.ok()) {
      Tell(KindCode(kind), {}, {{"failed", std::string(status.message())}});
      continue;
    }
    double rows = 0;
    // Engines may have been asked unequal numbers of questions: the sums at every power of two let
    // the runner compare what both have answered, and the last one tells it all.
    std::string sums;
    uint64_t row_sum = 0, hash_sum = 0;
    for (size_t i = 0; i < answers.size(); ++i) {
      row_sum += answers[i].rows();
      hash_sum += answers[i].hash() * (2 * i + 1);
      if ((i & (i + 1)) == 0 || i + 1 == of_kind.size()) {
        absl::StrAppend(&sums, sums.empty() ? "" : " ", i + 1, ":", row_sum, ":",
                        absl::Hex(hash_sum));
      }
    }
    rows = static_cast<double>(row_sum) / static_cast<double>(answers.size());
    auto figures = latencies.Figures();
    figures["processor"] = (ProcessorSeconds() - processor) / static_cast<double>(asked);
    figures["rows"] = rows;
    Tell(KindCode(kind), figures, {{"answers", sums}});
  }
  TellMemory("questions");
  return engine.Close();
}

absl::Status MeasureOpen(Engine& engine, const Question& question) {
  const auto start = Clock::now();
  FASTI_RETURN_IF_ERROR(engine.Open(Engine::Mode::kServe));
  const double opened = SecondsSince(start);
  Answer answer;
  FASTI_RETURN_IF_ERROR(engine.Ask(question, &answer));
  Tell("open", {{"seconds", SecondsSince(start)},
                {"opened", opened},
                {"rows", static_cast<double>(answer.rows())}});
  return engine.Close();
}

absl::Status MeasureCommits(Engine& engine, const std::vector<Question>& questions) {
  FASTI_RETURN_IF_ERROR(engine.Open(Engine::Mode::kServe));
  uint32_t first_thread = 0;
  for (const size_t facts : {1, 100}) {
    for (const uint32_t threads : {1, 8, 32}) {
      FASTI_RETURN_IF_ERROR(MeasureCommitsOf(engine, questions, facts, threads, &first_thread));
    }
  }
  TellMemory("commit");
  return engine.Close();
}

absl::Status WriteAndDie(Engine& engine, const std::vector<Question>& questions, uint64_t facts) {
  constexpr uint64_t kFactsEach = 1000;
  FASTI_RETURN_IF_ERROR(engine.Open(Engine::Mode::kKeepWrites));
  FASTI_ASSIGN_OR_RETURN(const auto writer, engine.NewWriter());
  NewFacts new_facts(questions, 512);
  const auto start = Clock::now();
  uint64_t written = 0;
  for (; written < facts && SecondsSince(start) < kFillSeconds; written += kFactsEach) {
    FASTI_RETURN_IF_ERROR(writer->Commit(new_facts.Draw(kFactsEach)));
  }
  Tell("written", {{"facts", static_cast<double>(written)}});
  _exit(0);
}

absl::Status MeasureMixed(Engine& engine, const std::vector<Question>& questions) {
  FASTI_RETURN_IF_ERROR(engine.Open(Engine::Mode::kServe));
  std::vector<const Question*> reads;
  for (const Question& question : questions) {
    if (question.kind == Kind::kAt) reads.push_back(&question);
  }
  size_t next = 0;
  const auto ask = [&](Latencies* latencies) -> absl::Status {
    Answer answer;
    const auto begin = Clock::now();
    FASTI_RETURN_IF_ERROR(engine.Ask(*reads[next++ % reads.size()], &answer));
    latencies->Add(SecondsSince(begin));
    return absl::OkStatus();
  };
  FASTI_ASSIGN_OR_RETURN(const auto writer, engine.NewWriter());
  Latencies warm, idle, busy, commits;
  for (size_t i = 0; i < reads.size(); ++i) FASTI_RETURN_IF_ERROR(ask(&warm));
  for (size_t i = 0; i < reads.size(); ++i) FASTI_RETURN_IF_ERROR(ask(&idle));
  std::atomic<bool> stop = false;
  absl::Status written;
  const auto start = Clock::now();
  std::thread writing([&] {
    NewFacts facts(questions, 768);
    while (!stop && written.ok()) {
      const std::vector<FactRow> rows = facts.Draw(kMixedFacts);
      const auto begin = Clock::now();
      written = writer->Commit(rows);
      commits.Add(SecondsSince(begin));
    }
  });
  absl::Status read;
  while (read.ok() && SecondsSince(start) < kMixedSeconds) read = ask(&busy);
  const double seconds = SecondsSince(start);
  stop = true;
  writing.join();
  FASTI_RETURN_IF_ERROR(read);
  FASTI_RETURN_IF_ERROR(written);
  auto figures = commits.Figures();
  figures["facts_per_second"] = static_cast<double>(commits.size() * kMixedFacts) / seconds;
  Tell("mixed writes", figures);
  Tell("mixed reads", busy.Figures());
  Tell("idle reads", idle.Figures());
  TellMemory("mixed");
  return engine.Close();
}

}  // namespace fasti::bench
