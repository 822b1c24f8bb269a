#include "tools/ingest/names/recognizer.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "tools/ingest/names/nouns.h"
#include "tools/ingest/names/shape.h"

namespace fasti::ingest {
namespace {

// How much each clue says of a type; what is at least kCertain is not overruled by frames.
constexpr int kCertain = 2;
constexpr int kStrong = 3;
constexpr int kDecisive = 10;
// Words that may stand between a common noun and the name it announces: "start-up francese
// Lumera".
constexpr uint32_t kHeadDistanceMax = 3;
constexpr uint32_t kComplementMax = 6;  // of the words between a noun with complement and its name
constexpr size_t kPersonWordsMax = 3;
constexpr int kAgeMin = 18;
constexpr uint32_t kDatelineTokensMax = 12;
constexpr size_t kSpellingsMax = 20;  // of one name in capitals and small letters

// The forms of a name that are spelled alike, and what their neighbours say of their type.
struct Form {
  std::string text;                // as first written
  std::vector<std::string> texts;  // in every spelling
  std::vector<std::string> words;  // lower case
  std::vector<TokenRange> places;
  std::array<int, 8> votes = {};  // by EntityType
  size_t locative = 0;            // how many places stand after "in"
  const Gazetteer::Entry* entry = nullptr;
  uint32_t parent = 0;  // the form it stands for; itself if none

  EntityType type() const {
    const auto best = std::max_element(votes.begin(), votes.end());
    return *best > 0 ? static_cast<EntityType>(best - votes.begin()) : EntityType::kUnknown;
  }
  int weight() const { return *std::max_element(votes.begin(), votes.end()); }
};

class Recognizer {
 public:
  Recognizer(const Document& document, const SenseTable& senses, const Lexicon& lexicon,
             const Gazetteer& gazetteer)
      : document_(document),
        senses_(senses),
        lexicon_(lexicon),
        gazetteer_(gazetteer),
        role_(lexicon.ClassOf("role")),
        head_(lexicon.ClassOf("head")),
        name_suffix_(lexicon.ClassOf("name_suffix")),
        corporate_tail_(lexicon.ClassOf("corporate_tail")),
        name_head_(lexicon.ClassOf("name_head")),
        unit_suffix_(lexicon.ClassOf("unit_suffix")),
        family_(lexicon.ClassOf("family")),
        genitive_(lexicon.ClassOf("genitive")),
        definite_(lexicon.ClassOf("definite")),
        indefinite_(lexicon.ClassOf("indefinite")),
        based_(lexicon.ClassOf("based")),
        adjective_(lexicon.ClassOf("adjective")),
        genitive_ending_(lexicon.ClassOf("genitive_ending")),
        age_(lexicon.ClassOf("age")),
        complement_(lexicon.ClassOf("complement")),
        preposition_(lexicon.ClassOf("preposition")),
        locative_(lexicon.ClassOf("locative")),
        into_whom_(lexicon.ClassOf("into_whom")) {}

  Names Run(const std::vector<NameRun>& runs) {
    for (const NameRun& run : runs) AddRun(run);
    MergeByGazetteer();
    MergeAcronyms(runs);
    MergeGenitives();
    MergeShortForms();
    VoteByPrepositions();
    return Assemble(runs);
  }

 private:
  bool Has(uint32_t token, ClassId id) const {
    return token < senses_.size() && HasSense(senses_, token, id);
  }
  absl::string_view Lower(uint32_t token) const { return document_.tokens[token].lower; }
  bool IsQuote(uint32_t token) const {
    const absl::string_view text = Lower(token);
    return text == "\"" || text == "“" || text == "”" || text == "«" || text == "»" || text == "'";
  }

  void AddRun(const NameRun& run) {
    const std::string text = WithPlainSpaces(document_.TextOf(run.tokens));
    const std::string key = NameKey(text);
    const auto [it, inserted] = by_key_.try_emplace(key, static_cast<uint32_t>(forms_.size()));
    if (inserted) {
      Form form;
      form.text = text;
      form.parent = it->second;
      for (uint32_t i = run.tokens.begin; i < run.tokens.end; ++i) {
        form.words.push_back(document_.tokens[i].lower);
      }
      form.entry = gazetteer_.Find(text);
      VoteByShape(run, form);
      forms_.push_back(std::move(form));
    }
    Form& form = forms_[it->second];
    form.places.push_back(run.tokens);
    if (form.texts.size() < kSpellingsMax &&
        std::find(form.texts.begin(), form.texts.end(), text) == form.texts.end()) {
      form.texts.push_back(text);
    }
    if (run.has_legal) Vote(form, EntityType::kOrganization, kStrong);
    VoteByContext(run.tokens, form);
  }

