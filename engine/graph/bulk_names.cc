#include "engine/graph/bulk_names.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "engine/base/text.h"
#include "engine/codec/term.h"
#include "engine/graph/draft_check.h"
#include "engine/graph/name_index.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

// What an entry knows of the entity that its text names, in place of the entity's number.
constexpr uint64_t kAbsent = ~uint64_t{0};         // nobody has the name
constexpr uint64_t kAmbiguous = ~uint64_t{0} - 1;  // several have it
constexpr uint64_t kNoName = ~uint64_t{0} - 2;     // the text cannot be a name

// Kinds in the table of relations.
constexpr char kRelationName = 1;
constexpr char kAttributeKey = 2;

bool IsEntity(uint64_t meaning) {
  return meaning != 0 && meaning < kNoName;
}

bool HasFirst(const NameTable::Entry& entry) {
  return entry.first.load(std::memory_order_acquire) != 0;
}
bool HasSecond(const NameTable::Entry& entry) {
  return entry.second.load(std::memory_order_acquire) != 0;
}
bool HasEntity(const NameTable::Entry& entry) {
  return IsEntity(entry.second.load(std::memory_order_acquire));
}

}  // namespace

BulkNames::BulkNames(std::shared_ptr<const ReadState> base, const Head& head, NameMatching matching)
    : base_(std::move(base)),
      base_is_empty_(head.next_entity == 1 && head.next_literal == 1),
      matching_(matching),
      first_entity_(head.next_entity),
      first_literal_(head.next_literal),
      next_entity_(head.next_entity),
      next_literal_(head.next_literal),
      catalog_(std::make_shared<Catalog>(*head.catalog)) {}

absl::StatusOr<EntityId> BulkNames::FindEntity(const Name& name, std::vector<Row>* rows) {
  FASTI_ASSIGN_OR_RETURN(const Entry* entry, LookUp("subject", name));
  return EntityOf(*entry, rows);
}

// What nearly all names of a large load need.
EntityId BulkNames::Known(const Name& name) const {
  const Entry* const entry = literals_.Find(name.hash, codec::kStringLiteral, name.text);
  if (entry == nullptr) return EntityId::kNone;
  const uint64_t meaning = entry->second.load(std::memory_order_acquire);
  return IsEntity(meaning) ? static_cast<EntityId>(meaning) : EntityId::kNone;
}

// Both are looked up before either is created, so that a fact which is refused leaves nothing.
absl::StatusOr<std::pair<EntityId, EntityId>> BulkNames::FindEntities(const Name& subject,
                                                                      const Name& object,
                                                                      std::vector<Row>* rows) {
  const std::pair<EntityId, EntityId> known = {Known(subject), Known(object)};
  if (known.first != EntityId::kNone && known.second != EntityId::kNone) return known;
  FASTI_ASSIGN_OR_RETURN(const Entry* subject_entry, LookUp("subject", subject));
  FASTI_ASSIGN_OR_RETURN(const Entry* object_entry, LookUp("object", object));
  FASTI_ASSIGN_OR_RETURN(const EntityId from, EntityOf(*subject_entry, rows));
  FASTI_ASSIGN_OR_RETURN(const EntityId to, EntityOf(*object_entry, rows));
  return std::make_pair(from, to);
}

uint64_t BulkNames::HashOf(absl::string_view name) {
  return NameTable::HashOf(codec::kStringLiteral, name);
}

absl::StatusOr<const NameTable::Entry*> BulkNames::LookUp(absl::string_view what,
                                                          const Name& name) {
  FASTI_ASSIGN_OR_RETURN(
      const Entry* entry,
      literals_.Intern(name.hash, codec::kStringLiteral, name.text, HasSecond,
                       [&](Entry& fresh) { return LookUpInBase(name.text, fresh); }));
  const uint64_t meaning = entry->second.load(std::memory_order_relaxed);
  if (meaning == kNoName) {
    FASTI_RETURN_IF_ERROR(CheckName(what, name.text));
    // Only spaces, or what is too long once it is folded.
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": expected a name, found '", Excerpt(name.text), "'"));
  }
  if (meaning == kAmbiguous) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": several have the name '", Excerpt(name.text), "'"));
  }
  return entry;
}

