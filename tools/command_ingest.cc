// fasti ingest: articles in, facts stored.

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tools/check_lang.h"
#include "tools/command.h"
#include "tools/ingest/external/external_extractor.h"
#include "tools/ingest/pipeline.h"
#include "tools/ingest/read/article.h"
#include "tools/ingest/read/file_bytes.h"
#include "tools/ingest/review/store.h"
#include "tools/transfer/reject_file.h"

namespace fasti::tools {
namespace {

using ingest::Article;
using ingest::ArticleMetadata;
using ingest::ConfirmedCandidate;
using ingest::Extraction;
using ingest::Extractor;
using ingest::RejectedLine;
using ingest::StoredArticle;

struct IngestArguments {
  std::string database;
  std::vector<std::string> files;
  std::string metadata;
  std::string dump;
  std::string language;
  std::string report_date;
  std::string lang_folder;
  std::string rejects;
  std::string extractor;
  double extractor_timeout = 120;              // seconds, for each article
  std::vector<std::string> checked_languages;  // empty: all
  bool check_lang = false;
  double confidence = 0;
  int jobs = 0;  // 0: a thread per processor
  bool dry_run = false;
  bool quiet = false;
};

// What was done so far.
struct Tally {
  size_t articles = 0;
  size_t rejected = 0;
  size_t facts_rejected = 0;
  size_t facts = 0;
  size_t below_gate = 0;
  size_t kept_for_review = 0;
  size_t corroborated = 0;  // of earlier articles, stored with this one
  size_t claims_added = 0;
  std::map<Verdict, size_t> verdicts;

  void Count(const StoredArticle& stored) {
    kept_for_review += stored.waiting;
    corroborated += stored.others.size();
    claims_added += stored.summary.claims_added + stored.others.size();
    for (const ConfirmedCandidate& other : stored.others) ++verdicts[other.outcome.verdict];
    for (const StatementOutcome& outcome : stored.summary.outcomes) {
      if (outcome.lineage != VersionId::kNone && !outcome.repeated) ++verdicts[outcome.verdict];
    }
  }

  void Add(const Tally& other) {
    articles += other.articles;
    rejected += other.rejected;
    facts_rejected += other.facts_rejected;
    facts += other.facts;
    below_gate += other.below_gate;
    kept_for_review += other.kept_for_review;
    corroborated += other.corroborated;
    claims_added += other.claims_added;
    for (const auto& [verdict, count] : other.verdicts) verdicts[verdict] += count;
  }
};

std::string FormatVerdicts(const std::map<Verdict, size_t>& verdicts) {
  std::vector<std::string> parts;
  for (const auto& [verdict, count] : verdicts) {
    parts.push_back(absl::StrCat(count, " ", VerdictName(verdict)));
  }
  return parts.empty() ? "nothing new" : absl::StrJoin(parts, ", ");
}

// A file that appears under its name only when it is complete.
class OutputFile {
 public:
  explicit OutputFile(std::string path) : path_(std::move(path)), partial_(path_ + ".partial") {}
  ~OutputFile() {
    std::error_code ignored;
    if (!finished_) std::filesystem::remove(partial_, ignored);
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  absl::Status Open() {
    file_.open(partial_, std::ios::binary | std::ios::trunc);
    return file_ ? absl::OkStatus() : Problem("cannot be created");
  }
  void Write(absl::string_view text) {
    file_.write(text.data(), static_cast<std::streamsize>(text.size()));
  }
  absl::Status Finish() {
    file_.close();
    if (!file_) return Problem("cannot be written; is the disk full?");
    std::error_code error;
    std::filesystem::rename(partial_, path_, error);
    if (error) return Problem(error.message());
    finished_ = true;
    return absl::OkStatus();
  }

 private:
  absl::Status Problem(absl::string_view what) const {
    return absl::UnavailableError(absl::StrCat(path_, ": ", what));
  }

  const std::string path_, partial_;
  std::ofstream file_;
  bool finished_ = false;
};

class IngestRun {
 public:
  explicit IngestRun(const IngestArguments& arguments)
      : arguments_(arguments), reject_file_(arguments.rejects) {}

