#include "tools/ingest/names/nouns.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "tools/ingest/names/shape.h"

namespace fasti::ingest {
namespace {

// What each clue weighs: above zero for a name, below for a noun.
constexpr int kListed = 20;
constexpr int kLegalForm = 6;
constexpr int kAnnounced = 4;
constexpr int kPrefield = 3;
constexpr int kSpelling = 3;
constexpr int kSubject = 2;
constexpr int kCompanion = 2;  // another unknown word with a capital beside it
constexpr int kBare = 1;       // no article where a noun would have one
constexpr int kArticle = -1;
constexpr int kInflected = -2;   // an adjective before it
constexpr int kIndefinite = -4;  // "ein", "seine", "kein"
constexpr int kEnding = -3;
constexpr int kCompound = -4;
constexpr int kWrittenSmall = -5;
constexpr int kKnown = -8;
constexpr int kArticlesMax = 3;  // more articles say no more
constexpr size_t kEndingMin = 3;
constexpr size_t kEndingMax = 7;
constexpr uint32_t kPrefieldMax = 4;  // words from the first of a sentence to the noun
constexpr int kPairMin = 2;           // places of "Alvena Leben" that make one name of it

struct Evidence {
  int weight = 0;
  int articles = 0;
};

class NounFinder {
 public:
  NounFinder(const Document& document, const SenseTable& senses, const std::vector<bool>& taken,
             const Lexicon& lexicon, const Gazetteer& gazetteer)
      : document_(document),
        senses_(senses),
        taken_(taken),
        lexicon_(lexicon),
        gazetteer_(gazetteer),
        noun_(lexicon.ClassOf("noun")),
        noun_ending_(lexicon.ClassOf("noun_ending")),
        head_(lexicon.ClassOf("head")),
        role_(lexicon.ClassOf("role")),
        division_(lexicon.ClassOf("division")),
        name_suffix_(lexicon.ClassOf("name_suffix")),
        name_head_(lexicon.ClassOf("name_head")),
        legal_(lexicon.ClassOf("legal")),
        definite_(lexicon.ClassOf("definite")),
        indefinite_(lexicon.ClassOf("indefinite")),
        possessive_(lexicon.ClassOf("possessive")),
        negation_(lexicon.ClassOf("negation")),
        adjective_(lexicon.ClassOf("adjective")),
        preposition_(lexicon.ClassOf("preposition")),
        conjunction_(lexicon.ClassOf("conjunction")),
        be_(lexicon.ClassOf("be")),
        adjective_ending_(lexicon.ClassOf("adjective_ending")),
        demonym_ending_(lexicon.ClassOf("demonym_ending")),
        genitive_ending_(lexicon.ClassOf("genitive_ending")) {}

  std::vector<bool> Run() {
    const uint32_t size = static_cast<uint32_t>(document_.tokens.size());
    std::vector<bool> common(size);
    for (const Token& token : document_.tokens) {
      if (token.kind == TokenKind::kWord)
        (token.capitalized ? capitals_ : small_).insert(token.lower);
    }
    for (const Sentence& sentence : document_.sentences) {
      for (uint32_t i = sentence.tokens.begin; i < sentence.tokens.end; ++i) {
        if (IsCapitalized(i)) Weigh(i, sentence.tokens);
      }
    }
    for (uint32_t i = 0; i < size; ++i) {
      common[i] = IsCapitalized(i) && evidence_[KeyOf(i)].weight <= 0;
    }
    for (const Sentence& sentence : document_.sentences) {
      for (uint32_t i = sentence.tokens.begin; i + 1 < sentence.tokens.end; ++i) {
        if (IsDemonym(i, sentence.tokens)) common[i] = true;
      }
    }
    JoinPairs(common);
    return common;
  }

 private:
  const Token& At(uint32_t i) const { return document_.tokens[i]; }
  bool Has(uint32_t i, ClassId id) const { return HasSense(senses_, i, id); }
  bool IsCapitalized(uint32_t i) const {
    return At(i).kind == TokenKind::kWord && At(i).capitalized && !taken_[i];
  }
  // The word under which its evidence is kept: "Alvenas" is the genitive of "Alvena".
  absl::string_view KeyOf(uint32_t i) const {
    const absl::string_view word = At(i).lower;
    if (!EndsIn(word, genitive_ending_, 1, 1)) return word;
    const absl::string_view stem = word.substr(0, word.size() - 1);
    return capitals_.contains(stem) ? stem : word;
  }

