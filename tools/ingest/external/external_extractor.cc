#include "tools/ingest/external/external_extractor.h"

#include <simdjson.h>

#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "fasti/status_macros.h"
#include "rapidjson/stringbuffer.h"
#include "rapidjson/writer.h"
#include "tools/ingest/external/fact_line.h"
#include "tools/ingest/external/line_process.h"

namespace fasti::ingest {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr int kProtocol = 1;
constexpr size_t kLineMax = size_t{1} << 20;  // bytes of a line that tells a fact
constexpr size_t kLinesMax = 100'000;         // an article never has so many facts
constexpr size_t kExcerptMax = 2'000;         // bytes of a rejected line that are kept
constexpr absl::Duration kFarewell = absl::Seconds(2);

void Write(Writer& writer, const char* key, absl::string_view text) {
  writer.Key(key);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void Write(Writer& writer, const char* key, const std::optional<Period>& period) {
  writer.Key(key);
  if (!period) {
    writer.Null();
    return;
  }
  const std::string text = FormatPeriod(*period);
  writer.String(text.c_str(), static_cast<rapidjson::SizeType>(text.size()));
}

std::string FinishLine(const rapidjson::StringBuffer& buffer) {
  return absl::StrCat(absl::string_view(buffer.GetString(), buffer.GetSize()), "\n");
}

// What leads an object of the relation to: "entity", "quantity" or "none".
const char* ObjectOf(const RelationInfo& relation) {
  if (relation.kind == RelationKind::kMetric) return "quantity";
  return relation.is_attribute ? "none" : "entity";
}

// The first line that the program gets: what version this is, and what may be told.
std::string Greeting(const Vocabulary& vocabulary) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  writer.Key("fasti_extractor");
  writer.Int(kProtocol);
  writer.Key("relations");
  writer.StartArray();
  for (const RelationInfo& relation : vocabulary.relations) {
    writer.StartObject();
    Write(writer, "name", relation.name);
    Write(writer, "kind", RelationKindName(relation.kind));
    Write(writer, "object", ObjectOf(relation));
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  return FinishLine(buffer);
}

std::string Request(uint64_t id, const Article& article) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  writer.Key("id");
  writer.Uint64(id);
  Write(writer, "article", article.name);
  Write(writer, "lang", article.metadata.language);
  Write(writer, "published", article.metadata.published);
  Write(writer, "report_date", article.metadata.report_date);
  Write(writer, "url", article.metadata.url);
  Write(writer, "publisher", article.metadata.publisher);
  Write(writer, "title", article.metadata.title);
  Write(writer, "text", article.text);
  writer.EndObject();
  return FinishLine(buffer);
}

// {"id": 7, "end": true}, or with "error" if the article could not be read.
struct EndLine {
  uint64_t id = 0;
  std::string error;
  std::string language;
};

// What the line says if it is an end line; nothing if it is any other.
std::optional<EndLine> ReadEnd(absl::string_view line) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(line.data(), line.size());
  simdjson::dom::object object;
  bool is_end = false;
  EndLine end;
  if (parser.parse(padded).get(object) != simdjson::SUCCESS ||
      object["end"].get(is_end) != simdjson::SUCCESS || !is_end ||
      object["id"].get(end.id) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  std::string_view text;
  if (object["error"].get(text) == simdjson::SUCCESS) end.error = std::string(text);
  if (object["lang"].get(text) == simdjson::SUCCESS) end.language = std::string(text);
  return end;
}

// The file name of the program, which the claims name: "reader.py" of "/opt/reader.py --fast".
std::string NameOf(absl::string_view command) {
  const absl::string_view program =
      *absl::StrSplit(absl::StripAsciiWhitespace(command), ' ').begin();
  const size_t slash = program.rfind('/');
  return std::string(slash == absl::string_view::npos ? program : program.substr(slash + 1));
}

class ExternalExtractor : public Extractor {
 public:
  ExternalExtractor(const ExternalOptions& options, Vocabulary vocabulary)
      : options_(options), vocabulary_(std::move(vocabulary)), name_(NameOf(options.command)) {}
  ~ExternalExtractor() override {
    if (process_ != nullptr) process_->Finish(kFarewell);
  }

