// fasti merge, fasti unmerge: a person states that two entities are one, or takes it back.

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tools/command.h"
#include "tools/shell/display.h"

namespace fasti::tools {
namespace {

struct MergeArguments {
  std::string database;
  std::string entity, other;
  std::string known;
  std::string note;
  bool candidates = false;
  bool list = false;
  bool dry_run = false;
};

// Each entity by its own number.
const View& Apart() {
  static const View view = {.valid = {}, .as_of = {}, .as_recorded = {}, .apart = true};
  return view;
}

absl::StatusOr<std::vector<Fact>> FactsOf(const Snapshot& snapshot, const Pattern& pattern,
                                          size_t facts_max) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<FactCursor> cursor, snapshot.Scan(pattern));
  std::vector<Fact> facts(facts_max);
  size_t found = 0;
  while (found < facts_max) {
    FASTI_ASSIGN_OR_RETURN(const size_t count, cursor->Next(absl::MakeSpan(facts).subspan(found)));
    if (count == 0) break;
    found += count;
  }
  facts.resize(found);
  return facts;
}

// -------------------------------------------------------------------------------------------
// What is shown of an entity

// Its names, the one that it goes by first.
absl::StatusOr<std::vector<std::string>> NamesOf(const Snapshot& snapshot, EntityId entity) {
  constexpr size_t kNamesMax = 20;
  std::vector<std::string> names;
  for (const char* const key : {"name", "alias"}) {
    const std::optional<RelationInfo> attribute = snapshot.FindAttribute(key);
    if (!attribute.has_value()) continue;
    FASTI_ASSIGN_OR_RETURN(
        const std::vector<Fact> facts,
        FactsOf(snapshot, {.subject = entity, .relations = {attribute->id}, .view = Apart()},
                kNamesMax));
    std::set<std::string> of_key;
    for (const Fact& fact : facts) {
      FASTI_ASSIGN_OR_RETURN(const Value value, snapshot.ValueOf(fact.object));
      if (value.is(Value::Kind::kString)) of_key.insert(shell::EscapeControls(value.as_string()));
    }
    names.insert(names.end(), of_key.begin(), of_key.end());
  }
  return names;
}

absl::StatusOr<std::string> NameOf(const Snapshot& snapshot, EntityId entity) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesOf(snapshot, entity));
  return names.empty() ? std::string("(no name)") : names.front();
}

std::string RelationOf(const Snapshot& snapshot, const Fact& fact) {
  return shell::EscapeControls(snapshot.GetRelation(fact.relation).name);
}

// "12  Orion (Company), also Orion Corp; ACQUIRED Scale, BASED_IN Oslo"
absl::StatusOr<std::string> Describe(const Snapshot& snapshot, EntityId entity) {
  constexpr size_t kFactsShown = 3;
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesOf(snapshot, entity));
  FASTI_ASSIGN_OR_RETURN(const std::vector<LabelId> labels, snapshot.Labels(entity, Apart()));
  std::string line =
      absl::StrCat("  ", Raw(entity), "  ", names.empty() ? "(no name)" : names.front());
  if (!labels.empty()) {
    absl::StrAppend(&line, " (",
                    absl::StrJoin(labels, ", ",
                                  [&](std::string* out, LabelId label) {
                                    absl::StrAppend(
                                        out, shell::EscapeControls(snapshot.GetLabel(label).name));
                                  }),
                    ")");
  }
  if (names.size() > 1) {
    absl::StrAppend(&line, ", also ", absl::StrJoin(names.begin() + 1, names.end(), ", "));
  }
  std::vector<std::string> told;
  FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> out,
                         FactsOf(snapshot, {.subject = entity, .view = Apart()}, kFactsShown));
  for (const Fact& fact : out) {
    FASTI_ASSIGN_OR_RETURN(const std::string other, NameOf(snapshot, fact.object.entity()));
    told.push_back(absl::StrCat(RelationOf(snapshot, fact), " ", other));
  }
  FASTI_ASSIGN_OR_RETURN(
      const std::vector<Fact> in,
      FactsOf(snapshot, {.object = Term::Entity(entity), .view = Apart()}, kFactsShown));
  for (const Fact& fact : in) {
    FASTI_ASSIGN_OR_RETURN(const std::string other, NameOf(snapshot, fact.subject));
    told.push_back(absl::StrCat(other, " ", RelationOf(snapshot, fact), " it"));
  }
  if (!told.empty()) absl::StrAppend(&line, "; ", absl::StrJoin(told, ", "));
  return line;
}