  // Whether a longest ending of the word is of class `id`.
  bool EndsIn(absl::string_view word, ClassId id, size_t min, size_t max) const {
    for (size_t length = min; length <= max && length + 2 < word.size(); ++length) {
      const absl::string_view ending = word.substr(word.size() - length);
      for (const Sense& sense : lexicon_.Find(absl::MakeConstSpan(&ending, 1))) {
        if (sense.word_class == id) return true;
      }
    }
    return false;
  }

  bool IsKnownNoun(uint32_t i) const {
    return std::any_of(senses_[i].begin(), senses_[i].end(), [&](const Sense& sense) {
      return sense.form == VerbForm::kNotVerb && sense.word_class != name_suffix_ &&
             sense.word_class != name_head_ && sense.word_class != legal_;
    });
  }

  int WeighWord(uint32_t i) const {
    const absl::string_view text = document_.TextOf(At(i));
    const std::string& lower = At(i).lower;
    int weight = 0;
    if (gazetteer_.Find(text) != nullptr || gazetteer_.IsFirstName(text)) weight += kListed;
    const bool has_digit = std::any_of(text.begin(), text.end(), absl::ascii_isdigit);
    const bool inner_capital =
        text.size() > 1 && std::any_of(text.begin() + 1, text.end(), absl::ascii_isupper);
    if (has_digit || inner_capital) weight += kSpelling;
    if (IsKnownNoun(i)) {
      const Lexicon::Compound compound = lexicon_.FindCompound(lower);
      weight += compound.whole || compound.senses.empty() ? kKnown : kCompound;
    } else if (EndsIn(lower, noun_ending_, kEndingMin, kEndingMax)) {
      weight += kEnding;
    }
    if (small_.contains(lower)) weight += kWrittenSmall;
    return weight;
  }

  void Weigh(uint32_t i, TokenRange sentence) {
    const auto [it, inserted] = evidence_.try_emplace(KeyOf(i));
    Evidence& evidence = it->second;
    if (inserted) evidence.weight = WeighWord(i);
    const bool first = i == sentence.begin;
    uint32_t before = i;
    while (before > sentence.begin && IsQuote(before - 1)) --before;
    const bool quoted = before != i;
    if (before == sentence.begin) {
      if (ReadsAsSubject(i, sentence)) evidence.weight += kBare;
    } else if (!IsPartOfCompound(i, sentence) || Has(i + 2, head_)) {
      // What stands before "Alvena-Konzern" may as well belong to the noun.
      const int weight = evidence.weight;
      WeighBefore(i, before - 1, quoted, sentence, evidence);
      if (IsPartOfCompound(i, sentence)) {
        evidence.weight = std::max(evidence.weight, weight + kArticle);
      }
    }
    if (i + 1 < sentence.end) WeighAfter(i, first, sentence, evidence);
  }

  // "Alvena-Chef": what stands before belongs to the noun.
  bool IsPartOfCompound(uint32_t i, TokenRange sentence) const {
    return i + 2 < sentence.end && At(i + 1).lower == "-" && At(i + 1).glued && At(i + 2).glued &&
           IsCapitalized(i + 2) && IsKnownNoun(i + 2);
  }