  absl::Status Prepare() {
    FASTI_ASSIGN_OR_RETURN(extractor_, MakeExtractor());
    jobs_ = arguments_.jobs > 0 ? static_cast<size_t>(arguments_.jobs)
                                : std::max(1u, std::thread::hardware_concurrency());
    if (!arguments_.metadata.empty()) {
      FASTI_ASSIGN_OR_RETURN(metadata_, ingest::MetadataTable::Read(arguments_.metadata));
    }
    if (!arguments_.report_date.empty()) {
      FASTI_ASSIGN_OR_RETURN(report_date_, ParsePeriod(arguments_.report_date));
    }
    if (!arguments_.dump.empty()) {
      dump_ = std::make_unique<OutputFile>(arguments_.dump);
      FASTI_RETURN_IF_ERROR(dump_->Open());
    }
    return absl::OkStatus();
  }

  // An error ends the run; articles that cannot be read are only counted and told.
  absl::Status Run() {
    FASTI_RETURN_IF_ERROR(FindFiles());
    for (size_t i = 0; i < files_.size(); ++i) {
      const std::string& path = files_[i];
      ShowProgress(i, path);
      std::vector<RejectedLine> rejected;
      absl::StatusOr<std::vector<Article>> articles =
          ingest::ReadArticles(path, metadata_, &rejected);
      if (!articles.ok()) {
        FASTI_RETURN_IF_ERROR(Reject({.place = path, .reason = ReasonOf(articles.status(), path)}));
        continue;
      }
      for (const RejectedLine& line : rejected) FASTI_RETURN_IF_ERROR(Reject(line));
      for (Article& article : *articles) {
        if (InterruptFlag()) return Interrupted();
        if (being_read_.size() == jobs_) FASTI_RETURN_IF_ERROR(IngestNext());
        StartReading(std::move(article));
      }
    }
    while (!being_read_.empty()) {
      if (InterruptFlag()) return Interrupted();
      FASTI_RETURN_IF_ERROR(IngestNext());
    }
    ClearProgress();
    FASTI_RETURN_IF_ERROR(reject_file_.Finish());
    if (dump_ != nullptr) FASTI_RETURN_IF_ERROR(dump_->Finish());
    if (database_ != nullptr) FASTI_RETURN_IF_ERROR(database_->Close());
    return absl::OkStatus();
  }

  const Tally& tally() const { return tally_; }

 private:
  absl::StatusOr<std::unique_ptr<Extractor>> MakeExtractor() const {
    if (arguments_.extractor.empty()) {
      // The files built in are held to their examples by the tests.
      return Extractor::Create({.lang_folder = arguments_.lang_folder,
                                .confidence_min = arguments_.confidence,
                                .check_examples = !arguments_.lang_folder.empty()});
    }
    return ingest::CreateExternalExtractor({.command = arguments_.extractor,
                                            .timeout = absl::Seconds(arguments_.extractor_timeout),
                                            .lang_folder = arguments_.lang_folder,
                                            .confidence_min = arguments_.confidence,
                                            .interrupted = [] {
                                              return InterruptFlag()
                                                         ? absl::CancelledError("interrupted")
                                                         : absl::OkStatus();
                                            }});
  }

  // An article that a thread reads, or has read.
  struct Reading {
    Article article;
    absl::Duration time;
    absl::StatusOr<Extraction> extraction = absl::UnknownError("not read yet");
  };