std::string KnownSince(Instant known_from) {
  if (known_from == kInstantMin) return "";
  return absl::StrCat(", known since ", FormatTime(known_from));
}

// "3 Alvena = 5 Boreal, known since 2021-10-28, stated 2026-11-22T12:00:07Z: its note"
absl::StatusOr<std::string> DescribeMerge(const Snapshot& snapshot, const Fact& merge) {
  FASTI_ASSIGN_OR_RETURN(const std::string one, NameOf(snapshot, merge.subject));
  FASTI_ASSIGN_OR_RETURN(const std::string other, NameOf(snapshot, merge.object.entity()));
  FASTI_ASSIGN_OR_RETURN(const Period recorded, snapshot.Recorded(merge));
  FASTI_ASSIGN_OR_RETURN(const Map details, snapshot.Qualifiers(merge));
  std::string line = absl::StrCat("  ", Raw(merge.subject), " ", one, " = ",
                                  Raw(merge.object.entity()), " ", other);
  absl::StrAppend(&line, KnownSince(merge.known_from), ", stated ", FormatTime(recorded.from));
  if (const auto note = details.find("note"); note != details.end()) {
    absl::StrAppend(&line, ": ", shell::EscapeControls(note->second.as_string()));
  }
  return line;
}

// -------------------------------------------------------------------------------------------

// Every statement that is in force, or will be when its day of being known comes.
absl::StatusOr<std::vector<Fact>> AllMerges(const Snapshot& snapshot) {
  constexpr size_t kMergesMax = 1'000'000;
  Pattern pattern = {.relations = {kSameAs}, .view = Apart()};
  pattern.view.as_of = Period::Always();
  FASTI_ASSIGN_OR_RETURN(std::vector<Fact> merges, FactsOf(snapshot, pattern, kMergesMax));
  std::sort(merges.begin(), merges.end(),
            [](const Fact& a, const Fact& b) { return a.version < b.version; });
  return merges;
}

// Those among them that make these entities one.
absl::StatusOr<std::vector<Fact>> MergesAmong(const Snapshot& snapshot,
                                              const std::vector<EntityId>& members) {
  FASTI_ASSIGN_OR_RETURN(std::vector<Fact> merges, AllMerges(snapshot));
  std::erase_if(merges, [&](const Fact& merge) {
    return std::find(members.begin(), members.end(), merge.subject) == members.end();
  });
  return merges;
}

absl::StatusOr<std::string> Listed(const Snapshot& snapshot, const std::vector<Fact>& merges) {
  std::string text;
  for (const Fact& merge : merges) {
    FASTI_ASSIGN_OR_RETURN(const std::string line, DescribeMerge(snapshot, merge));
    absl::StrAppend(&text, "\n", line);
  }
  return text;
}

// The entity that a person means by a name or a number, whatever it is one with.
absl::StatusOr<EntityId> Meant(const Snapshot& snapshot, absl::string_view text) {
  absl::string_view number = text;
  uint64_t id = 0;
  std::set<EntityId> meant;
  const bool has_prefix = absl::ConsumePrefix(&number, "id:");
  const bool is_number = absl::SimpleAtoi(number, &id);
  const bool only_number = has_prefix && is_number;
  if (is_number) {
    FASTI_ASSIGN_OR_RETURN(const bool exists, snapshot.Exists(static_cast<EntityId>(id)));
    if (exists) meant.insert(static_cast<EntityId>(id));
  }
  if (!only_number) {
    FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> named,
                           snapshot.EntitiesNamed(text, Apart()));
    meant.insert(named.begin(), named.end());
  }
  if (meant.size() == 1) return *meant.begin();
  const std::string shown = shell::EscapeControls(text);
  if (meant.empty()) {
    return absl::NotFoundError(
        only_number ? absl::StrCat("no entity has the number ", id)
                    : absl::StrCat("no entity has the ", is_number ? "number or " : "", "name '",
                                   shown, "'; names are compared whole, without case and accents"));
  }
  std::string message =
      absl::StrCat("'", shown, "' meets ", meant.size(),
                   " entities; name the one by its number, as id:", Raw(*meant.begin()));
  for (const EntityId entity : meant) {
    FASTI_ASSIGN_OR_RETURN(const std::string line, Describe(snapshot, entity));
    absl::StrAppend(&message, "\n", line);
  }
  return absl::FailedPreconditionError(message);
}

