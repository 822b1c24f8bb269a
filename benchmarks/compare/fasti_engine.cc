#include "benchmarks/compare/fasti_engine.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/model/calendar.h"
#include "fasti/bulk_load.h"
#include "fasti/status_macros.h"

namespace fasti::bench {

namespace {

constexpr size_t kReadAtOnce = 256;
constexpr size_t kLastAtOnce = 2;  // mostly one fact is the last, and the second one shows it
constexpr size_t kTopMax = 10;

Day DayOf(Instant instant) {
  return static_cast<Day>(FloorDiv(instant, kMicrosPerDay));
}

ValidTest Holding(Day from, Day to) {
  return {ValidTest::Kind::kAt, DaysPeriod(from, to)};
}

Options OptionsOf(Engine::Mode mode) {
  Options options{.cache_bytes = kCacheBytes};
  if (mode == Engine::Mode::kKeepWrites) {
    options.background_fold = false;
    options.durability = Durability::kBuffered;
  }
  return options;
}

// Hands blocks of a data set to a bulk load until there are no more.
absl::Status LoadBlocks(FactFile& file, BulkLoader& loader) {
  std::vector<BulkFact> facts;
  std::vector<BulkRefusal> refused;
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const std::string block, file.Next());
    if (block.empty()) return absl::OkStatus();
    facts.clear();
    FASTI_RETURN_IF_ERROR(ReadFactBlock(block, EmptyTo::kOpen, [&](const FactLine& line) {
      facts.push_back({.subject = line.subject,
                       .relation = line.relation,
                       .object = line.object,
                       .valid = DaysPeriod(line.from, line.to)});
      return absl::OkStatus();
    }));
    FASTI_RETURN_IF_ERROR(loader.Add(facts, &refused));
    if (!refused.empty()) return refused.front().reason;
  }
}

}  // namespace

Period DaysPeriod(Day from, Day to) {
  Period period{.from = from * kMicrosPerDay,
                .from_precision = Precision::kDay,
                .to_precision = Precision::kOpen};
  if (to != kNoEnd) {
    period.to = to * kMicrosPerDay;
    period.to_precision = Precision::kDay;
  }
  return period;
}

class FastiWriter : public Writer {
 public:
  explicit FastiWriter(FastiEngine& engine) : engine_(engine) {}

  absl::Status Commit(absl::Span<const FactRow> rows) override {
    FASTI_ASSIGN_OR_RETURN(const auto transaction, engine_.database().Begin());
    for (const FactRow& row : rows) {
      FASTI_RETURN_IF_ERROR(transaction
                                ->Assert({.subject = engine_.EntityOf(row.subject),
                                          .relation = engine_.RelationOf(row.relation),
                                          .object = Value(engine_.EntityOf(row.object)),
                                          .valid = DaysPeriod(row.from, row.to)})
                                .status());
    }
    return transaction->Commit().status();
  }

 private:
  FastiEngine& engine_;
};

absl::Status FastiEngine::LoadInParallel(const std::string& facts, int threads) {
  FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(directory_, OptionsOf(Mode::kServe)));
  {
    FASTI_ASSIGN_OR_RETURN(const auto file, FactFile::Open(facts));
    FASTI_ASSIGN_OR_RETURN(const auto loader, database->BeginBulkLoad({.threads = threads}));
    std::vector<absl::Status> outcomes(static_cast<size_t>(threads));
    std::vector<std::thread> readers;
    for (absl::Status& outcome : outcomes) {
      readers.emplace_back([&] { outcome = LoadBlocks(*file, *loader); });
    }
    for (std::thread& reader : readers) reader.join();
    for (const absl::Status& outcome : outcomes) FASTI_RETURN_IF_ERROR(outcome);
    FASTI_RETURN_IF_ERROR(loader->Finish().status());
  }
  return database->Close();
}

absl::Status FastiEngine::Open(Mode mode) {
  FASTI_ASSIGN_OR_RETURN(database_, Database::Open(directory_, OptionsOf(mode)));
  snapshot_ = database_->GetSnapshot();
  relations_.clear();
  for (const RelationInfo& relation : snapshot_->Relations()) {
    if (!relation.is_attribute) relations_.push_back(relation.id);
  }
  std::sort(relations_.begin(), relations_.end());
  for (uint32_t number = 0; number < relations_.size(); ++number) {
    const uint32_t id = Raw(relations_[number]);
    number_of_relation_.resize(std::max<size_t>(number_of_relation_.size(), id + 1));
    number_of_relation_[id] = number;
  }
  buffer_.resize(kReadAtOnce);
  return absl::OkStatus();
}