  // The files named, and those of the folders named, each once.
  absl::Status FindFiles() {
    std::set<std::filesystem::path> seen;
    std::error_code unknown;  // a path that cannot be followed is told when it is read
    if (!arguments_.metadata.empty()) {
      seen.insert(std::filesystem::weakly_canonical(arguments_.metadata, unknown));
    }
    for (const std::string& path : arguments_.files) {
      if (std::filesystem::is_directory(path, unknown)) {
        absl::StatusOr<std::vector<std::string>> inside = ingest::ListArticleFiles(path);
        if (!inside.ok()) {
          FASTI_RETURN_IF_ERROR(Reject({.place = path, .reason = ReasonOf(inside.status(), path)}));
          continue;
        }
        for (std::string& file : *inside) {
          const std::filesystem::path place = std::filesystem::weakly_canonical(file, unknown);
          if (seen.insert(place).second) files_.push_back(std::move(file));
        }
      } else if (seen.insert(std::filesystem::weakly_canonical(path, unknown)).second || unknown) {
        files_.push_back(path);
      } else {
        std::fprintf(stderr, "fasti: %s: given twice, read once\n", path.c_str());
      }
    }
    return absl::OkStatus();
  }

  // In a thread of its own while there are fewer than jobs_ of them.
  void StartReading(Article article) {
    if (!arguments_.language.empty()) article.metadata.language = arguments_.language;
    if (report_date_.has_value() && !article.metadata.published.has_value()) {
      article.metadata.report_date = report_date_;
    }
    auto read = [this, article = std::move(article)]() mutable {
      const absl::Time start = absl::Now();
      absl::StatusOr<Extraction> extraction = extractor_->Extract(article);
      return Reading{std::move(article), absl::Now() - start, std::move(extraction)};
    };
    // Where the system gives no thread, reading waits until its facts are wanted.
    const std::launch how =
        jobs_ == 1 ? std::launch::deferred : std::launch::async | std::launch::deferred;
    being_read_.push_back(std::async(how, std::move(read)));
  }

  // Stores what the first of the articles being read tells.
  absl::Status IngestNext() {
    auto [article, time, extraction] = being_read_.front().get();
    being_read_.pop_front();
    if (!extraction.ok()) {
      if (extraction.status().code() == absl::StatusCode::kCancelled) return Interrupted();
      return Reject({.place = article.name, .reason = ReasonOf(extraction.status(), article.name)});
    }
    for (const RejectedLine& line : extraction->rejected) FASTI_RETURN_IF_ERROR(Note(line));
    Tally one;
    one.articles = 1;
    one.facts_rejected = extraction->rejected.size();
    StoredArticle stored;
    if (!arguments_.dry_run) {
      FASTI_RETURN_IF_ERROR(OpenDatabase());
      absl::StatusOr<StoredArticle> result =
          ingest::StoreArticle(article.name, arguments_.confidence, &*extraction, database_.get());
      if (absl::IsInvalidArgument(result.status())) {
        return Reject({.place = article.name, .reason = std::string(result.status().message())});
      }
      FASTI_RETURN_IF_ERROR(result.status());
      stored = *std::move(result);
      one.Count(stored);
    }
    one.facts = extraction->report.statements.size();
    one.below_gate = extraction->facts.size() - one.facts;
    if (dump_ != nullptr) {
      dump_->Write(ingest::DumpFacts(article.name, *extraction));
    }
    Tell(article.name, extraction->language, one, stored.summary, time);
    tally_.Add(one);
    return absl::OkStatus();
  }

  // The database is created with the first article that can be read, so that a mistyped file
  // name leaves nothing behind.
  absl::Status OpenDatabase() {
    if (database_ != nullptr) return absl::OkStatus();
    FASTI_ASSIGN_OR_RETURN(database_, Database::Open(arguments_.database, {}));
    return ingest::DeclareVocabulary(*database_, arguments_.lang_folder);
  }

  // What is wrong, without where.
  static std::string ReasonOf(const absl::Status& status, absl::string_view place) {
    return std::string(absl::StripPrefix(status.message(), absl::StrCat(place, ": ")));
  }

  absl::Status Interrupted() {
    ClearProgress();
    FASTI_RETURN_IF_ERROR(database_ == nullptr ? absl::OkStatus() : database_->Close());
    return absl::CancelledError(
        absl::StrCat("interrupted after ", tally_.articles,
                     " articles; those are stored, run again for the rest"));
  }