struct Pair {
  EntityId one, other;
  std::string text;  // "3 Alvena and 5 Boreal"
};

absl::StatusOr<Pair> MeantPair(const Snapshot& snapshot, const MergeArguments& arguments) {
  Pair pair;
  FASTI_ASSIGN_OR_RETURN(pair.one, Meant(snapshot, arguments.entity));
  FASTI_ASSIGN_OR_RETURN(pair.other, Meant(snapshot, arguments.other));
  FASTI_ASSIGN_OR_RETURN(const std::string one, NameOf(snapshot, pair.one));
  if (pair.one == pair.other) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", shell::EscapeControls(arguments.entity), "' and '",
                     shell::EscapeControls(arguments.other), "' are both entity ", Raw(pair.one),
                     " ", one, "; name two"));
  }
  FASTI_ASSIGN_OR_RETURN(const std::string other, NameOf(snapshot, pair.other));
  pair.text = absl::StrCat(Raw(pair.one), " ", one, " and ", Raw(pair.other), " ", other);
  return pair;
}

absl::StatusOr<bool> AreOne(const Snapshot& snapshot, const Pair& pair,
                            std::vector<EntityId>* members) {
  FASTI_ASSIGN_OR_RETURN(*members, snapshot.Members(pair.one, View()));
  return std::find(members->begin(), members->end(), pair.other) != members->end();
}

absl::StatusOr<Instant> KnownFrom(const std::string& text) {
  if (text.empty()) return kInstantMin;
  const absl::StatusOr<Period> day = ParsePeriod(text);
  if (!day.ok() || !day->has_start()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--known: expected a day or a moment such as 2021-10-28, found '",
                     shell::EscapeControls(text), "'"));
  }
  return day->from;
}

absl::StatusOr<std::unique_ptr<Database>> OpenFor(const MergeArguments& arguments) {
  if (arguments.dry_run || arguments.list || arguments.candidates) {
    return OpenToRead(arguments.database);
  }
  Options options;
  options.create_if_missing = false;
  return Database::Open(arguments.database, options);
}

absl::StatusOr<int> Merge(const MergeArguments& arguments) {
  FASTI_ASSIGN_OR_RETURN(const Instant known_from, KnownFrom(arguments.known));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, OpenFor(arguments));
  Pair pair;
  {
    const std::unique_ptr<Snapshot> snapshot = database->GetSnapshot();
    FASTI_ASSIGN_OR_RETURN(pair, MeantPair(*snapshot, arguments));
    std::vector<EntityId> members;
    FASTI_ASSIGN_OR_RETURN(const bool are_one, AreOne(*snapshot, pair, &members));
    if (are_one) {
      FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> merges, MergesAmong(*snapshot, members));
      FASTI_ASSIGN_OR_RETURN(const std::string listed, Listed(*snapshot, merges));
      return absl::FailedPreconditionError(absl::StrCat(pair.text, " are one already:", listed));
    }
    if (arguments.dry_run) {
      for (const EntityId entity : {pair.one, pair.other}) {
        FASTI_ASSIGN_OR_RETURN(const std::string line, Describe(*snapshot, entity));
        std::printf("%s\n", line.c_str());
      }
      std::printf("%s would be one%s; nothing was changed\n", pair.text.c_str(),
                  KnownSince(known_from).c_str());
      return kSuccess;
    }
  }
  {
    FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Transaction> transaction, database->Begin());
    FASTI_RETURN_IF_ERROR(
        transaction->Merge(pair.one, pair.other, known_from, kInstantMax, arguments.note).status());
    FASTI_RETURN_IF_ERROR(transaction->Commit().status());
  }
  std::printf("%s are one%s; take it back with: fasti unmerge %s id:%llu id:%llu\n",
              pair.text.c_str(), KnownSince(known_from).c_str(), arguments.database.c_str(),
              static_cast<unsigned long long>(Raw(pair.one)),
              static_cast<unsigned long long>(Raw(pair.other)));
  FASTI_RETURN_IF_ERROR(database->Close());
  return kSuccess;
}