  static void Vote(Form& form, EntityType type, int weight) {
    form.votes[static_cast<size_t>(type)] += weight;
  }

  void VoteByShape(const NameRun& run, Form& form) const {
    if (form.entry != nullptr) Vote(form, form.entry->type, kDecisive);
    const uint32_t last = run.tokens.end - 1;
    if (IsFamily(run.tokens)) {
      Vote(form, EntityType::kOrganization, kDecisive);
    } else if (run.tokens.size() > 1) {
      const absl::string_view first = document_.TextOf(document_.tokens[run.tokens.begin]);
      if (gazetteer_.IsFirstName(first)) Vote(form, EntityType::kPerson, kStrong);
      if (Has(last, name_suffix_) || Has(run.tokens.begin, name_head_)) {
        Vote(form, EntityType::kOrganization, kCertain);
      }
    }
    if (IsModel(run.tokens)) Vote(form, EntityType::kProduct, kCertain);
  }

  // "the Lindby family", "la famiglia Galvani".
  bool IsFamily(TokenRange name) const {
    return name.size() > 1 && (Has(name.begin, family_) || Has(name.end - 1, family_));
  }

  // "Zeta-4.5", "Zeta 4", "H100", but not "Kilo7" and "B2B", which may be companies.
  bool IsModel(TokenRange tokens) const {
    const absl::string_view tail = document_.TextOf(document_.tokens[tokens.end - 1]);
    if (std::none_of(tail.begin(), tail.end(), absl::ascii_isdigit)) return false;
    if (tokens.size() > 1) return true;
    return absl::ascii_isdigit(tail.back()) &&
           std::none_of(tail.begin(), tail.end(), absl::ascii_islower);
  }

  void VoteByContext(TokenRange place, Form& form) const {
    // "the Denver-based company".
    if (Has(place.end + 1, based_) && Lower(place.end) == "-") {
      Vote(form, EntityType::kPlace, kStrong);
    }
    VoteByNounBefore(place.begin, place, form);
    VoteByNounBehindHyphen(place, form);
    VoteByApposition(place, form);
    VoteByAge(place, form);
    VoteByDateline(place, form);
    form.locative += IsLocative(place.begin);
  }

  // "in Carrow", but not "invested in Carrow".
  bool IsLocative(uint32_t begin) const {
    return begin > 0 && Has(begin - 1, locative_) && (begin < 2 || !Has(begin - 2, into_whom_));
  }

  // "CARROW, 3 May (Agency) - ...", "Carrow – The company ...": a place begins the text.
  void VoteByDateline(TokenRange place, Form& form) const {
    const TokenRange sentence = document_.sentences[document_.SentenceOf(place.begin)].tokens;
    if (place.begin != sentence.begin || place.end >= sentence.end) return;
    if (Lower(place.end) != "," && Lower(place.end) != "(") return;
    bool dated = false;
    const uint32_t limit = std::min(sentence.end, place.end + kDatelineTokensMax);
    for (uint32_t i = place.end; i < limit; ++i) {
      dated |= document_.tokens[i].kind == TokenKind::kNumber;
      const bool dash = Lower(i) == "-" || Lower(i) == "–" || Lower(i) == "—";
      if (dash && !document_.tokens[i].glued) {
        if (dated) Vote(form, EntityType::kPlace, kStrong);
        return;
      }
    }
  }

  // "Mara Bellini, 54, ...", "Mara Bellini (54) ...".
  void VoteByAge(TokenRange place, Form& form) const {
    const uint32_t limit = document_.sentences[document_.SentenceOf(place.begin)].tokens.end;
    if (place.size() < 2 || place.end + 2 >= limit) return;
    if (Lower(place.end) != "," && Lower(place.end) != "(") return;
    const absl::string_view age = document_.TextOf(document_.tokens[place.end + 1]);
    int years = 0;
    if (age.size() != 2 || !absl::SimpleAtoi(age, &years) || years < kAgeMin) return;
    const absl::string_view after = Lower(place.end + 2);
    if (after == "," || after == ")" || Has(place.end + 2, age_)) {
      Vote(form, EntityType::kPerson, kStrong);
    }
  }