  absl::StatusOr<Extraction> Extract(const Article& article) const override {
    FASTI_RETURN_IF_ERROR(CheckText(article.text, article.name));
    absl::MutexLock lock(&mutex_);
    absl::StatusOr<Extraction> extraction = Ask(article);
    // Whatever is still on its way belongs to this article and must not meet the next one.
    if (!extraction.ok() && !refused_) process_ = nullptr;
    return extraction;
  }

 private:
  absl::StatusOr<Extraction> Ask(const Article& article) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    refused_ = false;
    const absl::Time deadline = absl::Now() + options_.timeout;
    if (process_ == nullptr) {
      FASTI_ASSIGN_OR_RETURN(process_, LineProcess::Start(options_.command));
      FASTI_RETURN_IF_ERROR(process_->Send(Greeting(vocabulary_), deadline, options_.interrupted));
    }
    const uint64_t id = ++articles_;
    FASTI_RETURN_IF_ERROR(process_->Send(Request(id, article), deadline, options_.interrupted));
    Extraction extraction;
    extraction.language = article.metadata.language;
    for (size_t line = 1; line <= kLinesMax; ++line) {
      FASTI_ASSIGN_OR_RETURN(const OutputLine output,
                             process_->ReadLine(kLineMax, deadline, options_.interrupted));
      const std::optional<EndLine> end = ReadEnd(output.text);
      if (!end) {
        if (absl::StripAsciiWhitespace(output.text).empty()) continue;
        Take(output, line, article, extraction);
        continue;
      }
      if (end->id != id) {
        return absl::InvalidArgumentError(
            absl::StrCat("the extractor ended article ", end->id, " instead of ", id));
      }
      if (!end->error.empty()) {
        refused_ = true;
        return absl::InvalidArgumentError(absl::StrCat("the extractor says: ", end->error));
      }
      if (!end->language.empty()) extraction.language = end->language;
      extraction.report.source = SourceOf(article, extraction.language);
      return extraction;
    }
    return absl::ResourceExhaustedError(
        absl::StrCat("the extractor wrote ", kLinesMax, " lines and no end of the article"));
  }

  // Adds the fact on a line, or the line to those that hold none.
  void Take(const OutputLine& output, size_t line, const Article& article,
            Extraction& extraction) const {
    absl::StatusOr<ExtractedFact> fact =
        output.too_long ? absl::InvalidArgumentError(
                              absl::StrCat("expected at most ", kLineMax, " bytes, found more"))
                        : ReadFact(output.text, article.text, vocabulary_);
    if (!fact.ok()) {
      extraction.rejected.push_back({.place = absl::StrCat(article.name, ", fact line ", line),
                                     .reason = std::string(fact.status().message()),
                                     .text = output.text.substr(0, kExcerptMax)});
      return;
    }
    Statement& statement = fact->statement;
    statement.extractor = fact->rule.empty() ? name_ : absl::StrCat(name_, ":", fact->rule);
    fact->rule = statement.extractor;
    fact->kept = statement.confidence >= options_.confidence_min;
    if (fact->kept) extraction.report.statements.push_back(statement);
    extraction.facts.push_back(*std::move(fact));
  }

  static Source SourceOf(const Article& article, const std::string& language) {
    Source source;
    source.key = article.metadata.url;
    source.title = article.metadata.title;
    source.publisher = article.metadata.publisher;
    source.language = language;
    source.published = article.metadata.published;
    source.report_date = article.metadata.report_date;
    source.text = article.text;
    return source;
  }

  const ExternalOptions options_;
  const Vocabulary vocabulary_;
  const std::string name_;
  mutable absl::Mutex mutex_;
  mutable std::unique_ptr<LineProcess> process_ ABSL_GUARDED_BY(mutex_);
  mutable uint64_t articles_ ABSL_GUARDED_BY(mutex_) = 0;
  // The last article was refused by the program itself, which is as good as before.
  mutable bool refused_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Extractor>> CreateExternalExtractor(const ExternalOptions& options) {
  FASTI_ASSIGN_OR_RETURN(const Resources resources, Resources::Load(options.lang_folder));
  FASTI_ASSIGN_OR_RETURN(Vocabulary vocabulary, Vocabulary::Create(resources));
  return std::make_unique<ExternalExtractor>(options, std::move(vocabulary));
}

}  // namespace fasti::ingest
