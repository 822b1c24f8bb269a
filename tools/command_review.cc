// fasti review: what fell below the gate, and a person's decision on it.

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "fasti/database.h"
#include "fasti/quantity.h"
#include "fasti/status_macros.h"
#include "tools/command.h"
#include "tools/ingest/review/candidates.h"
#include "tools/shell/display.h"

namespace fasti::tools {
namespace {

using ingest::Candidate;
using ingest::Decided;
using ingest::Decision;

struct ReviewArguments {
  std::string database;
  std::vector<uint64_t> accepted;
  std::vector<uint64_t> rejected;
  size_t limit = 0;  // 0: all
  bool list = false;
};

// Text from outside, fit for a terminal.
std::string Shown(absl::string_view text) {
  return shell::EscapeControls(text);
}

std::string ObjectOf(const Statement& statement) {
  if (const auto* entity = std::get_if<EntityName>(&statement.object)) return entity->name;
  const Value& value = std::get<Value>(statement.object);
  return value.is(Value::Kind::kQuantity) ? FormatQuantity(value.as_quantity()) : "";
}

// "Alvena | acquires | Boreal  2025-06  planned  amount 20e6 EUR"
std::string Sketch(const Statement& statement) {
  std::string line =
      absl::StrCat(statement.subject.name, " | ", statement.relation, " | ", ObjectOf(statement));
  if (statement.valid) absl::StrAppend(&line, "  ", FormatPeriod(*statement.valid));
  if (statement.modality != Modality::kAsserted) {
    absl::StrAppend(&line, "  ", ModalityName(statement.modality));
  }
  for (const auto& [key, value] : statement.qualifiers) {
    absl::StrAppend(&line, "  ", key, " ",
                    value.is(Value::Kind::kQuantity) ? FormatQuantity(value.as_quantity())
                                                     : FormatValue(value));
  }
  return line;
}

// What tells people which source it is.
std::string NameOf(const Candidate& candidate, const Snapshot& snapshot) {
  std::string name = candidate.article;
  for (const char* key : {"url", "publisher", "published", "report_date"}) {
    const std::optional<RelationInfo> attribute = snapshot.FindAttribute(key);
    if (!attribute) continue;
    const absl::StatusOr<Value> value = snapshot.Attribute(candidate.source, attribute->id, View());
    if (!value.ok() || value->is_null()) continue;
    const bool is_text = value->is(Value::Kind::kString);
    absl::StrAppend(&name, ", ", is_text ? value->as_string() : FormatValue(*value));
  }
  return name;
}

void Print(const Candidate& candidate, const Snapshot& snapshot) {
  const Statement& statement = candidate.fact.statement;
  std::printf("%llu  %s\n", static_cast<unsigned long long>(Raw(candidate.id)),
              Shown(Sketch(statement)).c_str());
  std::printf("    \"%s\"\n", Shown(candidate.note.sentence).c_str());
  const std::string reason = candidate.note.reason.empty()
                                 ? absl::StrFormat("below the gate of %.2f", candidate.note.gate)
                                 : Shown(candidate.note.reason);
  std::printf("    %s; confidence %.2f; %s; read by %s\n",
              Shown(NameOf(candidate, snapshot)).c_str(), statement.confidence, reason.c_str(),
              Shown(statement.extractor).c_str());
}

// Lets keys be read one by one, without Enter, until its end.
class KeyByKey {
 public:
  KeyByKey() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // Ctrl-C stays a signal
    changed_ = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
  }
  ~KeyByKey() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  KeyByKey(const KeyByKey&) = delete;
  KeyByKey& operator=(const KeyByKey&) = delete;

  // The next key; nothing at the end of input or on Ctrl-C.
  static std::optional<char> Read() {
    char key = 0;
    if (InterruptFlag() || read(STDIN_FILENO, &key, 1) != 1) return std::nullopt;
    return key;
  }