  // "il CEO Mario Rossi", "la start-up francese Lumera AI", "il progetto \"Aurora\"", "il
  // direttore finanziario, Mario Rossi, ".  `end`: where the noun must end.
  void VoteByNounBefore(uint32_t end, TokenRange place, Form& form) const {
    const Sentence& sentence = document_.sentences[document_.SentenceOf(place.begin)];
    const bool enclosed = place.end >= sentence.tokens.end || Lower(place.end) == "," ||
                          Lower(place.end) == "." || Lower(place.end) == ")";
    for (uint32_t distance = 1; distance <= kHeadDistanceMax; ++distance) {
      if (end < sentence.tokens.begin + distance) return;
      const uint32_t at = end - distance;
      if (IsQuote(at)) continue;
      if (distance == 1 && end == place.begin && Lower(at) == "," && enclosed) {
        return VoteByNounBefore(at, place, form);
      }
      for (const Sense& sense : senses_[at]) {
        if (sense.length > distance) continue;
        if (sense.word_class == role_ && sense.length == distance) {
          return Vote(form, EntityType::kPerson, kStrong);
        }
        if (sense.word_class == head_) return VoteForHead(sense, form);
      }
      // Anything known that is not a noun ends the noun phrase.
      const bool filler = senses_[at].empty() || Has(at, adjective_);
      if (document_.tokens[at].kind != TokenKind::kWord || !filler) break;
    }
    if (end == place.begin) VoteByHeadWithComplement(sentence.tokens.begin, place, form);
  }

  // "il produttore di chip Lumera".
  void VoteByHeadWithComplement(uint32_t begin, TokenRange place, Form& form) const {
    for (uint32_t at = place.begin; at-- > begin + 1 && place.begin - at <= kComplementMax;) {
      if (document_.tokens[at].kind != TokenKind::kWord) return;
      if (place.begin - at > 1 && Has(at, complement_)) {
        for (const Sense& sense : senses_[at - 1]) {
          if (sense.word_class == head_) return VoteForHead(sense, form);
        }
        return;
      }
      const bool plain =
          std::none_of(senses_[at].begin(), senses_[at].end(), [&](const Sense& sense) {
            return sense.form != VerbForm::kNotVerb || sense.word_class == preposition_ ||
                   sense.word_class == definite_ || sense.word_class == role_;
          });
      if (!plain || document_.tokens[at].capitalized) return;
    }
  }

  // "der Alvena-Konzern"; but "das Alvena-Modell" is none of Alvena's type.
  void VoteByNounBehindHyphen(TokenRange place, Form& form) const {
    const uint32_t noun = place.end + 1;
    if (noun >= senses_.size() || Lower(place.end) != "-" || !document_.tokens[noun].glued) return;
    for (const Sense& sense : senses_[noun]) {
      if (sense.word_class != head_ || sense.canonical < 0) continue;
      const auto type = EntityTypeFromName(lexicon_.Canonical(sense.canonical));
      if (type == EntityType::kOrganization) Vote(form, *type, kCertain);
    }
  }

  // "Boreal AI, un'azienda ...", "Mario Rossi, CEO di ...".
  void VoteByApposition(TokenRange place, Form& form) const {
    uint32_t at = place.end;
    const uint32_t limit = document_.sentences[document_.SentenceOf(place.begin)].tokens.end;
    while (at < limit && IsQuote(at)) ++at;
    if (at + 1 >= limit || Lower(at) != ",") return;
    ++at;
    for (uint32_t step = 0; step < kHeadDistanceMax && at < limit; ++step, ++at) {
      for (const Sense& sense : senses_[at]) {
        if (sense.word_class == role_) return Vote(form, EntityType::kPerson, kCertain);
        if (sense.word_class == head_ && step > 0) return VoteForHead(sense, form);
      }
      const bool filler =
          senses_[at].empty() || Has(at, definite_) || Has(at, indefinite_) || Has(at, adjective_);
      if (!filler || document_.tokens[at].kind != TokenKind::kWord) return;
    }
  }

  void VoteForHead(const Sense& sense, Form& form) const {
    if (sense.canonical < 0) return;
    const std::optional<EntityType> type = EntityTypeFromName(lexicon_.Canonical(sense.canonical));
    if (type) Vote(form, *type, kCertain);
  }

  uint32_t Root(uint32_t form) const {
    while (forms_[form].parent != form) form = forms_[form].parent;
    return form;
  }