absl::StatusOr<int> List(const MergeArguments& arguments) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, OpenFor(arguments));
  const std::unique_ptr<Snapshot> snapshot = database->GetSnapshot();
  FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> merges, AllMerges(*snapshot));
  for (const Fact& merge : merges) {
    FASTI_ASSIGN_OR_RETURN(const std::string line, DescribeMerge(*snapshot, merge));
    std::printf("%s\n", line.c_str());
  }
  std::printf("%zu %s\n", merges.size(), merges.size() == 1 ? "merge" : "merges");
  return kSuccess;
}

// Names that meet several entities which are not one, each set of entities once.
absl::StatusOr<int> ListCandidates(const MergeArguments& arguments) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, OpenFor(arguments));
  const std::unique_ptr<Snapshot> snapshot = database->GetSnapshot();
  std::set<Term> names;
  for (const char* const key : {"name", "alias"}) {
    const std::optional<RelationInfo> attribute = snapshot->FindAttribute(key);
    if (!attribute.has_value()) continue;
    FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<EndsCursor> cursor,
                           snapshot->ScanEnds({.relations = {attribute->id}}));
    std::vector<FactEnds> some(1024);
    while (true) {
      FASTI_ASSIGN_OR_RETURN(const size_t count, cursor->Next(absl::MakeSpan(some)));
      if (count == 0) break;
      for (size_t i = 0; i < count; ++i) names.insert(some[i].object);
    }
  }
  std::map<std::vector<EntityId>, std::string> met;  // and the least of the names that meet them
  for (const Term term : names) {
    FASTI_ASSIGN_OR_RETURN(const Value value, snapshot->ValueOf(term));
    if (!value.is(Value::Kind::kString)) continue;
    FASTI_ASSIGN_OR_RETURN(std::vector<EntityId> bearers,
                           snapshot->EntitiesNamed(value.as_string()));
    if (bearers.size() < 2) continue;
    std::string& name = met[std::move(bearers)];
    if (name.empty() || value.as_string() < name) name = value.as_string();
  }
  for (const auto& [bearers, name] : met) {
    std::printf("'%s' meets %zu entities\n", shell::EscapeControls(name).c_str(), bearers.size());
    for (const EntityId entity : bearers) {
      FASTI_ASSIGN_OR_RETURN(const std::string line, Describe(*snapshot, entity));
      std::printf("%s\n", line.c_str());
    }
  }
  std::printf("%zu %s several entities\n", met.size(),
              met.size() == 1 ? "name meets" : "names meet");
  return kSuccess;
}

absl::StatusOr<int> Unmerge(const MergeArguments& arguments) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, OpenFor(arguments));
  Pair pair;
  std::vector<Fact> stated;
  {
    const std::unique_ptr<Snapshot> snapshot = database->GetSnapshot();
    FASTI_ASSIGN_OR_RETURN(pair, MeantPair(*snapshot, arguments));
    FASTI_ASSIGN_OR_RETURN(stated, AllMerges(*snapshot));
    std::erase_if(stated, [&](const Fact& merge) {
      return merge.subject != std::min(pair.one, pair.other) ||
             merge.object.entity() != std::max(pair.one, pair.other);
    });
    if (stated.empty()) {
      std::vector<EntityId> members;
      FASTI_ASSIGN_OR_RETURN(const bool are_one, AreOne(*snapshot, pair, &members));
      if (!are_one) {
        return absl::NotFoundError(absl::StrCat("nobody stated that ", pair.text, " are one"));
      }
      FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> merges, MergesAmong(*snapshot, members));
      FASTI_ASSIGN_OR_RETURN(const std::string listed, Listed(*snapshot, merges));
      return absl::FailedPreconditionError(
          absl::StrCat(pair.text, " are one by way of others; take back one of these:", listed));
    }
    if (arguments.dry_run) {
      FASTI_ASSIGN_OR_RETURN(const std::string listed, Listed(*snapshot, stated));
      std::printf("would be taken back:%s\nnothing was changed\n", listed.c_str());
      return kSuccess;
    }
  }
  {
    FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Transaction> transaction, database->Begin());
    for (const Fact& merge : stated) {
      FASTI_RETURN_IF_ERROR(transaction->Retract(merge.version));
    }
    FASTI_RETURN_IF_ERROR(transaction->Commit().status());
  }
  {
    const std::unique_ptr<Snapshot> snapshot = database->GetSnapshot();
    std::vector<EntityId> members;
    FASTI_ASSIGN_OR_RETURN(const bool still_one, AreOne(*snapshot, pair, &members));
    if (still_one) {
      FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> merges, MergesAmong(*snapshot, members));
      FASTI_ASSIGN_OR_RETURN(const std::string listed, Listed(*snapshot, merges));
      std::printf("taken back; %s are still one by way of others:%s\n", pair.text.c_str(),
                  listed.c_str());
    } else {
      std::printf("taken back; %s are two\n", pair.text.c_str());
    }
  }
  FASTI_RETURN_IF_ERROR(database->Close());
  return kSuccess;
}

