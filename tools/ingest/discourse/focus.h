#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "tools/ingest/clauses/chunker.h"
#include "tools/ingest/discourse/description.h"

// Whom an article is speaking of.  Almost half of all facts have an argument that their own
// sentence does not name ("Il gruppo ha ...", "Ora guiderà ..."); it is taken from what was said
// before, and only when there is no choice.

namespace fasti::ingest {

struct Antecedent {
  uint32_t entity = 0;
  double certainty = 0;
  bool from_before = true;  // the sentences before speak of it
  // The noun phrase tells which one it means, but nothing proves that it is this one.
  bool contested = false;
};

// Whether something of type `type` may fill a slot for `types`, and at what certainty; 0: never.
double TypeFit(TypeMask types, const NamedEntity& entity);
// The same for what is meant without being named: never a newspaper.
double ReferenceFit(TypeMask types, const NamedEntity& entity);

// What the sentences so far have put in focus.
class Focus {
 public:
  // `names` must outlive the focus.
  Focus(const Names& names, const Document& document);

  // Who a sentence that names no subject speaks of: the subject of the sentence before, else the
  // last one not long ago (as surely if the sentence before names no other), else what the article
  // is about.
  // `barred` are those who cannot be meant.
  std::optional<Antecedent> Find(TypeMask types, uint32_t sentence,
                                 const std::set<uint32_t>& barred = {}) const;

  // Whose "the chief executive" is: rather of what the article is about than of who was named last,
  // but not in a paragraph that speaks of others.
  std::optional<Antecedent> FindTopic(TypeMask types, uint32_t sentence) const;

  // Whom "the start-up" means: the one that was called so, bought or invested in; where no such is
  // known, who else fits, if the sentence before leaves no choice.
  std::optional<Antecedent> FindNewcomer(TypeMask types, uint32_t sentence) const;
  bool HasNewcomers() const { return !newcomers_.empty(); }
  bool IsNewcomer(uint32_t entity) const { return newcomers_.contains(entity); }

  // Whether the article is about this organization.
  bool IsTopic(uint32_t entity) const { return topic_ == entity; }

  // The entities of fitting type that the sentence before names, each once.
  std::vector<uint32_t> NamedJustBefore(TypeMask types, uint32_t sentence) const;

  // "Les deux entreprises": the two subjects of the sentence before, if it had two.
  std::vector<uint32_t> FindPair(TypeMask types, uint32_t sentence) const;

  // Told after each sentence: the entities its main verb has as subject, and all that it names.
  void Advance(uint32_t sentence, const std::vector<uint32_t>& subjects,
               const std::vector<uint32_t>& named);
  // A person known to act for an organization: "Ferrante" stands for Alvena as a subject.
  void Employ(uint32_t person, uint32_t organization);
  std::optional<uint32_t> EmployerOf(uint32_t person) const;
  // An entity that "the start-up" may stand for.
  void MarkNewcomer(uint32_t entity);

 private:
  struct Entry {
    uint32_t entity;
    uint32_t sentence;
  };

  // The one of those named in the sentence before, if there is one alone.
  std::optional<Antecedent> OnlyOneNamed(TypeMask types, uint32_t sentence) const;
  bool IsOnlyOneNamed(uint32_t entity, TypeMask types, uint32_t sentence) const;

  uint32_t ParagraphOf(uint32_t sentence) const { return document_.sentences[sentence].paragraph; }
  // Whether the paragraph has spoken of another organization, and not of what the article is about.
  bool IsOtherStory(uint32_t sentence) const;

  const Names& names_;
  const Document& document_;
  std::vector<Entry> subjects_;
  std::vector<Entry> named_;
  std::map<uint32_t, uint32_t> employers_;
  std::set<uint32_t> newcomers_;
  std::optional<uint32_t> topic_;  // the organization named most often, if it stands out
};

// Resolves the references of a sentence that are not names, where exactly one antecedent fits: the
// organization of whom the same was said, else the one named before in the sentence, else the one
// in focus.  Others stay unresolved.
void ResolveReferences(const Names& names, const Focus& focus, const Descriptions& descriptions,
                       const CoreClasses& classes, Clauses& clauses);

}  // namespace fasti::ingest