  void Merge(uint32_t child, uint32_t parent) {
    child = Root(child);
    parent = Root(parent);
    if (child == parent) return;
    forms_[child].parent = parent;
    for (size_t i = 0; i < forms_[parent].votes.size(); ++i) {
      forms_[parent].votes[i] += forms_[child].votes[i];
    }
    if (forms_[parent].entry == nullptr) forms_[parent].entry = forms_[child].entry;
  }

  void MergeByGazetteer() {
    absl::flat_hash_map<std::string, uint32_t> by_name;
    for (uint32_t i = 0; i < forms_.size(); ++i) {
      if (forms_[i].entry == nullptr) continue;
      const auto [it, inserted] = by_name.try_emplace(forms_[i].entry->name, i);
      if (!inserted) Merge(i, it->second);
    }
  }

  // "Carrow Web Services (CWS)".
  void MergeAcronyms(const std::vector<NameRun>& runs) {
    for (size_t i = 1; i < runs.size(); ++i) {
      const TokenRange full = runs[i - 1].tokens;
      const TokenRange acronym = runs[i].tokens;
      if (acronym.size() != 1 || full.size() < 2 || acronym.begin != full.end + 1) continue;
      if (Lower(full.end) != "(") continue;
      std::string initials;
      for (uint32_t t = full.begin; t < full.end; ++t) {
        if (document_.tokens[t].capitalized) initials += Lower(t)[0];
      }
      if (initials == Lower(acronym.begin)) Merge(FormAt(acronym), FormAt(full));
    }
  }

  // "Alvenas": the genitive of a name that the article has without its ending.  "Fuller's" is what
  // "Fuller" names in "Fuller's profit".
  void MergeGenitives() {
    for (uint32_t i = 0; i < forms_.size(); ++i) {
      const std::string& last = forms_[i].words.back();
      if (const TokenRange place = forms_[i].places.front(); Has(place.end - 1, genitive_)) {
        const TokenRange owner = {place.begin, place.end - 1};
        const auto found = by_key_.find(NameKey(document_.TextOf(owner)));
        if (found != by_key_.end()) Merge(found->second, i);
      }
      if (last.size() < 3 || forms_[i].entry != nullptr) continue;
      const absl::string_view ending = absl::string_view(last).substr(last.size() - 1);
      const Senses senses = lexicon_.Find(absl::MakeConstSpan(&ending, 1));
      const bool genitive = std::any_of(senses.begin(), senses.end(), [&](const Sense& sense) {
        return sense.word_class == genitive_ending_;
      });
      if (!genitive || genitive_ending_ == kNoClass) continue;
      const std::string& text = forms_[i].text;
      const auto found = by_key_.find(NameKey(absl::string_view(text).substr(0, text.size() - 1)));
      if (found != by_key_.end()) Merge(i, found->second);
    }
  }

  // What is never named but after "in" is a place, unless something says otherwise.
  void VoteByPrepositions() {
    for (uint32_t i = 0; i < forms_.size(); ++i) {
      Form& form = forms_[i];
      const bool merged = forms_[Root(i)].places.size() != form.places.size();
      if (form.type() == EntityType::kUnknown && !merged && form.locative == form.places.size()) {
        Vote(form, EntityType::kPlace, 1);
      }
    }
  }

  uint32_t FormAt(TokenRange tokens) const {
    return by_key_.find(NameKey(document_.TextOf(tokens)))->second;
  }

  // A form that is part of exactly one longer one in the way short forms are.
  void MergeShortForms() {
    const absl::flat_hash_map<std::string, std::vector<uint32_t>> longer = IndexParts();
    for (uint32_t i = 0; i < forms_.size(); ++i) {
      const auto wholes = longer.find(absl::StrJoin(forms_[i].words, " "));
      if (wholes == longer.end() || Root(i) != i) continue;
      std::optional<uint32_t> whole;
      bool several = false;
      for (uint32_t k : wholes->second) {
        if (Root(k) == i || !IsShortFor(forms_[i], forms_[k])) continue;
        if (whole && Root(*whole) != Root(k)) several = true;
        whole = k;
      }
      if (!whole || several) continue;
      if (forms_[i].words.back() == forms_[*whole].words.back() &&
          forms_[Root(*whole)].type() == EntityType::kUnknown) {
        // Who is called by the last word alone is a person, or a "Banca Cavour".
        const bool headed = Has(forms_[*whole].places.front().begin, name_head_);
        Vote(forms_[Root(*whole)], headed ? EntityType::kOrganization : EntityType::kPerson,
             kCertain);
      }
      Merge(i, *whole);
    }
  }