absl::Status FastiEngine::Close() {
  snapshot_.reset();
  const absl::Status status = database_->Close();
  database_.reset();
  return status;
}

absl::StatusOr<std::unique_ptr<Writer>> FastiEngine::NewWriter() {
  written_ = true;
  return std::make_unique<FastiWriter>(*this);
}

FactRow FastiEngine::RowOf(const Fact& fact) const {
  return {.subject = NumberOf(fact.subject),
          .relation = number_of_relation_[Raw(fact.relation)],
          .object = NumberOf(fact.object.entity()),
          .from = DayOf(fact.valid.from),
          .to = fact.valid.has_end() ? DayOf(fact.valid.to) : kNoEnd};
}

template <typename Visit>
absl::Status FastiEngine::ForEach(const Pattern& pattern, Visit visit) {
  FASTI_ASSIGN_OR_RETURN(const auto cursor, snapshot_->Scan(pattern));
  return ReadAll(*cursor, visit);
}

template <typename Visit>
absl::Status FastiEngine::ReadAll(FactCursor& cursor, Visit visit) {
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const size_t count, cursor.Next(absl::MakeSpan(buffer_)));
    if (count == 0) return absl::OkStatus();
    for (size_t i = 0; i < count; ++i) visit(buffer_[i]);
  }
}

absl::Status FastiEngine::Ask(const Question& question, Answer* answer) {
  if (written_) snapshot_ = database_->GetSnapshot();
  switch (question.kind) {
    case Kind::kAt:
    case Kind::kHub:
      return ForEach({.subject = EntityOf(question.subject),
                      .relations = {RelationOf(question.relation)},
                      .view = {.valid = {Holding(question.from, question.to)}}},
                     [&](const Fact& fact) { answer->AddFact(RowOf(fact)); });
    case Kind::kEntity:
      return AskWindow(question, answer);
    case Kind::kTop:
      return AskTop(question, answer);
    case Kind::kMonths:
      return AskMonths(question, answer);
    case Kind::kTwoHops:
      return AskTwoHops(question, answer);
    case Kind::kPaths:
      return AskPaths(question, answer);
    case Kind::kLast:
      return AskLast(question, answer);
  }
  return absl::UnimplementedError("not supported yet");
}

absl::Status FastiEngine::AskWindow(const Question& question, Answer* answer) {
  const EntityId entity = EntityOf(question.subject);
  const View view{.valid = {Holding(question.from, question.to)}};
  FASTI_RETURN_IF_ERROR(ForEach({.subject = entity, .view = view},
                                [&](const Fact& fact) { answer->AddFact(RowOf(fact)); }));
  return ForEach({.object = Term::Entity(entity), .view = view}, [&](const Fact& fact) {
    if (fact.subject != entity) answer->AddFact(RowOf(fact));  // else it is met above
  });
}

absl::Status FastiEngine::AskTop(const Question& question, Answer* answer) {
  // Entities are numbered without gaps, so a counter for each is a table without hashing.
  std::vector<std::pair<uint64_t, uint64_t>> top;  // number, facts
  FASTI_ASSIGN_OR_RETURN(
      const auto cursor,
      snapshot_->ScanEnds({.relations = {RelationOf(question.relation)},
                           .view = {.valid = {Holding(question.from, question.to)}}}));
  std::vector<FactEnds> ends(kReadAtOnce);
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const size_t count, cursor->Next(absl::MakeSpan(ends)));
    if (count == 0) break;
    for (const FactEnds& each : absl::MakeSpan(ends).first(count)) {
      const uint64_t number = Raw(each.object.entity());
      if (number >= counts_.size()) counts_.resize(2 * number);
      if (counts_[number]++ == 0) top.emplace_back(number, 0);
    }
  }
  for (auto& [number, count] : top) count = std::exchange(counts_[number], 0);
  const size_t kept = std::min(top.size(), kTopMax);
  std::partial_sort(top.begin(), top.begin() + static_cast<ptrdiff_t>(kept), top.end(),
                    [](const auto& a, const auto& b) {
                      return a.second != b.second ? a.second > b.second : a.first < b.first;
                    });
  for (size_t i = 0; i < kept; ++i) {
    answer->Add(NumberOf(static_cast<EntityId>(top[i].first)), top[i].second);
  }
  return absl::OkStatus();
}