  void WeighBefore(uint32_t i, uint32_t before, bool quoted, TokenRange sentence,
                   Evidence& evidence) const {
    if (taken_[before]) {
      if (EndsTime(before)) evidence.weight += kBare;
      return;
    }
    if (IsCapitalized(before)) {
      if (gazetteer_.IsFirstName(document_.TextOf(At(before)))) {
        evidence.weight += kListed;  // "Ruth Adler"
        return;
      }
      // "Hersteller Alvena", "Vorstandschef Bellini"; two unknown words are a name together.
      if (Has(before, head_) || Has(before, role_) || Has(before, division_)) {
        evidence.weight += kAnnounced;
        if (SharesPrefield(i, before, sentence)) evidence.weight += kPrefield;
      } else if (!IsKnownNoun(before) && before > sentence.begin) {
        evidence.weight += kCompanion;
      } else if (IsKnownNoun(before) && Has(before, noun_)) {
        evidence.weight += kBare;
      }
      return;
    }
    if (At(before).lower == "-" && At(before).glued && before > sentence.begin &&
        IsCapitalized(before - 1) && !IsKnownNoun(i) && !IsKnownNoun(before - 1)) {
      evidence.weight += kCompanion;  // "Brandt-Olbers"
      return;
    }
    if (Has(before, indefinite_) || Has(before, possessive_) || Has(before, negation_)) {
      evidence.weight += kIndefinite;
    } else if (Has(before, definite_)) {
      if (evidence.articles++ < kArticlesMax && !quoted) evidence.weight += kArticle;
    } else if (IsInflectedAdjective(before)) {
      evidence.weight += kInflected;
    } else if (Has(before, preposition_)) {
      evidence.weight += kBare;
    } else if (BeginsFiniteVerb(before)) {
      evidence.weight += kBare;
    } else {
      if (i + 1 < sentence.end && BeginsFiniteVerb(i + 1)) {
        evidence.weight += kSubject;
      } else if (IsListed(i, sentence) || At(before).lower == "&") {
        evidence.weight += kBare;
      }
    }
  }

  // "Der Energiekonzern Nordkraft beschäftigt": before the verb of a main clause stands one phrase,
  // so a word after its noun is a name.
  bool SharesPrefield(uint32_t i, uint32_t noun, TokenRange sentence) const {
    if (i + 1 >= sentence.end || !BeginsFiniteVerb(i + 1)) return false;
    if (noun > sentence.begin + kPrefieldMax || !Has(sentence.begin, definite_)) return false;
    for (uint32_t k = sentence.begin + 1; k < noun; ++k) {
      if (At(k).kind != TokenKind::kWord || Has(k, preposition_) || BeginsFiniteVerb(k)) {
        return false;
      }
    }
    return true;
  }

  // Of what is taken: "im Oktober", "am 5. Oktober", "2024", but no figure, which counts what
  // follows: "20 Millionen Euro".
  bool EndsTime(uint32_t i) const {
    const absl::string_view text = document_.TextOf(At(i));
    if (At(i).kind == TokenKind::kNumber) {
      return text.size() == 4 && (absl::StartsWith(text, "19") || absl::StartsWith(text, "20"));
    }
    const bool alone =
        i == 0 || !taken_[i - 1] || At(i - 1).lower == "." || Has(i - 1, preposition_);
    return At(i).capitalized && alone;
  }

  // "BMW, Alvena und Boreal": without article between other names.
  bool IsListed(uint32_t i, TokenRange sentence) const {
    if (i + 1 >= sentence.end) return true;
    return At(i + 1).lower == "," || At(i + 1).lower == "." || At(i + 1).lower == ")" ||
           Has(i + 1, conjunction_);
  }

  void WeighAfter(uint32_t i, bool first, TokenRange sentence, Evidence& evidence) const {
    const uint32_t next = i + 1;
    if (IsLegalForm(document_, senses_, next, legal_)) evidence.weight += kLegalForm;
    if (IsCapitalized(next) && !IsKnownNoun(next) && !(first && IsKnownNoun(i))) {
      evidence.weight += kCompanion;
    }
    if (IsPartOfCompound(i, sentence)) evidence.weight += kBare;
    // "Alvena Bank", "Alvena & Boreal".
    const bool joint = At(next).lower == "&" || (At(next).lower == "-" && At(next).glued);
    const bool joined =
        joint && next + 1 < sentence.end && IsCapitalized(next + 1) && !IsKnownNoun(next + 1);
    if (joined || (IsCapitalized(next) && Has(next, name_suffix_))) {
      evidence.weight += kCompanion;
    }
  }