  // The forms by what they begin or end with.
  absl::flat_hash_map<std::string, std::vector<uint32_t>> IndexParts() const {
    absl::flat_hash_map<std::string, std::vector<uint32_t>> index;
    for (uint32_t i = 0; i < forms_.size(); ++i) {
      const auto words = absl::MakeConstSpan(forms_[i].words);
      const auto add = [&](absl::Span<const std::string> part) {
        std::vector<uint32_t>& wholes = index[absl::StrJoin(part, " ")];
        if (wholes.empty() || wholes.back() != i) wholes.push_back(i);
      };
      for (size_t length = 1; length < words.size(); ++length) {
        add(words.first(length));
        add(words.last(length));
      }
    }
    return index;
  }

  bool IsShortFor(const Form& part, const Form& whole) const {
    if (part.words.size() >= whole.words.size()) return false;
    // Two listed entities are never one.
    if (part.entry != nullptr && whole.entry != nullptr) return false;
    if (IsFamily(whole.places.front())) return false;
    const EntityType type = forms_[Root(by_key_.find(NameKey(whole.text))->second)].type();
    const bool ends_alike =
        std::equal(part.words.rbegin(), part.words.rend(), whole.words.rbegin());
    if (type == EntityType::kPerson) {
      const bool other = part.weight() >= kCertain && part.type() != EntityType::kPerson;
      return !other && ends_alike;
    }
    if (type == EntityType::kProduct || type == EntityType::kPlace) return false;
    // A short form takes up what was told in full; the other way round they are two.
    const bool later = whole.places.front().begin < part.places.front().begin;
    if (ends_alike) return later && IsSurnameOf(part, whole);
    if (!std::equal(part.words.begin(), part.words.end(), whole.words.begin())) return false;
    return AreTails(whole, part.words.size()) || (later && !NamesUnit(whole, part.words.size()));
  }

  // "Lindqvist" after "Maya Lindqvist"; "Cavour" after "Banca Cavour".
  bool IsSurnameOf(const Form& part, const Form& whole) const {
    return part.words.size() == 1 && whole.words.size() <= kPersonWordsMax &&
           part.type() == EntityType::kUnknown;
  }

  // Whether a word after the first `from` makes it a part of what they name: "Alvena Cloud".
  bool NamesUnit(const Form& form, size_t from) const {
    const TokenRange place = form.places.front();
    for (uint32_t t = place.begin + static_cast<uint32_t>(from); t < place.end; ++t) {
      if (Has(t, unit_suffix_)) return true;
    }
    return false;
  }

  // Whether all words after the first `from` say only that it is a company.
  bool AreTails(const Form& form, size_t from) const {
    const TokenRange place = form.places.front();
    for (uint32_t t = place.begin + static_cast<uint32_t>(from); t < place.end; ++t) {
      if (!Has(t, corporate_tail_)) return false;
    }
    return true;
  }

  Names Assemble(const std::vector<NameRun>& runs) {
    Names names;
    std::map<uint32_t, uint32_t> entity_of;  // by root form
    const std::vector<const Form*> longest = LongestForms();
    for (uint32_t i = 0; i < forms_.size(); ++i) {
      const uint32_t root = Root(i);
      const auto [it, inserted] =
          entity_of.try_emplace(root, static_cast<uint32_t>(names.entities.size()));
      if (inserted) {
        NamedEntity entity;
        entity.type = forms_[root].type();
        entity.type_certain = forms_[root].weight() >= kCertain;
        const Form& form = forms_[root];
        entity.no_company =
            (form.entry != nullptr && form.entry->media) || IsFamily(form.places.front());
        entity.name = CanonicalName(forms_[root], *longest[root]);
        names.entities.push_back(std::move(entity));
      }
      std::vector<std::string>& forms = names.entities[it->second].forms;
      forms.insert(forms.end(), forms_[i].texts.begin(), forms_[i].texts.end());
    }
    for (const NameRun& run : runs) {
      names.mentions.push_back({run.tokens, entity_of[Root(FormAt(run.tokens))]});
      ++names.entities[names.mentions.back().entity].mentions;
    }
    return names;
  }

  // By root form: that of its forms which has most words.
  std::vector<const Form*> LongestForms() const {
    std::vector<const Form*> longest;
    longest.reserve(forms_.size());
    for (const Form& form : forms_) longest.push_back(&form);
    for (uint32_t i = 0; i < forms_.size(); ++i) {
      const Form*& best = longest[Root(i)];
      if (forms_[i].words.size() > best->words.size()) best = &forms_[i];
    }
    return longest;
  }