 private:
  termios before_ = {};
  bool changed_ = false;
};

enum class Answer { kAccept, kReject, kSkip, kQuit };

Answer Ask() {
  std::printf("    [a]ccept, [r]eject, [s]kip, [q]uit? ");
  std::fflush(stdout);
  while (true) {
    switch (KeyByKey::Read().value_or('q')) {
      case 'a':
        return Answer::kAccept;
      case 'r':
        return Answer::kReject;
      case 's':
      case ' ':
        return Answer::kSkip;
      case 'q':
      case '\x04':
        return Answer::kQuit;
      default:
        break;
    }
  }
}

// Each decision is a commit before the next question, so Ctrl-C loses none that was made.
int AskAll(const std::vector<Candidate>& candidates, Database& database) {
  HandleInterrupts(/*end_on_second=*/false);
  size_t accepted = 0, rejected = 0;
  {
    const KeyByKey keys;
    for (const Candidate& candidate : candidates) {
      Print(candidate, *database.GetSnapshot());
      const Answer answer = Ask();
      if (answer == Answer::kQuit) {
        std::printf("\n");
        break;
      }
      const bool accept = answer == Answer::kAccept;
      std::printf("%s\n", accept ? "accepted" : answer == Answer::kReject ? "rejected" : "skipped");
      if (answer == Answer::kSkip) continue;
      const Decided decided{candidate.id, accept ? Decision::kAccept : Decision::kReject};
      if (const absl::Status status = ingest::Decide({decided}, &database); !status.ok()) {
        Fail("", status);  // it keeps waiting
        continue;
      }
      ++(accept ? accepted : rejected);
    }
  }
  std::printf("%zu accepted, %zu rejected\n", accepted, rejected);
  return InterruptFlag() ? kInterrupted : kSuccess;
}

absl::StatusOr<int> Review(const ReviewArguments& arguments) {
  const bool decide = !arguments.accepted.empty() || !arguments.rejected.empty();
  const bool ask = !decide && !arguments.list && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
  Options options;
  options.create_if_missing = false;
  options.read_only = !decide && !ask;
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database,
                         Database::Open(arguments.database, options));
  if (decide) {
    std::vector<Decided> decisions;
    for (const uint64_t id : arguments.accepted) {
      decisions.push_back({static_cast<VersionId>(id), Decision::kAccept});
    }
    for (const uint64_t id : arguments.rejected) {
      decisions.push_back({static_cast<VersionId>(id), Decision::kReject});
    }
    FASTI_RETURN_IF_ERROR(ingest::Decide(decisions, database.get()));
    FASTI_RETURN_IF_ERROR(database->Close());
    std::printf("%zu accepted, %zu rejected\n", arguments.accepted.size(),
                arguments.rejected.size());
    return kSuccess;
  }
  std::vector<Candidate> candidates;
  {
    const std::unique_ptr<Snapshot> snapshot = database->GetSnapshot();
    FASTI_ASSIGN_OR_RETURN(candidates, ingest::PendingCandidates(*snapshot));
    const size_t all = candidates.size();
    if (arguments.limit != 0 && all > arguments.limit) candidates.resize(arguments.limit);
    if (!ask) {
      for (const Candidate& candidate : candidates) Print(candidate, *snapshot);
    }
    std::printf("%zu %s for a decision%s\n", all, all == 1 ? "fact waits" : "facts wait",
                candidates.size() < all
                    ? absl::StrCat(", the first ", candidates.size(), " are shown").c_str()
                    : "");
  }
  int code = kSuccess;
  if (ask) code = AskAll(candidates, *database);
  FASTI_RETURN_IF_ERROR(database->Close());
  return code;
}

int RunReview(const ReviewArguments& arguments) {
  const absl::StatusOr<int> code = Review(arguments);
  return code.ok() ? *code : Fail("", code.status());
}

}  // namespace

CommandBody DeclareReview(CLI::App& app) {
  auto arguments = std::make_shared<ReviewArguments>();
  app.add_option("DATABASE", arguments->database, "directory of the database")->required();
  app.add_option("--accept", arguments->accepted, "numbers of facts that become claims")
      ->type_name("NUMBER");
  app.add_option("--reject", arguments->rejected, "numbers of facts that are not asked about again")
      ->type_name("NUMBER");
  app.add_option("--limit", arguments->limit, "show only the first so many (default: all)");
  app.add_flag("--list", arguments->list, "only list, also in a terminal");
  app.footer(
      "Facts that 'fasti ingest' found below --min-confidence wait in the database, where no "
      "query\n"
      "meets them.  This lists them with number, sentence, source and confidence; in a terminal "
      "it\n"
      "asks for each, one key an answer, and every answer is stored at once.  --accept and "
      "--reject\n"
      "take many numbers and do all or nothing.  An accepted fact is a claim of its source from "
      "then\n"
      "on, with a note that a person accepted it; a rejected one does not come back when its "
      "article\n"
      "is read again.  Ends with 0, with 1 if nothing was changed because something is wrong.\n\n"
      "  fasti review news.db --list\n"
      "  fasti review news.db --accept 4711 4712 --reject 4720");
  return [arguments] { return RunReview(*arguments); };
}

}  // namespace fasti::tools