  absl::Status Reject(const RejectedLine& line) {
    ++tally_.rejected;
    return Note(line);
  }

  absl::Status Note(const RejectedLine& line) {
    ClearProgress();
    std::fprintf(stderr, "fasti: %s: %s\n", line.place.c_str(), line.reason.c_str());
    return reject_file_.Add(line.place, line.reason, line.text);
  }

  void ShowProgress(size_t done, const std::string& path) const {
    if (arguments_.quiet || files_.size() < 2 || isatty(STDERR_FILENO) == 0) return;
    std::fprintf(stderr, "\r\033[K[%zu/%zu] %s", done + 1, files_.size(), path.c_str());
    std::fflush(stderr);
  }
  void ClearProgress() const {
    if (isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\r\033[K");
  }

  void Tell(const std::string& name, const std::string& language, const Tally& one,
            const ReportSummary& summary, absl::Duration time) const {
    if (arguments_.quiet) return;
    ClearProgress();
    std::string line = absl::StrCat(name, "  ", language, "  ", one.facts, " facts");
    if (!arguments_.dry_run) absl::StrAppend(&line, ": ", FormatVerdicts(one.verdicts));
    if (one.below_gate > 0) absl::StrAppend(&line, "; ", one.below_gate, " below the gate");
    if (one.corroborated > 0) {
      absl::StrAppend(&line, "; ", one.corroborated, " of earlier articles confirmed");
    }
    std::printf("%s  (%.0f ms)\n", line.c_str(), absl::ToDoubleMilliseconds(time));
    for (const ReportSummary::Ambiguous& ambiguous : summary.ambiguous) {
      std::printf("  not stored: '%s' names %zu entities\n", ambiguous.name.c_str(),
                  ambiguous.candidates.size());
    }
  }

  const IngestArguments& arguments_;
  std::unique_ptr<Extractor> extractor_;
  ingest::MetadataTable metadata_;
  std::optional<Period> report_date_;
  transfer::RejectFile reject_file_;
  std::vector<std::string> files_;
  size_t jobs_ = 1;
  std::deque<std::future<Reading>> being_read_;  // in the order in which they are stored
  std::unique_ptr<OutputFile> dump_;
  std::unique_ptr<Database> database_;
  Tally tally_;
};

int RunIngest(const IngestArguments& arguments) {
  if (arguments.check_lang) return CheckLang(arguments.lang_folder, arguments.checked_languages);
  if (arguments.database.empty() || arguments.files.empty()) {
    Fail("ingest", absl::InvalidArgumentError("expected DATABASE and FILE, or --check-lang"));
    return kUsage;
  }
  // Otherwise a trial run without a database would pass over the first article in silence.
  if (std::filesystem::is_regular_file(arguments.database)) {
    Fail("ingest", absl::InvalidArgumentError(absl::StrCat(
                       arguments.database,
                       " is a file; the first argument is the directory of the database, also with "
                       "--dry-run")));
    return kUsage;
  }
  HandleInterrupts(/*end_on_second=*/true);
  IngestRun run(arguments);
  if (const absl::Status status = run.Prepare(); !status.ok()) return Fail("", status);
  if (const absl::Status status = run.Run(); !status.ok()) return Fail("", status);
  const Tally& tally = run.tally();
  const bool all_taken = tally.rejected + tally.facts_rejected == 0;
  if (!arguments.quiet || !all_taken) {
    const size_t read = tally.articles + tally.rejected;
    std::string line =
        absl::StrCat(read, read == 1 ? " article read: " : " articles read: ", tally.articles,
                     " taken, ", tally.rejected, " rejected; ", tally.facts, " facts");
    if (tally.facts_rejected > 0) {
      absl::StrAppend(&line, ", ", tally.facts_rejected, " rejected");
    }
    if (!arguments.dry_run) {
      absl::StrAppend(&line, ", ", tally.claims_added,
                      " new claims: ", FormatVerdicts(tally.verdicts));
      if (tally.corroborated > 0) {
        absl::StrAppend(&line, "; ", tally.corroborated,
                        " stored since a later article tells them");
      }
      if (tally.kept_for_review > 0) {
        absl::StrAppend(&line, "; ", tally.kept_for_review, " wait for fasti review");
      }
    }
    std::printf("%s%s\n", line.c_str(), arguments.dry_run ? " (nothing stored)" : "");
  }
  if (all_taken) return kSuccess;
  return tally.articles == 0 ? kFailure : kPartly;
}

}  // namespace

CommandBody DeclareIngest(CLI::App& app) {
  auto arguments = std::make_shared<IngestArguments>();
  arguments->confidence = ingest::ExtractorOptions().confidence_min;
  app.add_option("DATABASE", arguments->database, "directory of the database; created if absent");
  app.add_option(
      "FILE", arguments->files,
      "articles: text, HTML, or JSON lines (*.jsonl), also with .gz; folders of them; - for "
      "standard input");
  app.add_option("--metadata", arguments->metadata,
                 "JSON lines with language, dates, url, publisher by file name");
  CLI::Option* dump =
      app.add_option("--dump", arguments->dump,
                     "write the facts to this file too, as JSON lines, with those below the gate");
  // When --dump left out what is below the gate, this asked for it.
  app.add_flag_callback("--dump-all", [] {})->needs(dump)->group("");
  app.add_flag("--dry-run", arguments->dry_run, "read the articles, store nothing");
  app.add_option("--lang", arguments->language,
                 "language of all files: de, en, es, fr, it (default: from metadata, or detected)");
  app.add_option("--report-date", arguments->report_date,
                 "date of articles that do not date themselves: 2025-06, 2025-06-12");
  app.add_option("--min-confidence", arguments->confidence,
                 "facts below this wait for fasti review")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--lang-folder", arguments->lang_folder,
                 "language files that replace or complete those built in");
  CLI::Option* extractor = app.add_option(
      "--extractor", arguments->extractor,
      "command of a program that reads the articles instead, over JSON lines (docs/extractor.md)");
  app.add_option("--extractor-timeout", arguments->extractor_timeout,
                 "seconds that it may take for an article")
      ->needs(extractor)
      ->check(CLI::Range(0.1, 86'400.0))
      ->capture_default_str();
  app.add_option_function<std::vector<std::string>>(
         "--check-lang",
         [arguments = arguments.get()](const std::vector<std::string>& languages) {
           arguments->check_lang = true;
           for (const std::string& language : languages) {
             if (!language.empty()) arguments->checked_languages.push_back(language);
           }
         },
         "read no article: run the examples of the files of these languages (default: all)")
      ->expected(0, -1)
      ->type_name("LANG");
  app.add_option("--jobs", arguments->jobs, "articles read at once (default: a processor each)")
      ->check(CLI::Range(1, 1024));
  app.add_option("--rejects", arguments->rejects,
                 "write what is no article to this file: where, why, and the line");
  app.add_flag("-q,--quiet", arguments->quiet, "print errors only");
  app.footer(
      "Each article is one commit: all of it is stored or none.  Loading an article again adds\n"
      "nothing, and the order of the files changes no answer.  A file, or a line of JSON lines, "
      "that\n"
      "holds no article is rejected, and the rest goes on.  Ends with 0, with 1 if no article "
      "could\n"
      "be read, 2 for a wrong command line, 3 if some were rejected.\n\n"
      "  fasti ingest news.db articles/*.txt --metadata articles/articles.jsonl\n"
      "  fasti ingest news.db archive/ --jobs 8 --rejects rejects.txt\n"
      "  curl -s https://example.org/news.html | fasti ingest news.db -\n"
      "  fasti ingest news.db articles/*.txt --dry-run --dump facts.jsonl\n"
      "  fasti ingest --check-lang pt --lang-folder examples/lang");
  return [arguments] { return RunIngest(*arguments); };
}

}  // namespace fasti::tools