  // The listed name, or the longest form without the words that only say "company".
  std::string CanonicalName(const Form& root, const Form& longest) const {
    if (root.entry != nullptr) return root.entry->name;
    TokenRange place = longest.places.front();
    while (place.size() > 1 && Has(place.end - 1, corporate_tail_)) --place.end;
    return WithPlainSpaces(document_.TextOf(place));
  }

  const Document& document_;
  const SenseTable& senses_;
  const Lexicon& lexicon_;
  const Gazetteer& gazetteer_;
  const ClassId role_, head_, name_suffix_, corporate_tail_, name_head_, unit_suffix_, family_,
      genitive_;
  const ClassId definite_, indefinite_, based_, adjective_, genitive_ending_, age_, complement_;
  const ClassId preposition_, locative_, into_whom_;
  std::vector<Form> forms_;
  absl::flat_hash_map<std::string, uint32_t> by_key_;
};

bool IsAcronym(absl::string_view text) {
  return text.size() > 1 && std::all_of(text.begin(), text.end(), absl::ascii_isupper);
}

}  // namespace

namespace {

// Where nouns are capitalized, a capital within a sentence makes no verb, and an unknown word with
// one may be a compound.
void ReadAsNoun(const Document& document, const Lexicon& lexicon, TokenRange sentence, uint32_t at,
                Senses& senses) {
  const Token& token = document.tokens[at];
  if (!token.capitalized || token.kind != TokenKind::kWord) return;
  const bool opens = at == sentence.begin ||
                     (document.tokens[at - 1].kind == TokenKind::kPunctuation &&
                      document.tokens[at - 1].lower != "-") ||
                     document.tokens[at - 1].kind == TokenKind::kSymbol;
  if (!opens) {
    EraseSenses(senses, [](const Sense& sense) { return sense.form != VerbForm::kNotVerb; });
  }
  if (!senses.empty() && (opens || senses.front().length > 1)) return;
  for (const Sense& sense : lexicon.FindCompound(token.lower).senses) senses.push_back(sense);
}

}  // namespace

SenseTable FindSenses(const Document& document, const Lexicon& lexicon) {
  SenseTable table(document.tokens.size());
  // "AI" in capitals is not the Italian "ai".
  const ClassId not_name = lexicon.ClassOf("not_name");
  const ClassId small[] = {lexicon.ClassOf("preposition"), lexicon.ClassOf("definite"),
                           lexicon.ClassOf("to"), lexicon.ClassOf("pronoun")};
  const auto is_small = [&](const Sense& sense) {
    return std::find(std::begin(small), std::end(small), sense.word_class) != std::end(small);
  };
  const ClassId articles[] = {lexicon.ClassOf("preposition"), lexicon.ClassOf("definite"),
                              lexicon.ClassOf("indefinite")};
  const auto is_article = [&](const Sense& sense) {
    return std::find(std::begin(articles), std::end(articles), sense.word_class) !=
           std::end(articles);
  };
  const bool nouns = CapitalizesNouns(lexicon);
  for (const Sentence& sentence : document.sentences) {
    for (uint32_t i = sentence.tokens.begin; i < sentence.tokens.end; ++i) {
      table[i] =
          lexicon.Find(absl::MakeConstSpan(document.tokens).subspan(i, sentence.tokens.end - i));
      if (IsAcronym(document.TextOf(document.tokens[i])) && HasSense(table, i, not_name)) {
        EraseSenses(table[i], is_small);
      }
      // The "A" of "Series A" is no article.
      const bool letter = i > sentence.tokens.begin && document.tokens[i].capitalized &&
                          document.tokens[i].lower.size() == 1 &&
                          document.tokens[i - 1].kind == TokenKind::kWord;
      if (letter) EraseSenses(table[i], is_article);
      if (nouns) ReadAsNoun(document, lexicon, sentence.tokens, i, table[i]);
    }
  }
  return table;
}

Names FindNames(const Document& document, const SenseTable& senses, const std::vector<bool>& taken,
                const Lexicon& lexicon, const Gazetteer& gazetteer) {
  const std::vector<NameRun> runs = FindNameRuns(document, senses, taken, lexicon, gazetteer);
  return Recognizer(document, senses, lexicon, gazetteer).Run(runs);
}

}  // namespace fasti::ingest