int Usage(const char* message) {
  std::fprintf(stderr, "fasti: %s\n", message);
  return kUsage;
}

int RunMerge(const MergeArguments& arguments) {
  const bool lists = arguments.list || arguments.candidates;
  if (lists && !arguments.entity.empty()) {
    return Usage("--list and --candidates take no entities");
  }
  if (!lists && arguments.other.empty()) return Usage("expected two entities to merge");
  const absl::StatusOr<int> code = arguments.list         ? List(arguments)
                                   : arguments.candidates ? ListCandidates(arguments)
                                                          : Merge(arguments);
  return code.ok() ? *code : Fail("", code.status());
}

int RunUnmerge(const MergeArguments& arguments) {
  const absl::StatusOr<int> code = Unmerge(arguments);
  return code.ok() ? *code : Fail("", code.status());
}

}  // namespace

CommandBody DeclareMerge(CLI::App& app) {
  auto arguments = std::make_shared<MergeArguments>();
  app.add_option("DATABASE", arguments->database, "directory of the database")->required();
  app.add_option("ENTITY", arguments->entity, "one entity, by a name or its number");
  app.add_option("OTHER", arguments->other, "the other one, likewise");
  app.add_option("--known", arguments->known,
                 "the day since which it is known that they are one (default: always)")
      ->type_name("DAY");
  app.add_option("--note", arguments->note, "why, kept with the statement");
  app.add_flag("--dry-run", arguments->dry_run, "only show the two");
  CLI::Option* const list = app.add_flag("--list", arguments->list, "list what was merged");
  app.add_flag("--candidates", arguments->candidates,
               "list names that meet several entities, and what tells these apart")
      ->excludes(list);
  app.footer(
      "Two entities that are one are one node in every query, with the facts, labels and names of "
      "both.\n"
      "Nothing is rewritten: facts stay with the entity that they were told of, so that 'fasti "
      "unmerge'\n"
      "undoes it, and AS RECORDED before it, or AS OF before --known, there are two.  A name that "
      "meets\n"
      "several entities is refused and they are listed; then name the one by its number.\n\n"
      "  fasti merge news.db --candidates\n"
      "  fasti merge news.db Alvena 'Alvena Holding' --known 2021-10-28 --note 'renamed'\n"
      "  fasti merge news.db id:12 id:97");
  return [arguments] { return RunMerge(*arguments); };
}

CommandBody DeclareUnmerge(CLI::App& app) {
  auto arguments = std::make_shared<MergeArguments>();
  app.add_option("DATABASE", arguments->database, "directory of the database")->required();
  app.add_option("ENTITY", arguments->entity, "one entity, by a name or its number")->required();
  app.add_option("OTHER", arguments->other, "the other one, likewise")->required();
  app.add_flag("--dry-run", arguments->dry_run, "only show what would be taken back");
  app.footer(
      "Takes back every statement of 'fasti merge' about these two.  Facts that were told "
      "meanwhile "
      "of\n"
      "either name are with that name's entity; what a query wrote to the merged node is with the "
      "one\n"
      "of the smaller number.  If they are one by way of others, these statements are listed.\n\n"
      "  fasti unmerge news.db Alvena 'Alvena Holding'");
  return [arguments] { return RunUnmerge(*arguments); };
}

}  // namespace fasti::tools