absl::Status FastiEngine::AskMonths(const Question& question, Answer* answer) {
  FASTI_ASSIGN_OR_RETURN(const StartCounts counts,
                         snapshot_->CountByStart({.relations = {RelationOf(question.relation)}},
                                                 Precision::kMonth, {}));
  for (const StartCounts::Granule& month : counts.granules) {
    answer->Add(static_cast<uint64_t>(MonthOf(DayOf(month.from))), month.facts);
  }
  return absl::OkStatus();
}

absl::Status FastiEngine::AskTwoHops(const Question& question, Answer* answer) {
  Pattern pattern{.subject = EntityOf(question.subject),
                  .view = {.valid = {Holding(question.from, question.to)}}};
  std::vector<Fact> first;
  FASTI_RETURN_IF_ERROR(ForEach(pattern, [&](const Fact& fact) { first.push_back(fact); }));
  // Facts that lead to the same entity go on in the same way.
  std::sort(first.begin(), first.end(),
            [](const Fact& a, const Fact& b) { return a.object < b.object; });
  std::vector<Fact> second;
  for (size_t i = 0; i < first.size(); ++i) {
    const Fact& fact = first[i];
    if (i == 0 || first[i - 1].object != fact.object) {
      second.clear();
      pattern.subject = fact.object.entity();
      FASTI_RETURN_IF_ERROR(ForEach(pattern, [&](const Fact& next) { second.push_back(next); }));
    }
    for (const Fact& next : second) {
      if (next.version == fact.version) continue;
      answer->Add(NumberOf(fact.object.entity()), NumberOf(next.object.entity()));
    }
  }
  return absl::OkStatus();
}

absl::Status FastiEngine::AskPaths(const Question& question, Answer* answer) {
  Pattern pattern{
      .view = {.valid = {{ValidTest::Kind::kDuring, DaysPeriod(question.from, question.to)}}}};
  // The facts from an entity within the window are read once, however many walks pass it.
  steps_.clear();
  steps_of_.clear();
  std::unique_ptr<FactCursor> cursor;
  const auto steps = [&](EntityId entity) -> absl::StatusOr<IndexRange> {
    const auto [it, is_new] = steps_of_.try_emplace(entity);
    if (!is_new) return it->second;
    if (cursor == nullptr) {
      pattern.subject = entity;
      FASTI_ASSIGN_OR_RETURN(cursor, snapshot_->Scan(pattern));
    } else {
      FASTI_RETURN_IF_ERROR(cursor->Restart(entity));
    }
    it->second.begin = steps_.size();
    FASTI_RETURN_IF_ERROR(ReadAll(*cursor, [this](const Fact& fact) {
      steps_.push_back({fact.object.entity(), fact.valid.from, fact.valid.to});
    }));
    it->second.end = steps_.size();
    return it->second;
  };
  FASTI_ASSIGN_OR_RETURN(const IndexRange first_steps, steps(EntityOf(question.subject)));
  for (size_t i = first_steps.begin; i < first_steps.end; ++i) {
    const Step first = steps_[i];
    FASTI_ASSIGN_OR_RETURN(const IndexRange second_steps, steps(first.object));
    for (size_t j = second_steps.begin; j < second_steps.end; ++j) {
      const Step second = steps_[j];
      if (second.from < first.to) continue;
      FASTI_ASSIGN_OR_RETURN(const IndexRange third_steps, steps(second.object));
      for (size_t k = third_steps.begin; k < third_steps.end; ++k) {
        const Step& third = steps_[k];
        if (third.from < second.to) continue;
        answer->Add(NumberOf(first.object), NumberOf(second.object), NumberOf(third.object));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status FastiEngine::AskLast(const Question& question, Answer* answer) {
  const Pattern pattern{
      .subject = EntityOf(question.subject),
      .relations = {RelationOf(question.relation)},
      .view = {.valid = {{ValidTest::Kind::kBefore, DaysPeriod(question.from, question.to)}}}};
  FASTI_ASSIGN_OR_RETURN(const auto cursor,
                         snapshot_->ScanByStart(pattern, StartOrder::kLatestFirst));
  std::optional<Instant> last;
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const size_t count,
                           cursor->Next(absl::MakeSpan(buffer_).first(kLastAtOnce)));
    for (const Fact& fact : absl::MakeSpan(buffer_).first(count)) {
      if (last.has_value() && fact.valid.from < *last) return absl::OkStatus();
      last = fact.valid.from;
      answer->AddFact(RowOf(fact));
    }
    if (count == 0) return absl::OkStatus();
  }
}

std::unique_ptr<Engine> MakeFastiEngine(const std::string& directory) {
  return std::make_unique<FastiEngine>(directory);
}

}  // namespace fasti::bench