  // "Alvena übernimmt", "Alvena und Boreal", "Alvena, ein Hersteller".
  bool ReadsAsSubject(uint32_t i, TokenRange sentence) const {
    if (i + 2 >= sentence.end) return false;
    // "Attraktiv ist das Angebot": what opens a sentence before "be" may be an adjective.
    if (Has(i + 1, be_)) return false;
    if (BeginsFiniteVerb(i + 1) || At(i + 1).lower == "(") return true;
    if (Has(i + 1, conjunction_)) return IsCapitalized(i + 2) && !IsKnownNoun(i + 2);
    return At(i + 1).lower == "," &&
           (Has(i + 2, indefinite_) || Has(i + 2, definite_) || Has(i + 2, role_));
  }

  bool IsQuote(uint32_t i) const {
    const absl::string_view text = At(i).lower;
    return text == "\"" || text == "“" || text == "”" || text == "„" || text == "«" ||
           text == "»" || text == "›" || text == "‹";
  }

  bool BeginsFiniteVerb(uint32_t i) const {
    return !At(i).capitalized &&
           std::any_of(senses_[i].begin(), senses_[i].end(),
                       [](const Sense& sense) { return IsFinite(sense.form); });
  }

  bool IsInflectedAdjective(uint32_t i) const {
    if (At(i).kind != TokenKind::kWord || At(i).capitalized) return false;
    if (Has(i, adjective_)) return true;
    return senses_[i].empty() && EndsIn(At(i).lower, adjective_ending_, 1, 2);
  }

  // "Hamburger Konzern": a name of a place that is an adjective.
  bool IsDemonym(uint32_t i, TokenRange sentence) const {
    if (!IsCapitalized(i) || !IsCapitalized(i + 1) || i + 1 >= sentence.end) return false;
    return EndsIn(At(i).lower, demonym_ending_, 1, 3) && IsKnownNoun(i + 1) &&
           !Has(i + 1, name_suffix_) && !gazetteer_.IsFirstName(document_.TextOf(At(i)));
  }

  // "Alvena Leben": a noun that keeps following the same name is part of it.
  void JoinPairs(std::vector<bool>& common) const {
    absl::flat_hash_map<std::pair<absl::string_view, absl::string_view>, int> pairs;
    const auto is_pair = [&](uint32_t i) {
      return i + 1 < common.size() && IsCapitalized(i) && IsCapitalized(i + 1) && !common[i] &&
             common[i + 1] && !Has(i + 1, role_);
    };
    for (uint32_t i = 0; i < common.size(); ++i) {
      if (is_pair(i)) ++pairs[{KeyOf(i), KeyOf(i + 1)}];
    }
    std::vector<uint32_t> joined;
    for (uint32_t i = 0; i < common.size(); ++i) {
      if (is_pair(i) && (pairs[{KeyOf(i), KeyOf(i + 1)}] >= kPairMin || Has(i + 1, name_suffix_))) {
        joined.push_back(i + 1);
      }
    }
    for (uint32_t i : joined) common[i] = false;
  }

  const Document& document_;
  const SenseTable& senses_;
  const std::vector<bool>& taken_;
  const Lexicon& lexicon_;
  const Gazetteer& gazetteer_;
  const ClassId noun_, noun_ending_, head_, role_, division_, name_suffix_, name_head_, legal_;
  const ClassId definite_, indefinite_, possessive_, negation_, adjective_, preposition_;
  const ClassId conjunction_, be_, adjective_ending_, demonym_ending_, genitive_ending_;
  absl::flat_hash_set<std::string> capitals_;
  absl::flat_hash_set<std::string> small_;  // words that the article also writes small
  absl::flat_hash_map<std::string, Evidence> evidence_;
};

}  // namespace

bool CapitalizesNouns(const Lexicon& lexicon) {
  return lexicon.ClassOf("noun") != kNoClass;
}

std::vector<bool> FindCommonNouns(const Document& document, const SenseTable& senses,
                                  const std::vector<bool>& taken, const Lexicon& lexicon,
                                  const Gazetteer& gazetteer) {
  if (!CapitalizesNouns(lexicon)) return std::vector<bool>(document.tokens.size());
  return NounFinder(document, senses, taken, lexicon, gazetteer).Run();
}

}  // namespace fasti::ingest