absl::Status BulkNames::LookUpInBase(absl::string_view name, Entry& entry) {
  if (!IsName(name)) {
    entry.second = kNoName;
    return absl::OkStatus();
  }
  std::vector<EntityId> bearers;
  if (!base_is_empty_ && matching_ == NameMatching::kExact) {
    FASTI_ASSIGN_OR_RETURN(bearers, NamedExactly(name));
  } else if (!base_is_empty_) {
    FASTI_ASSIGN_OR_RETURN(bearers, base_.BearersOf(name));
  }
  uint64_t meaning = kAbsent;
  if (bearers.size() == 1) meaning = Raw(bearers.front());
  if (bearers.size() > 1) meaning = kAmbiguous;
  entry.second.store(meaning, std::memory_order_release);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<EntityId>> BulkNames::NamedExactly(absl::string_view name) const {
  std::vector<EntityId> bearers;
  FASTI_ASSIGN_OR_RETURN(const std::optional<Term> term, base_.FindTerm(Value(name)));
  if (!term.has_value()) return bearers;
  for (const absl::string_view key : kNameKeys) {
    const std::optional<RelationInfo> attribute = base_.FindAttribute(key);
    if (!attribute.has_value()) continue;
    FASTI_ASSIGN_OR_RETURN(
        const std::unique_ptr<FactCursor> cursor,
        base_.Scan({.object = *term, .relations = {attribute->id}, .view = {.apart = true}}));
    for (Fact fact;;) {
      FASTI_ASSIGN_OR_RETURN(const size_t count, cursor->Next({&fact, 1}));
      if (count == 0) break;
      bearers.push_back(fact.subject);
    }
    std::sort(bearers.begin(), bearers.end());
    bearers.erase(std::unique(bearers.begin(), bearers.end()), bearers.end());
    if (!bearers.empty()) break;
  }
  return base_.FirstOfEach(std::move(bearers));
}

absl::StatusOr<EntityId> BulkNames::EntityOf(const Entry& entry, std::vector<Row>* rows) {
  const uint64_t meaning = entry.second.load(std::memory_order_acquire);
  if (IsEntity(meaning)) return static_cast<EntityId>(meaning);
  FASTI_ASSIGN_OR_RETURN(
      const Entry* created,
      literals_.Intern(entry.kind(), entry.text(), HasEntity, [&](Entry& mine) -> absl::Status {
        EntityId entity = EntityId::kNone;
        if (matching_ == NameMatching::kExact) {
          FASTI_ASSIGN_OR_RETURN(entity, CreateEntity(mine, rows));
        } else {
          // All spellings that fold to one text are one entity, named by the one met first.
          FASTI_ASSIGN_OR_RETURN(
              const Entry* folded,
              folded_.Intern(codec::kStringLiteral, *FoldedName(mine.text()), HasFirst,
                             [&](Entry& fresh) -> absl::Status {
                               FASTI_ASSIGN_OR_RETURN(entity, CreateEntity(mine, rows));
                               fresh.first.store(Raw(entity), std::memory_order_release);
                               return absl::OkStatus();
                             }));
          entity = static_cast<EntityId>(folded->first.load(std::memory_order_acquire));
        }
        mine.second.store(Raw(entity), std::memory_order_release);
        return absl::OkStatus();
      }));
  return static_cast<EntityId>(created->second.load(std::memory_order_acquire));
}

absl::StatusOr<EntityId> BulkNames::CreateEntity(Entry& entry, std::vector<Row>* rows) {
  FASTI_ASSIGN_OR_RETURN(const Relation name_key, FindRelation(kNameKeys[0], true));
  FASTI_ASSIGN_OR_RETURN(const RelationId name, IdOf(name_key));
  FASTI_RETURN_IF_ERROR(NumberLiteral(entry));
  if (entry.first < first_literal_) GiveName(entry.text(), entry.first);
  const auto entity = static_cast<EntityId>(next_entity_++);
  rows->push_back(TimelessRow(entity, kExists, Term()));
  rows->push_back(TimelessRow(entity, name, codec::DictionaryTerm(entry.first)));
  return entity;
}

absl::Status BulkNames::NumberLiteral(Entry& entry) {
  if (HasFirst(entry)) return absl::OkStatus();
  std::optional<uint64_t> known;
  if (!base_is_empty_) {
    FASTI_ASSIGN_OR_RETURN(known, base_.state().dictionary.Find(entry.bytes(), nullptr));
  }
  entry.first.store(known.has_value() ? *known : next_literal_++, std::memory_order_release);
  return absl::OkStatus();
}

absl::StatusOr<BulkNames::Relation> BulkNames::FindRelation(absl::string_view name,
                                                            bool is_attribute) {
  return relations_.Intern(
      is_attribute ? kAttributeKey : kRelationName, name, HasSecond,
      [&](Entry& fresh) -> absl::Status {
        FASTI_RETURN_IF_ERROR(CheckName(is_attribute ? "attribute" : "relation", name));
        absl::MutexLock lock(&mutex_);
        const RelationInfo* known =
            is_attribute ? catalog_->FindAttribute(name) : catalog_->FindRelation(name);
        if (known != nullptr) fresh.first.store(Raw(known->id), std::memory_order_release);
        const RelationKind kind = known == nullptr ? RelationKind::kUndeclared : known->kind;
        fresh.second.store(static_cast<uint64_t>(kind) + 1, std::memory_order_release);
        return absl::OkStatus();
      });
}

RelationKind BulkNames::KindOf(Relation relation) {
  return static_cast<RelationKind>(relation->second.load(std::memory_order_relaxed) - 1);
}

absl::StatusOr<RelationId> BulkNames::IdOf(Relation relation) {
  if (!HasFirst(*relation)) {
    FASTI_ASSIGN_OR_RETURN(
        relation,
        relations_.Intern(
            relation->kind(), relation->text(), HasFirst, [&](Entry& mine) -> absl::Status {
              absl::MutexLock lock(&mutex_);
              const RelationId id = catalog_->Put(RelationInfo{
                  .name = std::string(mine.text()), .is_attribute = mine.kind() == kAttributeKey});
              new_relations_.push_back(id);
              mine.first.store(Raw(id), std::memory_order_release);
              return absl::OkStatus();
            }));
  }
  return static_cast<RelationId>(relation->first.load(std::memory_order_relaxed));
}

absl::StatusOr<Term> BulkNames::FindTerm(absl::string_view attribute, const Value& value) {
  if (const std::optional<Term> term = codec::InlineTerm(value)) return *term;
  FASTI_ASSIGN_OR_RETURN(const std::string bytes, codec::EncodeLiteral(value));
  FASTI_ASSIGN_OR_RETURN(
      const Entry* entry,
      literals_.Intern(bytes.front(), absl::string_view(bytes).substr(1), HasFirst,
                       [&](Entry& fresh) { return NumberLiteral(fresh); }));
  const uint64_t literal = entry->first.load(std::memory_order_relaxed);
  if (value.is(Value::Kind::kString) && IsNameKey(attribute)) {
    GiveName(value.as_string(), literal);
  }
  return codec::DictionaryTerm(literal);
}

void BulkNames::GiveName(absl::string_view name, uint64_t literal) {
  std::optional<std::string> folded = FoldedName(name);
  if (!folded.has_value()) return;
  absl::MutexLock lock(&mutex_);
  given_names_.emplace_back(*std::move(folded), literal);
}

Head BulkNames::HeadBehind() const {
  absl::MutexLock lock(&mutex_);
  Head head;
  head.next_entity = next_entity_;
  head.next_literal = next_literal_;
  head.catalog = catalog_;
  return head;
}

std::vector<RelationId> BulkNames::new_relations() const {
  absl::MutexLock lock(&mutex_);
  return new_relations_;
}

std::vector<const NameTable::Entry*> BulkNames::NewLiterals() const {
  std::vector<const Entry*> entries(next_literal_ - first_literal_);
  literals_.ForEach([&](const Entry& entry) {
    if (entry.first >= first_literal_) entries[entry.first - first_literal_] = &entry;
  });
  return entries;
}

// An entry that has both numbers is the spelling in the row of its entity.
bool BulkNames::NamesNewEntity(const Entry& literal) const {
  return literal.kind() == codec::kStringLiteral && IsEntity(literal.second) &&
         literal.second >= first_entity_;
}

std::vector<std::pair<std::string, uint64_t>> BulkNames::given_names() const {
  absl::MutexLock lock(&mutex_);
  return given_names_;
}

}  // namespace fasti::graph
