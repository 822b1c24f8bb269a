#include "tools/shell/shell.h"

#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "fasti/status_macros.h"
#include "tools/shell/display.h"
#include "tools/shell/line_reader.h"
#include "tools/shell/statement_buffer.h"

namespace fasti::shell {
namespace {

constexpr size_t kCompletionNames = 50;

const std::vector<std::string>& CommandNames() {
  static const auto& names = *new std::vector<std::string>{
      ".format", ".help", ".labels", ".quit", ".read", ".relations", ".timing", ".width"};
  return names;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be opened"));
  std::ostringstream text;
  text << file.rdbuf();
  if (file.bad()) return absl::DataLossError(absl::StrCat(path, ": cannot be read"));
  return text.str();
}

// Names of entities that begin with `prefix`, by asking the database itself.
std::vector<std::string> NamesThatBegin(const Session& session, absl::string_view prefix) {
  std::vector<std::string> names;
  const Parameters parameters = {{"prefix", Value(prefix)},
                                 {"most", Value(static_cast<int64_t>(kCompletionNames))}};
  auto result = session.Run(
      "MATCH (n) WHERE n.name STARTS WITH $prefix RETURN DISTINCT n.name AS name "
      "ORDER BY name LIMIT $most",
      parameters, {.limits = {.time = absl::Milliseconds(300)}});
  // Completion is a help, not an answer: what fails offers nothing.
  if (!result.ok()) return names;
  std::vector<Value> row;
  for (auto more = (*result)->Next(&row); more.ok() && *more; more = (*result)->Next(&row)) {
    if (row[0].is(Value::Kind::kString)) names.push_back(row[0].as_string());
  }
  return names;
}

}  // namespace

std::string FormatQueryError(const absl::Status& status, absl::string_view statement) {
  const std::optional<QueryError> error = GetQueryError(status);
  if (!error.has_value()) {
    return absl::StrCat("error: ", EscapeControls(status.message()), "\n");
  }
  const std::string message = EscapeControls(error->message);
  if (error->line == 0) return absl::StrCat("query: ", message, "\n  ", error->code, "\n");
  const std::vector<absl::string_view> lines = absl::StrSplit(statement, '\n');
  std::string out = absl::StrCat("query:", error->line, ":", error->column, ": ", message, "\n");
  if (error->line <= lines.size()) {
    const absl::string_view line = lines[error->line - 1];
    // The column counts characters; the caret stands under the column of the terminal.
    size_t bytes = 0;
    for (uint32_t n = 1; n < error->column && bytes < line.size(); ++n) {
      do {
        ++bytes;
      } while (bytes < line.size() && (static_cast<unsigned char>(line[bytes]) & 0xc0) == 0x80);
    }
    const size_t indent = DisplayWidth(EscapeControls(line.substr(0, bytes)));
    absl::StrAppend(&out, "  ", EscapeControls(line), "\n  ", std::string(indent, ' '), "^\n");
  }
  absl::StrAppend(&out, "  ", error->code, "\n");
  return out;
}

std::string FormatEffects(const Effects& effects) {
  std::vector<std::string> parts;
  auto add = [&parts](int64_t count, absl::string_view one, absl::string_view many,
                      absl::string_view what) {
    if (count != 0) parts.push_back(absl::StrCat(count, " ", count == 1 ? one : many, " ", what));
  };
  add(effects.nodes_created, "node", "nodes", "created");
  add(effects.nodes_deleted, "node", "nodes", "deleted");
  add(effects.relationships_created, "relationship", "relationships", "created");
  add(effects.relationships_deleted, "relationship", "relationships", "deleted");
  add(effects.properties_set, "property", "properties", "set");
  add(effects.properties_removed, "property", "properties", "removed");
  add(effects.labels_added, "label", "labels", "added");
  add(effects.labels_removed, "label", "labels", "removed");
  return absl::StrJoin(parts, ", ");
}

Shell::Shell(Database& database, const ShellOptions& options, std::atomic<bool>& cancelled,
             std::ostream& out, std::ostream& err)
    : database_(database),
      session_(database),
      options_(options),
      cancelled_(cancelled),
      out_(out),
      err_(err) {}

void Shell::ShowError(const absl::Status& status, absl::string_view statement) {
  out_.flush();
  err_ << FormatQueryError(status, statement) << std::flush;
}

bool Shell::RunStatement(absl::string_view statement) {
  cancelled_ = false;
  if (options_.follow) {
    if (absl::Status status = database_.Refresh(); !status.ok()) {
      ShowError(status, statement);
      return false;
    }
  }
  const absl::Time start = absl::Now();
  auto result = session_.Run(statement, {}, {.limits = options_.limits, .cancelled = &cancelled_});
  if (!result.ok()) {
    ShowError(result.status(), statement);
    return false;
  }
  const absl::StatusOr<size_t> rows = Render(**result, options_.render, out_);
  if (!rows.ok()) {
    ShowError(rows.status(), statement);
    return false;
  }
  if (options_.render.format == Format::kTable) {
    const std::string effects = FormatEffects((*result)->effects());
    if (!effects.empty()) {
      out_ << effects << '\n';
    } else if ((*result)->columns().empty()) {
      out_ << "done, nothing changed\n";
    }
  }
  if (options_.timing) {
    out_ << absl::StrFormat("%.1f ms\n", absl::ToDoubleMilliseconds(absl::Now() - start));
  }
  out_.flush();
  return true;
}

bool Shell::RunScript(absl::string_view script) {
  const absl::StatusOr<std::vector<std::string>> statements = Session::Split(script);
  if (!statements.ok()) {
    ShowError(statements.status(), script);
    return false;
  }
  for (const std::string& statement : *statements) {
    if (!RunStatement(statement)) return false;
  }
  return true;
}

void Shell::ShowHelp() {
  out_ << "Statements end with ';' and may take several lines.  Tab completes, Ctrl-C cancels,\n"
          "Ctrl-D leaves.\n\n"
          "  .format NAME     how rows are shown: "
       << absl::StrJoin(FormatNames(), ", ")
       << "\n"
          "  .labels          the labels of entities\n"
          "  .read FILE       run the statements of a file\n"
          "  .relations       the relations and attributes\n"
          "  .timing on|off   show how long each statement took\n"
          "  .width N         columns a table may take; 0: as wide as its rows\n"
          "  .quit            leave\n\n"
          "  MATCH (a)-[f:invests_in]->(b) DURING @2025 RETURN a.name, b.name, valid(f);\n";
}

bool Shell::RunCommand(absl::string_view line) {
  const std::vector<std::string> words =
      absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  const std::string& name = words[0];
  const std::string argument = words.size() > 1 ? words[1] : "";
  auto complain = [&](absl::string_view text) { err_ << name << ": " << text << std::endl; };
  if (name == ".quit" || name == ".exit") return false;
  if (name == ".help") {
    ShowHelp();
  } else if (name == ".format") {
    const std::optional<Format> format = FormatFromName(argument);
    if (format.has_value()) {
      options_.render.format = *format;
    } else {
      complain(absl::StrCat("expected one of ", absl::StrJoin(FormatNames(), ", ")));
    }
  } else if (name == ".timing") {
    if (argument == "on" || argument == "off") {
      options_.timing = argument == "on";
    } else {
      complain("expected on or off");
    }
  } else if (name == ".width") {
    size_t width = 0;
    if (absl::SimpleAtoi(argument, &width)) {
      options_.render.width = width;
    } else {
      complain("expected a number of columns");
    }
  } else if (name == ".relations") {
    for (const RelationInfo& relation : database_.GetSnapshot()->Relations()) {
      out_ << (relation.is_attribute ? "." : "") << EscapeControls(relation.name) << "  "
           << RelationKindName(relation.kind) << '\n';
    }
  } else if (name == ".labels") {
    for (const LabelInfo& label : database_.GetSnapshot()->AllLabels()) {
      out_ << EscapeControls(label.name) << '\n';
    }
  } else if (name == ".read") {
    const absl::StatusOr<std::string> script =
        options_.safe ? absl::PermissionDeniedError("no file is read, since the shell is --safe")
                      : ReadFile(argument);
    if (script.ok()) {
      RunScript(*script);
    } else {
      complain(script.status().message());
    }
  } else {
    complain("no such command; .help lists them");
  }
  out_.flush();
  return true;
}

CompletionWords Shell::Words() const {
  CompletionWords words;
  words.keywords = Session::Keywords();
  words.functions = Session::Functions();
  words.commands = CommandNames();
  const std::unique_ptr<Snapshot> snapshot = database_.GetSnapshot();
  for (const RelationInfo& relation : snapshot->Relations()) {
    (relation.is_attribute ? words.attributes : words.relations).push_back(relation.name);
  }
  for (const LabelInfo& label : snapshot->AllLabels()) words.labels.push_back(label.name);
  words.entities = [this](absl::string_view prefix) { return NamesThatBegin(session_, prefix); };
  return words;
}

void Shell::RunInteractive() {
  LineReader reader(options_.history_file,
                    [this](absl::string_view text) { return Complete(text, Words()); });
  std::string statement, line;
  while (true) {
    const LineReader::Outcome outcome =
        reader.Read(statement.empty() ? "fasti> " : "  ...> ", &line);
    if (outcome == LineReader::Outcome::kInterrupted) {
      out_ << '\n';
      statement.clear();
      continue;
    }
    if (outcome == LineReader::Outcome::kEnd) break;
    const absl::string_view stripped = absl::StripAsciiWhitespace(line);
    if (statement.empty()) {
      if (stripped.empty()) continue;
      if (stripped[0] == '.' || stripped == "help" || stripped == "quit" || stripped == "exit") {
        reader.Remember(stripped);
        if (!RunCommand(stripped[0] == '.' ? std::string(stripped) : absl::StrCat(".", stripped))) {
          return;
        }
        continue;
      }
    }
    absl::StrAppend(&statement, statement.empty() ? "" : "\n", line);
    if (!EndsStatement(statement)) continue;
    reader.Remember(statement);
    RunScript(statement);
    statement.clear();
  }
  out_ << '\n';
}

}  // namespace fasti::shell
